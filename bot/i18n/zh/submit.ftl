### /run 和以文件发来的任务协议。

run-how = 一行写完一个任务：先写选项，再写命令。提交之前，我会先给你看要运行什么。
run-example = 例如：
    <pre>/run image=pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime gpu=1 note=基线 python /mnt/train.py --epochs 10</pre>
    选项：<code>name image gpu cpu mem shm vc sku priority retries note env.X</code>，也可以写 <code>名称 镜像 显卡 内存 备注</code>。后面的行是后续命令。也可以把任务协议（<code>.yaml</code>）作为文件发来。
run-no-image = 用哪个镜像运行？请加上 <code>image=…</code>，例如 <code>image=openpai/standard:python_3.6-pytorch_1.2.0-gpu</code>。下次会沿用上次的镜像。
run-late = ⏰ 这条消息来晚了，所以我没有直接提交。请看一下：
run-cancelled = 已取消，没有提交任何任务。
run-done = 🚀 已提交：{ GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <b>{ $name }</b>
}
run-renamed = 名字 <code>{ $old }</code> 已经用过了，所以改叫 <code>{ $new }</code>。
run-told = 开始运行和结束时，我都会告诉你。
run-yaml = <b>{ $name }</b> 的任务协议
draft-gone = 这个预览已经不在了，请重新发送任务。
draft-cancelled = 这个预览已取消，请重新发送任务。
draft-under-way = <b>{ $name }</b> 正在提交，有结果我就告诉你。
submit-done-later = 🚀 <b>{ $name }</b> 还是提交成功了；OpenPAI 起初没有回应。
submit-failed-later = ❌ <b>{ $name }</b> 没能提交：{ $why }

preview-title = <b>预览</b> · { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <code>{ $name }</code>
}
preview-image = 镜像：<code>{ $image }</code>{ $inherited ->
    [0] {""}
   *[other] （沿用上次任务）
}
preview-where = { $gpus } 张卡{ GIVEN($sku) ->
    [yes] （{ $sku }）
   *[no] {""}
}，虚拟集群 <code>{ $vc }</code>{ $inherited ->
    [0] {""}
   *[other] （沿用上次任务）
}
preview-resources = { $cpus } 核 CPU · 内存 { SIZE($memory) }
preview-extras = { $shm ->
    [0] {""}
   *[other] 共享内存 { SIZE($shm) } {" "}
}{ $retries ->
    [0] {""}
   *[other] 重试 { $retries } 次 {" "}
}{ GIVEN($priority) ->
    [yes] 优先级 { $priority }
   *[no] {""}
}
preview-env = 环境变量：<code>{ $names }</code>
preview-command = <pre><code class="language-bash">{ $command }</code></pre>
preview-cut = <i>命令太长，完整内容在 YAML 里。</i>
button-yaml = YAML

check-vc-unknown = ❔ OpenPAI 没说现在有多少空卡，没查到。
check-vc-denied = ❌ 你不能用虚拟集群 <code>{ $vc }</code>。你能用的：<code>{ $allowed }</code>。
check-vc-size = ❌ <code>{ $vc }</code> 一共只有 { $size } 张卡，你要 { $gpus } 张：永远不会开始。
check-vc-busy = ⚠️ <code>{ $vc }</code> 现在{ $free ->
    [0] 没有空卡
   *[other] 只有 { $free } 张空卡
}，你要 { $gpus } 张：需要排队。
check-sku-waste = ⚠️ 你要的 CPU 或内存占了 { $taken } 份 { $sku }，按卡数只需 { $needed } 份。少要一点，别人就有卡用。
check-sku-missing = ❌ 这里没有 SKU <code>{ $sku }</code>。有这些：<code>{ $known }</code>。
check-name-taken = ❌ 名字 <code>{ $name }</code> 已经用过了。OpenPAI 的任务名用过一次就不能再用，请用 <code>name=</code> 换一个。
check-command-shell = ⚠️ 命令里有 shell 看不懂的字符：<code>{ $characters }</code>。手机会把 , " ' 和 -- 自动换成它们。
check-command-windows = ⚠️ 命令里有 Windows 换行，shell 会把它当成单词的一部分。

document-unknown = 还不知道拿 <code>{ $name }</code> 怎么办。任务协议的文件名以 <code>.yaml</code> 结尾。
protocol-bad = 这份任务协议会被拒绝（{ $count } 处问题）：
protocol-problem = • <code>{ $path }</code>：{ $message }
protocol-more = ……还有 { $count } 处。
protocol-mend = 改好文件再发一次。没有提交任何任务。
draft-submitted = 来不及了：<b>{ $name }</b> 已经提交。可以用 /stop 停止它。
submit-unsure = ⏳ OpenPAI 没有回应，还不知道 <b>{ $name }</b> 有没有提交成功。我会继续尝试（不会重复提交），有结果就告诉你，你不用再发。
submit-error = OpenPAI 没能收下 <b>{ $name }</b>：它自己出了错（<code>{ $detail }</code>）。没有提交任何任务。请看看选项有没有写错（比如不存在的 sku），或者过几分钟再试。
submit-given-up = 试了一整天也没有结果，或者你的账号已经取消关联
run-edit = <b>{ $name }</b> 要改什么？发送选项（<code>gpu=2 内存=32G</code>）、新的命令，或两者都发；其余不变。
check-name-rule = ❌ OpenPAI 不接受任务名 <code>{ $name }</code>：只能用英文字母、数字、<code>_</code> 和 <code>-</code>。例如 <code>name={ $suggestion }</code>。
run-cut = ⚠️ 你的消息已到 Telegram 的长度上限，命令的结尾可能丢了。提交前先看看 YAML；也可以把命令写进脚本，或把任务协议作为文件发来。
