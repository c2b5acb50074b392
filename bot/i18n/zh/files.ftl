### 存储服务器上的个人目录。

files-dots = <code>{ $path }</code> 里的 <code>..</code> 不支持。请从你的个人目录开始，写完整的路径。
files-outside = <code>{ $path }</code> 不在你的个人目录 <code>{ $root }</code> 里。Pailot 只在个人目录里操作。
files-bad-name = <code>{ $name }</code> 不能作为文件名：{ $problem ->
    [long] 太长了
    [nul] 含有文件名不允许的字符
    [bytes] 不是合法的 UTF-8
   *[other] 是空的，或者带有斜杠
}。请换一个。
