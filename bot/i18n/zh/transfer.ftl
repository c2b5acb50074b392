### 存储服务器自己去取的东西，以及在那里要花些时间的事。

help-transfer = 让存储服务器自己去下载
how-transfer =
    由存储服务器自己去取，你的电脑可以关掉。
    <code>/transfer https://data.example.edu/cifar-10.tar.gz data/</code> 下载网上的文件
    <code>/transfer https://git.example.edu/lab/net.git code/net</code> 克隆 git 仓库
    <code>/transfer ann@lab.example.edu:/home/ann/data data</code> 用 rsync 从另一台电脑取（前面加 <code>scp</code> 就用 scp，末尾写 <code>port=2222</code> 指定端口）
    最后一个词是放进个人目录的位置；不写就用原来的名字。点按钮之前什么都不会开始。

transfer-plan = <b>{ $way ->
    [url] 下载
    [git] 克隆 git 仓库
    [scp] 用 scp 复制
   *[rsync] 用 rsync 复制
}</b> <code>{ $name }</code>
transfer-into = 任务容器里的路径：<code>{ $path }</code>，存储服务器上：<code>{ $server }</code>
transfer-size = 大小：{ SIZE($bytes) }
transfer-hops = 会转到 { $hosts }。
transfer-login = 你的消息里有登录信息。Pailot 加密保存到传输结束，不会在任何地方显示；那条消息请你自己删除。
transfer-host-key = <code>{ $host }</code> 的主机密钥：<code>{ $key }</code>
    如果你知道它，请核对。换成任何别的密钥，传输都会停止。
transfer-own-key = 存储服务器为此有一把属于你的密钥。下面这一行必须写在 <code>{ $account }</code> 的 <code>~/.ssh/authorized_keys</code> 里：
    <pre>{ $key }</pre>
transfer-exists = ⚠️ 已经有 <code>{ $path }</code> 了。点“替换”，等新的完整以后旧的进回收站。
transfer-going = ⬇️ <code>{ $name }</code>：{ SIZE($bytes) }{ $total ->
    [0] {""}
   *[other] {" "}/ { SIZE($total) }
}{ $percent ->
    [-1] {""}
   *[other] {" "}（{ $percent } %）
}{ $speed ->
    [0] {""}
   *[other] ，{ SIZE($speed) }/s
}{ $left ->
    [0] {""}
   *[other] ，还要约 { DURATION($left) }
}
transfer-arrived = ✅ 取到了。任务容器里的路径：<code>{ $path }</code>
transfer-arrived-beside = ✅ 取到了。期间别的东西占了 <code>{ $wanted }</code>，所以放在这里。任务容器里的路径：<code>{ $path }</code>

errand-begun = ⏳ 开始：<code>{ $name }</code>。它会自己进行下去，和这个聊天无关。
errand-stopping = 正在取消……
errand-cancelled = 已取消：<code>{ $name }</code>。没有留下任何东西。
errand-failed = ❌ <code>{ $name }</code>：{ $why }你的个人目录里没有留下半成品。
errand-broken = ❌ Pailot 自己出了问题。请告诉管理员；你的个人目录里没有留下半成品。
errand-gone = 那是太久以前的了，请重新发送命令。
errand-under-way = 已经在进行了。
errand-over = 已经结束了。
errand-many = 你已有 { $count } 个这样的操作在进行。等一个完成，或者取消一个。
errand-quota = 你的配额满了：已用 { SIZE($used) }，共 { SIZE($quota) }。用 /rm 和 <code>/trash empty</code> 腾出空间。
errand-no-room = 存储服务器的磁盘只剩 { SIZE($free) } 了。请告诉管理员。
button-errand-begin = 开始
button-errand-stop = 取消

## 不允许的

transfer-needs-shell = 存储服务器只让 Pailot 搬文件，不能运行程序，所以不能自己去下载。请在数据所在的电脑上用 /upload。
transfer-no-tool = 存储服务器上没有 <code>{ $tool }</code>（或者太旧，用起来不安全；git 要 2.37 以上）。请管理员安装。
transfer-quotes = 引号没有成对。带空格的路径请加引号：<code>/transfer https://… "my data"</code>
transfer-many = 不明白 <code>{ $word }</code> 是什么意思。格式是 <code>/transfer 来源 位置</code>；带空格的路径请加引号。
transfer-bad-port = <code>{ $port }</code> 不是端口：应为 1 到 65535 的数字。
transfer-bad-source = <code>{ $source }</code> 不是能取的东西。请写网址（<code>https://…</code>）、git 仓库，或 <code>用户@主机:路径</code>，不要有特殊字符。
transfer-scheme = 不支持 <code>{ $scheme }</code> 地址。请写 <code>https://…</code> 或 <code>http://…</code>、https 或 ssh 上的 git 仓库，或者用于 rsync 和 scp 的 <code>用户@主机:路径</code>。
transfer-way = 这个地址不能用 <code>{ $way }</code> 来取。请去掉这个词；scp 和 rsync 要写 <code>用户@主机:路径</code>。
transfer-git-http = git 只通过 https 或 ssh 使用，因为 http 的内容可能在路上被改动。请写 <code>https://…</code>
transfer-ssh-password = ssh 不使用密码。请去掉它：存储服务器用属于你的密钥登录。
transfer-unknown-host = 存储服务器找不到 <code>{ $host }</code> 的地址。请检查名字。
transfer-closed = <code>{ $host }</code> 指向本站内部网络的地址，传输不能访问。如果应该开放，管理员可以把它加进 <code>storage.transfer_networks</code>。
transfer-bad-redirect = <code>{ $host }</code> 转到了不能取的地方，或者转了太多次。请在浏览器里打开它，把最后到达的地址发过来。
transfer-no-answer = <code>{ $host }</code> 上没有 SSH 服务器应答。请检查名字和端口（<code>port=2222</code>）。
transfer-answered = 服务器的回答是{ $status ->
    [401] 需要登录（401）。可以写进地址里：<code>https://用户:密码@…</code>
    [403] 禁止访问（403）。请检查地址，也许需要登录。
    [404] 没有这个文件（404）。请检查地址。
    [500] 它自己出了问题（500）。请稍后再试。
    [502] 它自己出了问题（502）。请稍后再试。
    [503] 它自己出了问题（503）。请稍后再试。
    [504] 它自己出了问题（504）。请稍后再试。
   *[other] {" "}{ $status }。请检查地址。
}
transfer-broke = { $why ->
    [name] 找不到这个名字。
    [connect] 那里没有应答。
    [stalled] 太久没有数据过来。
    [tls] 它的证书无法验证。
   *[cut] 连接断了。
}请稍后再试。
transfer-key-refused = <code>{ $host }</code> 不接受你的密钥。请把之前显示的那一行写进那边的 <code>~/.ssh/authorized_keys</code>，再试一次。
transfer-too-large = 它超过了你的配额或磁盘的剩余空间。用 /rm 和 <code>/trash empty</code> 释放空间，或者找管理员。
transfer-disk-full = 存储服务器的磁盘快满了。请告诉管理员。
transfer-too-long = 超过了 { DURATION($seconds) }。请分成几部分来取。
transfer-nothing = 没有可以保留的东西：是空的，或者是链接。请检查来源里有什么。
transfer-died = 它在存储服务器上被中断了，多半是服务器重启。请重新发送命令。
transfer-failed = 存储服务器没能取到。它自己的话：<i>{ $said }</i>
