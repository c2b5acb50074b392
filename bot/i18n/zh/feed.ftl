### 群动态：/feed 和它带来的消息。

help-feed = 本群收到哪些消息（管理员）
how-feed =
    <code>/feed</code> 用按钮选择
    <code>/feed +image_pushed -quota</code> 按名称开关，也可以写 <code>+镜像 -配额</code>；<code>+全部</code>、<code>-全部</code> 一次全开或全关
    发生的事大约每半分钟汇总成一条静音消息，一事一行。有话题的群里，发到设置 /feed 的那个话题。
feed-title = <b>本群想收到哪些消息？</b>点按钮开关，或者写 <code>/feed +名称 -名称</code>。
feed-event = { $on ->
    [yes] 🔔
   *[no] 🔕
} <code>{ $event }</code>：{ $event ->
    [started] 任务开始运行
    [succeeded] 任务成功
    [stopped] 任务被停止
    [image_pushed] 镜像推送、删除，或扫描发现严重问题
    [quota] 镜像仓库的项目快满了或已满
    [storage_low] 存储服务器快满了
   *[storage_full] 存储服务器满了
}
feed-switch = { $on ->
    [yes] 🔔
   *[no] 🔕
} { $event ->
    [started] 任务开始
    [succeeded] 任务成功
    [stopped] 任务停止
    [image_pushed] 镜像
    [quota] 镜像仓库配额
    [storage_low] 磁盘快满
   *[storage_full] 磁盘已满
}
feed-no-failures = 任务失败和重试从不发到群里，只私下告诉提交者本人。
feed-unknown = 没有 <code>{ $word }</code> 这种消息，什么都没有改。{ GIVEN($nearest) ->
    [yes] 是不是 <code>{ $nearest }</code>？
   *[no] {""}
}可选的有：<code>{ $events }</code>
feed-more = ……另有 { $count } 条。

feed-job = { ICON($state) } <b>{ $name }</b> · { $owner } · { STATE($state) } · { $gpus } 张卡
feed-image = { $kind ->
    [pushed] 📦 { $who } 推送了 <b>{ $name }</b>
    [deleted] 🗑 { $who } 删除了 <b>{ $name }</b>
   *[scanned] 🔎 扫描 <b>{ $name }</b>：严重漏洞 { $critical } 个，高危 { $high } 个
}
feed-quota = 📊 镜像仓库的项目 <b>{ $project }</b> 快满了或已满：{ $detail }
feed-storage = { GIVEN($full) ->
    [yes] 🚨 <b>存储服务器满了</b>，任务存不了结果
   *[no] 💾 <b>存储服务器快满了</b>
}：共 { SIZE($total) }，只剩 { SIZE($free) }
