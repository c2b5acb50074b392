### Pailot 自己为个人目录做的事。

log-kept = <i>OpenPAI 上已经没有这份日志了，这是当时存到你个人目录里的末尾部分（最多 256 KB）。</i>

## 定时统计的空间

du-all-title = <b>个人目录</b>：{ $count } 个，共 { SIZE($bytes) }
du-all-one = { SIZE($bytes) }{ GIVEN($complete) ->
    [yes] {""}
   *[no] （或更多）
} · { $name } · <code>{ $folder }</code> · { AGO($age) }统计
du-all-more = ……另有 { $count } 个较小的。
button-du-all = 按人查看
alert-quota = 💾 <b>{ GIVEN($over) ->
    [yes] 你的个人目录超过配额了
   *[no] 你的个人目录快满了
}</b>：配额 { SIZE($quota) }，已用 { SIZE($used) }。/du 看什么占空间，/rm 后再 <code>/trash empty</code> 就能腾出来。
alert-quota-of = 💾 <b>{ $name }</b> { GIVEN($over) ->
    [yes] 的个人目录超过配额了
   *[no] 的个人目录快用完配额了
}：{ SIZE($used) } / { SIZE($quota) }。<code>/du all</code> 看所有人的。
alert-storage_low = 💾 <b>存储服务器快满了</b>：共 { SIZE($total) }，只剩 { SIZE($free) }。<code>/du all</code> 看每个人用了多少。
alert-storage_full = 🚨 <b>存储服务器满了</b>：共 { SIZE($total) }，只剩 { SIZE($free) }，任务现在存不了结果。请腾出能腾的空间：/du、/rm、<code>/trash empty</code>。
unread-title = 🕸 <b>这些还要吗？</b>你个人目录里有 { $count } 个目录（共 { SIZE($bytes) }）{ $days } 天没有人读过或改过。
unread-how = 看一看，不要的删掉；删掉后会在回收站里留 7 天。
unread-kept = 好的，留着。{ $days } 天内不再提醒。
button-unread-show = 📁 { $name }
button-unread-keep = 都留着

## 任务里的路径

button-repair-path = 改用 { $path }
mount-no-storage = OpenPAI 上没有你能用的存储，所以 <code>mount=plugin</code> 用不了。去掉 <code>mount=</code>，或者问管理员。
check-image-mount = ⚠️ { GIVEN($ours) ->
    [yes] 镜像 <code>{ $image }</code> 里没有 nfs-common：每次启动都要现装，得花一分钟，还要能联网。最好装进镜像里。
   *[no] 命令要挂载 NFS，而镜像 <code>{ $image }</code> 里没有 nfs-common。请在前面加上 <code>apt update &amp;&amp; apt install -y nfs-common</code>。
}

## 属于别的账号的文件

files-not-ours = 存储服务器不让 Pailot 的账号（<code>{ $account }</code>）动 <code>{ $path }</code>：多半是任务用另一个身份写的，没给别人权限。下面两个办法都行：
    在任务里运行：<pre>{ $job }</pre>
    或由管理员在存储服务器上运行：<pre>{ $admin }</pre>
    用 /run 挂载目录的任务，写出的文件同组的人都能改。
trash-failed = ⚠️ 没能清除：<code>{ $paths }</code>。里面有任务用另一个身份写的文件，先留在回收站里；管理员在存储服务器上运行下面的命令就能腾出空间：
    <pre>{ $admin }</pre>
files-changing = <code>{ $path }</code> 正在变，多半是任务还在写。等它写完再试，或者在任务里先复制一份。

## 一次发来的几个文件

album-offer = 要把这 { $count } 个文件（{ SIZE($bytes) }）存到 <code>{ $path }</code> 吗？附言可以写明别的目录。
album-saved = ✅ { $count ->
    [0] 没有保存任何文件
   *[other] 已保存 { $count } 个文件
}。任务容器里的路径：<code>{ $path }</code>
album-exists = 已经有 <code>{ $names }</code> 了。要替换这 { $count } 个吗？旧的会移到回收站。
album-large = Telegram 最大只能转交 20 MB，这些太大：<code>{ $names }</code>。/upload 多大都行。

## 可复制的命令

copy-up =
    <pre>scp -P { $port } -r DIRECTORY { $there }
    rsync -avPs -e "ssh -p { $port }" DIRECTORY { $there }
    sftp -P { $port } { $there }</pre>
    把 <code>DIRECTORY</code> 换成你的目录名。rsync 断了可以接着传；在 sftp 里用 <code>put -r DIRECTORY</code> 上传，<code>reput</code> 续传。
copy-down =
    <pre>scp -P { $port } -r { $there } .
    rsync -avPs -e "ssh -p { $port }" { $there } .
    sftp -P { $port } { $account }</pre>
copy-windows = Windows 上：PowerShell 自带 <code>scp</code> 和 <code>sftp</code>（没有 rsync），上面的命令可以直接用。想用拖拽的窗口：WinSCP、MobaXterm 或 Xftp，协议 SFTP，主机 <code>{ $host }</code>，端口 <code>{ $port }</code>，用户 <code>{ $user }</code>，目录 <code>{ $path }</code>。
copy-key = 存储服务器要认识你电脑的密钥。在电脑上用 <code>ssh-keygen -t ed25519</code> 生成一把，把 <code>~/.ssh/id_ed25519.pub</code> 里的那一行发给管理员（不带 <code>.pub</code> 的文件绝不能发），管理员在前面加上 <code>restrict,command="internal-sftp"</code> 后放行。/login storage 做的密钥留在 Pailot 里，不能在你的电脑上用。
