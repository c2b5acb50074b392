### 通知、汇总和免打扰。

alert-started = ▶️ <b>开始运行</b>：{ job-called }
alert-succeeded = ✅ <b>成功</b>：{ job-called }
alert-failed = ❌ <b>失败</b>：{ job-called }
alert-stopped = ⏹ <b>已停止</b>：{ job-called }
alert-retrying = 🔁 <b>重试中</b>（第 { $attempt } 次）：{ job-called }
job-called = { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <code>{ $name }</code>
}
alert-where = { $gpus } 张卡，虚拟集群 <code>{ $vc }</code>
alert-waited = 排队 { DURATION($seconds) }
alert-ran = 运行了 { DURATION($seconds) }
alert-last = <pre>{ $line }</pre>
alert-log = 日志最后几行：
    <blockquote expandable>{ $lines }</blockquote>
digest-many = <b>你的任务有 { $count } 条新消息</b>
digest-quiet = <b>免打扰期间有 { $count } 条消息</b>
digest-failed = ❌ <b>失败</b>：{ job-called } · 退出码 <b>{ $code }</b>
digest-log = { $name } 的日志
digest-more = ……还有 { $count } 条，用 /jobs 查看。

alerts-title = <b>要通知你什么？</b>点一下切换。
alerts-switch = { $on ->
    [yes] 🔔
   *[no] 🔕
} { alert-event }
alert-event = { $event ->
    [started] 开始运行
    [succeeded] 成功
    [failed] 失败
    [stopped] 已停止
    [quota] 个人配额
    [storage_full] 磁盘已满
    [storage_low] 磁盘快满
    [image_pushed] 我的镜像
    [registry_full] 镜像仓库快满
   *[retrying] 重试中
}
alerts-quiet = 免打扰：{ $start }–{ $end }。失败仍会立刻通知，但不响铃；其余的结束后合成一条发给你。
alerts-not-quiet = 免打扰：关闭。
alerts-usage = 只发 <code>/alerts</code> 用按钮设置；或写 <code>/alerts quiet 23:00-07:00</code>、<code>/alerts quiet off</code>，或事件加 on / off：<code>{ $events }</code>。
quiet-choose = 什么时候免打扰？
quiet-ask = 从几点到几点？请这样写：<code>23:30-07:00</code>。
quiet-bad = 看不懂 <code>{ $words }</code>。请写成 <code>23:30-07:00</code>，或 <code>off</code>。
quiet-preset = { $start }–{ $end }
button-quiet = 免打扰
button-quiet-own = 其他时间
button-quiet-off = 关闭
how-alerts =
    <code>/alerts</code> 用按钮设置一切
    <code>/alerts started off</code> 开关一种通知：<code>started succeeded failed stopped retrying</code>
    <code>/alerts quiet 23:00-07:00</code> 设置免打扰；<code>/alerts quiet off</code> 取消
