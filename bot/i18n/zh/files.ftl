### 存储服务器上的个人目录。

files-dots = <code>{ $path }</code> 里的 <code>..</code> 不支持。请从你的个人目录开始，写完整的路径。
files-outside = <code>{ $path }</code> 不在你的个人目录 <code>{ $root }</code> 里。Pailot 只在个人目录里操作。
files-bad-name = <code>{ $name }</code> 不能作为文件名：{ $problem ->
    [long] 太长了
    [nul] 含有文件名不允许的字符
    [bytes] 不是合法的 UTF-8
   *[other] 是空的，或者带有斜杠
}。请换一个。
files-missing = <code>{ $path }</code> 不存在。请检查路径和大小写；发 /ls 可以看到有什么。
files-exists = 已经有 <code>{ $path }</code> 了。Pailot 不会擅自覆盖文件：请换个名字，或者先把旧的移走。
files-no-right = 存储服务器不允许对 <code>{ $path }</code> 这样操作，多半是任务用另一个身份写的。可以在任务里改权限（<code>chmod -R g+w</code>），或请管理员对它执行 <code>chown -R</code>。
files-link = <code>{ $path }</code> 是链接，或者要经过链接。为了不让任何人被带出自己的目录，Pailot 不跟随链接。请用它指向的实际路径。
files-wrong-kind = <code>{ $path }</code> 的类型不对：需要文件的地方是目录，或者反过来。
files-hard-link = <code>{ $path }</code> 在别处还有一个名字（硬链接），Pailot 不读取。请用 <code>cp</code> 复制一份再用。
files-disk-full = 存储服务器没有空间了。用 /rm 删除不需要的文件，再用 <code>/trash empty</code> 释放空间，或者告诉管理员。
files-host-key = 存储服务器出示的主机密钥和约定的不一样，什么都没有发给它。请告诉管理员：要么服务器重装过，要么有人在中间冒充。
files-not-caged = Pailot 在存储服务器上的账号没有 shell，也没有被限制在数据目录里（chroot），任何路径都不安全。需要管理员改其中一项。
files-login-refused = 存储服务器拒绝了 Pailot 的账号。请告诉管理员：设置里的密钥或密码不对。
files-no-root = 存储服务器上没有目录 <code>{ $root }</code>，或者 Pailot 的账号进不去。请告诉管理员。
