### /run 的快捷写法：哪个词不对。$word 是对方原样写的那个词。

run-usage =
    用法：<code>/run [now] 选项=值 … 命令</code>
    选项：<code>name 名称 image 镜像 gpu 显卡 cpu mem 内存 shm vc sku priority 优先级 retries 重试 note 备注 env.X</code>。第一个别的词就是命令的开头；用 <code>--</code> 可以结束选项。
    <code>/run image=pytorch:1.13 gpu=2 mem=32G python /mnt/train.py</code>
run-near = 是不是想写 <code>{ $word }</code>？

run-unknown-key =
    没有 <code>{ $word }</code> 这个选项。{ $near }如果它是命令的一部分，请在命令前加上 <code>--</code>。

    { $usage }
run-not-yet =
    <code>{ $word }</code> 现在还不能用：先去掉它，或者写进命令里。

    { $usage }
run-twice =
    <code>{ $word }</code> 写了两次，留一个就好。

    { $usage }
run-empty-value =
    <code>{ $word }</code> 后面没有值。等号两边不要有空格，例如 <code>gpu=2</code>。

    { $usage }
run-apart =
    <code>{ $word }</code>：等号两边不要空格，写成 <code>{ $right }</code>。如果它是命令的一部分，请在命令前加上 <code>--</code>。

    { $usage }
run-open-quote =
    <code>{ $word }</code> 里的引号没有配对，少了后一个。

    { $usage }
run-after-quote =
    <code>{ $word }</code> 的后引号之后少了一个空格。

    { $usage }
run-bad-number =
    <code>{ $word }</code> 要写整数，从 { NUMBER($least) } 到 { NUMBER($most) }。

    { $usage }
run-bad-size =
    <code>{ $word }</code> 要写带单位的大小，例如 <code>32G</code> 或 <code>512M</code>。

    { $usage }
run-bad-choice =
    <code>{ $word }</code> 只能是 <code>{ $choices }</code> 之一。

    { $usage }
run-bad-env =
    <code>{ $word }</code> 不是环境变量的写法。请写 <code>env.名字=值</code>，名字只能用字母、数字和 <code>_</code>。

    { $usage }
run-too-long =
    <code>{ $word }</code> 的内容太长，最多 { NUMBER($most) } 个字。

    { $usage }
run-now-first =
    <code>{ $word }</code> 要紧跟在 <code>/run</code> 后面。如果它是你的命令，请在它前面加上 <code>--</code>。

    { $usage }
run-no-command =
    没有要运行的命令：命令写在选项后面，同一行或下一行都行。

    { $usage }
