### 以文件发来的任务协议：文件哪里不对，文件里某一处哪里不对。

protocol-too-large = 这个任务协议有 { SIZE($bytes) }，OpenPAI 最多读 { SIZE($limit) }。太长的脚本请放到存储服务器上的文件里。
protocol-not-utf8 = 这个文件不是 UTF-8 文本。请存成 UTF-8 再发一次。
protocol-no-mapping = 这个文件不是任务协议：开头应当是 <code>protocolVersion: 2</code>、<code>name:</code> 这样的键。
protocol-not-yaml = 这个文件的 YAML 写错了{ $line ->
    [0] 。
   *[other] ，看第 { NUMBER($line) } 行：<i>{ $problem }</i>
}
protocol-duplicate-key = 键 <code>{ $name }</code> 在同一处写了两次（第 { NUMBER($line) } 行），留一个就好。
protocol-too-complex = 这个文件的嵌套或引用（<code>*alias</code>）超出了任务协议的需要。请直接写开。
protocol-secrets-readable = 这个任务的密钥人人都能读到：只有行首就是 <code>secrets:</code>（不加引号、前面没有空格），并且下面还有别的键，OpenPAI 才会隐藏它。请这样写好再发一次。

protocol-missing = 少了这一项
protocol-unknown = OpenPAI 没有这个键。{ $near }
protocol-near = 是不是想写 <code>{ $name }</code>？
protocol-not-text = 要写文字；数字和日期请加引号
protocol-not-whole = 要写整数
protocol-not-mapping = 这里要写“键: 值”
protocol-not-list = 这里要写一个列表
protocol-not-switch = 只能写 <code>true</code> 或 <code>false</code>
protocol-least = 至少是 { NUMBER($least) }
protocol-empty = 至少要有一项
protocol-choice = 只能是 <code>{ $choices }</code>
protocol-version = 只能是 <code>2</code>
protocol-name = 只能用字母、数字、<code>_</code> 和 <code>-</code>，最多 { NUMBER($most) } 个字符
protocol-role-name = 只能用字母、数字和 <code>_</code>，不能以数字开头
protocol-roles-alike = OpenPAI 会把它和 <code>{ $name }</code> 当成同一个任务角色
protocol-instances = 必须写出来，否则 OpenPAI 会出错：<code>instances: 1</code>
protocol-no-image = 没有名为 <code>{ $name }</code> 的 <code>dockerimage</code> 前提（prerequisite）
protocol-twice = <code>{ $name }</code> 写了两次
protocol-no-such = 这个文件里没有 <code>{ $name }</code>
