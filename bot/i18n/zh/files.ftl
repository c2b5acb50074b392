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
files-wrong-kind = <code>{ $path }</code> 的类型不对：需要文件的地方不是文件，或者需要目录的地方不是目录。发 /ls 可以看到那里是什么。
files-hard-link = <code>{ $path }</code> 在别处还有一个名字（硬链接），Pailot 不读取。请用 <code>cp</code> 复制一份再用。
files-disk-full = 存储服务器没有空间了。用 /rm 删除不需要的文件，再用 <code>/trash empty</code> 释放空间，或者告诉管理员。
files-host-key = 存储服务器出示的主机密钥和约定的不一样，什么都没有发给它。请告诉管理员：要么服务器重装过，要么有人在中间冒充。
files-not-caged = Pailot 在存储服务器上的账号没有 shell，也没有被限制在数据目录里（chroot），任何路径都不安全。需要管理员改其中一项。
files-login-refused = 存储服务器拒绝了 Pailot 的账号。请告诉管理员：设置里的密钥或密码不对。
files-no-root = 存储服务器上没有目录 <code>{ $root }</code>，或者 Pailot 的账号进不去。请告诉管理员。

## 命令

help-ls = 看个人目录里有什么
how-ls =
    <code>/ls</code> 显示你的个人目录，<code>/ls code/resnet</code> 显示其中一个目录。每一项都附上任务容器里的路径。
help-get = 把文件发到这里
how-get =
    <code>/get results/log.txt</code> 把文件发到这里，最大 50 MB。
help-put = 把文件存进个人目录
how-put =
    直接把文件发给我（作为文档，最大 20 MB），我会问存到哪里。附言可以写明位置：<code>code/train.py</code>，或者以斜杠结尾的目录：<code>data/</code>。
help-upload = 把任意大小的数据传到存储服务器
how-upload =
    <code>/upload</code> 告诉你怎样从自己的电脑上传任意大小的文件和整个目录。
help-mkdir = 新建目录
how-mkdir =
    <code>/mkdir data/cifar10</code> 新建目录，上级目录不存在时一并建好。
help-mv = 移动或改名
how-mv =
    <code>/mv old.py code/new.py</code> 移动或改名。路径里有空格要加引号：<code>/mv "my data" data</code>。末尾的斜杠表示目录，没有就新建：<code>/mv old.py code/</code>。
help-rm = 移到回收站
how-rm =
    <code>/rm data/old</code> 把它移到回收站，7 天内可以恢复。
help-trash = 恢复删除的文件，或者释放空间
how-trash =
    <code>/trash</code> 查看回收站，<code>/trash empty</code> 立刻释放空间。
help-du = 文件占了多少空间
how-du =
    <code>/du</code> 统计整个个人目录，<code>/du data</code> 只统计其中一个目录。管理员：<code>/du all</code> 看所有人的。

## 浏览

files-none = 这个实验室没有给 Pailot 配置存储服务器。
files-listing = { GIVEN($path) ->
    [yes] 📁 <code>{ $path }</code>
   *[no] 📁 <b>你的个人目录</b>
} · { $total } 项{ $pages ->
    [1] {""}
   *[other] ，第 { $page }/{ $pages } 页
}
files-in-job = 任务容器里的路径：<code>{ $path }</code>
files-on-server = 存储服务器上：<code>{ $path }</code>
files-empty = <i>这里还没有文件。</i>
files-icon = { $kind ->
    [directory] 📁
    [link] 🔗
    [file] 📄
   *[other] ⚙️
}
files-entry = { files-icon } <code>{ $path }</code>{ $kind ->
    [file] {" "}· { SIZE($bytes) }
   *[other] {""}
} · { AGO($age) }{ GIVEN($odd) ->
    [yes] {" "}· <i>名字不是 UTF-8，这里没法操作</i>
   *[no] {""}
}
files-card = { files-icon } <b>{ $name }</b>{ $kind ->
    [file] {" "}· { SIZE($bytes) }
   *[other] {""}
}
files-changed = 修改于 { AGO($age) }
files-near = 是不是下面的某一个？
files-made = 📁 建好了。任务容器里的路径：<code>{ $path }</code>
files-there = 已经有了：<code>{ $path }</code>
files-moved = <code>{ $old }</code> 现在是 <code>{ $new }</code>。
files-whole-folder = 这是你的整个个人目录，不能动。请写其中的某一项。
files-into-itself = <code>{ $path }</code> 不能移到它自己里面。
files-own = <code>{ $path }</code> 是 Pailot 自己用的：回收站和没传完的文件在那里。
files-too-large = Telegram 最大接受 50 MB 的文件，这个有 { SIZE($bytes) }。

button-entry = { files-icon } { $name }
button-files = 文件
button-put = 发送文件
button-up = ⬆️ 上一级
button-du = 空间
button-get = 发到这里
button-copy-path = 复制路径
button-run-it = 运行它
button-trash = 删除

## 空间

du-total = <code>{ $path }</code>：{ SIZE($bytes) }{ GIVEN($complete) ->
    [yes] {""}
   *[no] {" "}以上（没能全部统计）
}
du-quota = 每人 { SIZE($bytes) }，已用 { $percent }%
du-space = 磁盘剩余：{ SIZE($free) }，共 { SIZE($total) }
du-biggest = <b>最大的</b>
du-part = { SIZE($bytes) } · <code>{ $name }</code>
du-oldest = <b>很久没有改动的</b>
du-old = { AGO($age) } · { SIZE($bytes) } · <code>{ $name }</code>

## 回收站

trash-thrown = 🗑 <code>{ $path }</code> 已移到回收站。7 天后才释放空间，要立刻释放请发 <code>/trash empty</code>。
trash-title = <b>回收站</b>（{ $count } 项）。每一项在删除 7 天后彻底清除，那时才释放空间。
trash-thing = <code>{ $path }</code> · { AGO($age) }
trash-nothing = 回收站是空的。
trash-sure = 要彻底清除回收站里的 { $count } 项吗？空间会释放，但再也恢复不了。
trash-emptied = { $count ->
    [0] 什么都没有清除。
   *[other] 彻底清除了 { $count } 项，空间已释放。
}
trash-restored = 已恢复：<code>{ $path }</code>
trash-gone = 它已经不在回收站里了。
trash-no-room = 磁盘太满，连回收站都建不了。请在任务里彻底删除：<code>{ $command }</code>，或者找管理员。
trash-back = 它已经不在回收站里了，但有一个 <code>{ $path }</code>：很可能已经恢复好了。
button-restore = 恢复
button-restore-this = ↩️ { $name }
button-empty = 清空回收站
button-empty-yes = 彻底清除

## 聊天和个人目录之间

get-file = <code>{ $path }</code>
get-empty = <code>{ $path }</code> 是空的，Telegram 不发送空文件。
get-directory = 这里只能发单个文件。整个目录请在自己的电脑上复制：
get-too-large = Telegram 最大能发 50 MB，这个文件有 { SIZE($bytes) }。请在自己的电脑上复制：
put-how = 把文件作为文档（📎）发给我，最大 20 MB，我会问存到哪里；附言可以写明位置：<code>code/train.py</code>。更大的数据请从自己的电脑传：
put-offer = 要保存吗（{ SIZE($bytes) }）？任务容器里的路径：<code>{ $path }</code>
put-exists = 已经有 <code>{ $path }</code> 了。要替换吗？旧的会移到回收站。
put-done = ✅ 已保存。任务容器里的路径：<code>{ $path }</code>
put-too-large = Telegram 最大只能转交 20 MB，这个文件有 { SIZE($bytes) }。请从自己的电脑传：
upload-lines = 任意大小的数据都可以直接从所在的电脑传。在那台电脑的终端里执行：
button-save = 保存
button-save-run = 保存并运行
button-replace = 替换

## 第一次使用

folder-propose = 你在存储服务器上还没有个人目录。它在 <code>{ $root }</code> 下面，以你的名字命名。用哪个名字？
folder-which = 请写名字：字母、数字、<code>-</code> 和 <code>_</code>，一般用姓名全拼。
folder-bad-name = <code>{ $name }</code> 不能作为个人目录的名字：只能用字母、数字、<code>-</code> 和 <code>_</code>，最多 32 个。
folder-taken = <code>{ $name }</code> 是别人的个人目录。请换个名字。
folder-yours = ✅ 你的个人目录是 <code>{ $path }</code>。在任务的容器里它就是 <code>{ $inside }</code>，路径里没有目录名这一层。
folder-asked = <code>{ $name }</code> 已经存在，我问了管理员它是不是你的，有结果会告诉你。
folder-ask-admin = <b>{ $person }</b>（<code>{ $id }</code>）申请个人目录 <code>{ $name }</code>，它在使用 Pailot 之前就有了。是这个人的吗？
folder-granted = ✅ <code>{ $name }</code> 现在是你的个人目录。/ls 看看里面有什么。
folder-refused = 管理员说 <code>{ $name }</code> 不是你的个人目录。请换个名字：/ls
folder-grant-done = <code>{ $name }</code> 已归此人。
folder-refuse-done = 已拒绝，并请对方换个名字。
button-folder-take = 📁 { $name }
button-folder-other = 用别的名字
button-folder-grant = 是
button-folder-refuse = 不是

## 提交任务之前

check-path-unknown = ❔ 存储服务器没有回应，命令里的路径没有检查。
check-path-missing = { $grade ->
    [bad] ❌
   *[warn] ⚠️
} 你的个人目录里没有 <code>{ $path }</code>。{ GIVEN($suggestion) ->
    [yes] 是不是 <code>{ $suggestion }</code>？
   *[no] {""}
}
check-path-own_name = ❌ <code>{ $path }</code>：任务容器里的路径没有“姓名”这一层，应该是 <code>{ $suggestion }</code>。
check-path-outside = ❌ <code>{ $path }</code> 是存储服务器上的路径，任务里没有。{ GIVEN($suggestion) ->
    [yes] 任务容器里的路径是 <code>{ $suggestion }</code>。
   *[no] 它也不在你的个人目录里。
}

## 上传页面

upload-page = 上传任意大小的文件和整个文件夹，会放到 <code>{ $path }</code>（任务容器里的路径）。
upload-link = 在这台设备上打开：<a href="{ $url }">{ $url }</a>
upload-code = 在别的电脑上：打开 <code>{ $url }</code>，输入 <code>{ $code }</code>（10 分钟内有效）。
upload-arrived = ✅ { $count ->
    [one] 上传的文件（{ SIZE($bytes) }）到了。
   *[other] 上传的 { $count } 个文件（{ SIZE($bytes) }）都到了。
}任务容器里的路径：<code>{ $path }</code>
upload-gone = 这次上传已经没有记录了。请重新选择文件。
upload-damaged = <code>{ $path }</code> 传输中损坏，已丢弃。请重新上传。
upload-quota = 再传 { SIZE($bytes) } 就超出你的配额了：已用 { SIZE($used) }，共 { SIZE($quota) }。用 /rm 和 <code>/trash empty</code> 释放空间。
upload-no-room = 存储服务器的磁盘只剩 { SIZE($free) }，放不下 { SIZE($bytes) }。请告诉管理员。
upload-offset = 中间缺了一段。请重试，会从断开的地方继续。
upload-busy = 另一个页面正在上传同一个文件。那边传完或关闭以后，这里会接着传。
button-upload-page = 打开上传页面
button-copy-lines = scp、rsync、sftp
check-mount-on = ✅ 会自动挂载你的个人目录，里面的文件在任务里都能用。
mount-not-here = 这个实验室的任务不挂载个人目录，请去掉 <code>mount=</code>。
mount-no-folder = 你还没有个人目录。发 /ls 建一个，之后 <code>mount=on</code> 就能把它带进任务里。
