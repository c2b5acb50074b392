### /jobs、/job、/stop、/logs。

job-line = { ICON($state) } { GIVEN($note) ->
    [yes] <b>{ $note }</b> · { $name }
   *[no] <b>{ $name }</b>
} · { STATE($state) } · { $gpus } 张卡 · { DURATION($lasted) }
job-line-owner = { ICON($state) } <b>{ $name }</b> · { $owner } · { STATE($state) } · { $gpus } 张卡 · { DURATION($lasted) }
jobs-title = <b>你的任务</b>（{ $total } 个）{ $pages ->
    [1] {""}
   *[other] ，第 { $page }/{ $pages } 页
}
jobs-none = 你还没有任务。写一行就能提交第一个。
jobs-none-such = 没有符合条件的任务。只发 /jobs 可以看到全部。
jobs-as-of = ⚠️ OpenPAI 没有回应。这是 { WHEN($at) } 时的情况。
lab-title = <b>实验室里排队和运行的任务</b>（{ $total } 个）{ $pages ->
    [1] {""}
   *[other] ，第 { $page }/{ $pages } 页
}
lab-none = 没有任务在排队或运行，集群很安静。
button-job = { ICON($state) } { $name }
button-name = { $name }
button-job-card = 任务卡片
job-which = 哪个任务？
job-name-missing = 请写任务名：<code>/job 用户名~任务名</code>。
filter-unknown = 看不懂 <code>{ $word }</code>。{ GIVEN($nearest) ->
    [yes] 是不是想写 <code>{ $nearest }=</code>？
   *[no] {""}
}可用的条件：<code>running waiting failed since=2d vc=… image=…</code>，以及任务名里的字。
filter-since = <code>{ $word }</code> 不是时间。请这样写：<code>since=2d</code>、<code>since=12h</code> 或 <code>since=30m</code>。

card-title = { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <b>{ $name }</b>
}
card-state = { ICON($state) } { STATE($state) } · { DURATION($lasted) }
card-owner = 提交者：{ $owner }
card-gpus = { $gpus } 张卡，虚拟集群 <code>{ $vc }</code>{ $tasks ->
    [1] {""}
    [0] {""}
   *[other] {" "}· { $tasks } 个子任务
}
card-gpus-only = { $gpus } 张卡
card-image = 镜像：<code>{ $image }</code>
card-retries = 重试了 { $count } 次{ $platform ->
    [0] {""}
   *[other] （其中 { $platform } 次是平台原因）
}
card-nodes = 所在机器：{ $nodes }
card-submitted = 提交时间：{ WHEN($at) }
exit-code = 退出码 <b>{ $code }</b>{ GIVEN($phrase) ->
    [yes] {" "}· { $phrase }
   *[no] {""}
}

stop-which = 要停止哪个任务？
stop-none = 你没有可以停止的任务。
stop-sure = 要停止 <b>{ $names }</b> 吗？没有保存的内容会丢失。
button-stop-yes = 确认停止
button-stop-no = 不，继续运行
stop-not = 没有停止任何任务。
stop-asked = ⏹ 正在停止 <b>{ $name }</b>，可能要几分钟。
stop-failed = ❌ <b>{ $name }</b>：{ $why }
stop-too-many = 一次停止 { $count } 个任务太多了。每次最多写 { $most } 个，分几次发送。
stop-too-late = 来不及了：已经请求停止 <b>{ $names }</b>。
stop-already = <b>{ $name }</b> 已经结束（{ STATE($state) }）。

logs-which = 看哪个任务的日志？
log-title = <b>{ $name }</b> · { log-stream } · { $cut ->
    [0] 共 { log-lines }
   *[other] 最后 { log-lines }，前面还有
}
log-lines = { $count } 行
log-body = <pre>{ $lines }</pre>
log-not-here = 本实验室不把日志发到 Telegram，请在网页上看：{ $portal }
log-empty = <i>这里还没有内容。</i>
log-no-match = 没有哪一行符合 <code>{ $pattern }</code>。
log-file = <b>{ $name }</b> 的日志（{ log-stream }）
log-not-yet = <b>{ $name }</b> 还没有日志：现在是{ STATE($state) }。开始运行时我会告诉你。
log-not-yours = <code>{ $name }</code> 不是你的任务，日志要由它的主人来看。
log-bad-pattern = <code>{ $pattern }</code> 不是合法的匹配式：{ $detail }。
log-slow-pattern = <code>{ $pattern }</code> 查找太慢，请换个简单些的匹配式。
button-stream = { log-stream }
button-log-file = 完整日志（文件）
job-near = 你要找的是不是这些？
stop-not-yours = <code>{ $name }</code> 不是你的任务，只有它的主人或管理员能停止它。
how-jobs =
    <code>/jobs</code> 你的全部任务，最新的在前
    <code>/jobs running</code> 只看一种状态：<code>waiting running succeeded failed stopped</code>（也可以写 <code>排队 运行 成功 失败 停止</code>）
    <code>/jobs failed since=2d</code> 最近 2 天的（<code>m h d w</code>）
    <code>/jobs vc=default image=torch resnet</code> 按虚拟集群、镜像、任务名里的字
how-jobs-group = <code>/jobs</code> 显示实验室里排队和运行的任务。你自己的任务列表在我们的私聊里。
how-job =
    <code>/job</code> 从你最近的任务里选
    <code>/job 任务名</code> 这个任务的卡片
    <code>/job 用户名~任务名</code> 别人的任务，只显示大家都能看的部分
how-logs =
    <code>/logs 任务名</code> 最后 50 行
    <code>/logs 任务名 stderr n=200</code> 只看 <code>stdout</code> 或 <code>stderr</code>，200 行
    <code>/logs 任务名 grep=loss</code> 只看匹配的行
    <code>/logs 任务名 file</code> 完整日志，以文件发送
    <code>role=worker task=1 attempt=0</code> 指定任务角色、第几个子任务、第几次尝试
how-stop = <code>/stop 任务名</code>，也可以一次写几个；停止前我会先确认。不写任务名就从列表里选。
log-stream = { $stream ->
    [all] 全部输出
   *[other] { $stream }
}
job-of-several = 有好几个人的任务叫 <code>{ $name }</code>，请写明是谁的：<code>{ $jobs }</code>
stop-under-way = <b>{ $name }</b> 已经在停止了，可能要几分钟。
