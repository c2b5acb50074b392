### 命令写得不对时怎么说，以及由参数生成的用法。

usage-line = 用法：<code>{ $line }</code>
usage-field = <code>{ $name }</code>：{ $about }
usage-field-alias = <code>{ $name }</code>（也可写 <code>{ $alias }</code>）：{ $about }
usage-near = 是不是想写 <code>{ $word }</code>？

usage-unexpected =
    <code>{ $word }</code> 放在这里看不懂。{ $near }
    { $usage }
usage-unknown-key =
    没有 <code>{ $key }=</code> 这个选项。{ $near }
    { $usage }
usage-bad-value =
    <code>{ $word }</code> 不能用作 <code>{ $name }</code>：{ $expected }。{ $near }
    { $usage }
usage-missing =
    还缺 <code>{ $name }</code>。
    { $usage }
usage-twice =
    <code>{ $name }</code> 写了两次，只留一个。
    { $usage }
usage-quote =
    <code>{ $word }</code> 的引号没有配对。
    { $usage }

usage-kind-number = 要写整数
usage-kind-least = 要写不小于 { $least } 的整数
usage-kind-most = 要写不大于 { $most } 的整数
usage-kind-range = 要写 { $least } 到 { $most } 的整数
usage-kind-decimal = 要写数字
usage-kind-switch = 要写 <code>on</code> 或 <code>off</code>
usage-kind-duration = 要写时长，例如 <code>30m</code>、<code>2h</code>、<code>7d</code>
usage-kind-size = 要写带单位的大小，例如 <code>500M</code>、<code>32G</code>
usage-kind-choice = 可选 <code>{ $choices }</code>
