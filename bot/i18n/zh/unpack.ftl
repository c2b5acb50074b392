### 个人目录里的压缩包。

help-unpack = 解压个人目录里的压缩包
how-unpack =
    <code>/unpack data/cifar.zip</code> 先显示里面有什么，点按钮后解压到它旁边。写两个词就指定位置：<code>/unpack cifar.zip data/cifar10</code>
    支持 zip 和 tar（包括 .gz、.bz2、.xz），存储服务器装了相应程序时还有 7z 和 .zst，Windows 上的中文文件名也能正确显示。链接和设备文件会跳过。
button-unpack = 解压

unpack-plan = 📦 <b>{ $name }</b>：{ $files } 个文件，解压后 { SIZE($bytes) }{ GIVEN($complete) ->
    [yes] {""}
   *[no] {" "}以上：它太大，没有先全部看完
}
unpack-top = · <code>{ $name }</code>
unpack-more = ……还有 { $count } 项
unpack-left-out = ⚠️ 其中 { $count } 项是链接或设备文件，会跳过。
unpack-into = 任务容器里的路径：<code>{ $path }</code>
unpack-going = 📦 <code>{ $name }</code>：{ $files } 个文件，{ SIZE($bytes) }{ $total ->
    [0] {""}
   *[other] {" "}/ { SIZE($total) }
}{ $percent ->
    [-1] {""}
   *[other] （{ $percent } %）
}
unpack-done = ✅ 解压好了。任务容器里的路径：<code>{ $path }</code>{ $left ->
    [0] {""}
   *[other] （跳过了 { $left } 个链接或设备文件）
}
unpack-nothing = 这个压缩包里没有文件{ $count ->
    [0] {""}
   *[other] ，只有 { $count } 个链接或设备文件，它们从不解压
}。
unpack-quotes = 引号没有成对。带空格的路径请加引号：<code>/unpack "my data.zip" data</code>
unpack-kind = 这不是 Pailot 认识的压缩包：zip、tar、.tar.gz、.tar.bz2、.tar.xz、.tar.zst、7z。
unpack-no-tool = 存储服务器上没有相应的程序（<code>7z</code>、<code>zstd</code>）。请管理员安装，或者把数据打包成 zip 或 .tar.gz。
unpack-needs-shell = 7z 和 zstd 要用存储服务器上的程序，而你的目录所用的账号不能运行程序。请把数据打包成 zip 或 .tar.gz。
unpack-method = 这个 zip 用了 Pailot 不认识的压缩方法。请重新打包成普通的 zip 或 tar。
unpack-locked = 这个压缩包需要密码，Pailot 不会询问密码。请在任务里解压，或者不加密码重新打包。
unpack-damaged = 压缩包损坏或不完整。如果它还在上传，请等上传完成。
unpack-changed = 压缩包期间被改动了。请重新发送命令。
unpack-leads-out = 已拒绝：里面的 <code>{ $path }</code> 会跑到目录外面（<code>..</code>）。请去掉它重新打包。
unpack-deep = 已拒绝：里面的 <code>{ $path }</code> 太长或太深。请换短一些的名字重新打包。
unpack-contradicts = 已拒绝：<code>{ $path }</code> 在里面出现了两次，后一个会盖掉前一个。请在任务里解压，或者重新打包。
unpack-many = 已拒绝：里面超过 { $count } 项。请在任务里解压。
unpack-bomb = 已拒绝：{ SIZE($archive) } 会变成超过 { SIZE($bytes) }，正常的数据不会这样。如果你信任它，请在任务里解压。
unpack-no-room = 已拒绝：解压后有 { SIZE($bytes) } 以上，而剩余空间是 { SIZE($free) }。用 /rm 和 <code>/trash empty</code> 释放空间。
