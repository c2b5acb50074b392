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
