### /start、/help、/lang。

help-start = 打招呼，告诉你下一步做什么
help-help = 我会做什么；/help 命令名 查看详细用法
help-lang = 语言：zh 或 en
help-login = 关联你的 OpenPAI 账号
help-logout = 取消关联账号
help-me = 你关联了哪些账号
help-run = 一行提交一个任务
help-jobs = 你的任务，最新的在前
help-job = 一个任务：状态、GPU、按钮
help-logs = 任务日志的最后几行
help-stop = 停止任务（会先确认）
help-gpu = 空卡和已用的卡
help-alerts = 要通知什么，以及免打扰
help-allow = 允许本群使用我（管理员）
help-deny = 让我在本群重新安静（管理员）

bot-description = 实验室 GPU 集群的入口：提交任务、看日志，任务开始、结束或失败时通知你。发送 /start 开始。
bot-short-description = 在聊天里使用实验室的 GPU 集群

start-me = 我是{ $named ->
    [0] {""}
   *[other] {" "}{ $site } 的
} <b>Pailot</b>
start-stranger = 你好，{ $name }！{ start-me }。我帮你把任务提交到实验室的 GPU 集群，查看进展，并在任务开始、结束或失败时通知你。
start-link = 第一步：关联你的 OpenPAI 账号。一分钟就好，我不保存密码。
start-member = 你好，{ $name }！{ start-me }，随时为你效劳。
start-next = 大家接下来常做这些。/help 查看全部功能。
start-group = 我是 <b>Pailot</b>。在群里可以用：/jobs、/job 任务名、/gpu。和你自己的任务有关的一切，都在我们的私聊里。
help-title = <b>我会做这些</b>
help-line = /{ $name } — { $help }
help-more = /help 命令名 查看详细用法，例如 <code>/help run</code>。
help-unknown = 没有关于 <code>{ $topic }</code> 的帮助。是不是想看 <code>/help { $nearest }</code>？
lang-choose = 我说哪种语言？
lang-name-zh = 中文
lang-name-en = English
lang-set = { $language ->
    [zh] 好的，说中文。
   *[en] English it is.
}
button-jobs = 我的任务
button-gpus = 空卡
button-run = 怎么提交任务
button-alerts = 通知设置
help-after-link = 先关联你的 OpenPAI 账号，之后我还能做更多：提交任务、看日志、在任务结束时通知你。
help-unknown-topic = 没有关于 <code>{ $topic }</code> 的帮助。发送 /help 看看我会做什么。
how-help = <code>/help</code> 列出我会做的一切，<code>/help run</code> 详细说明一个命令。
how-lang = <code>/lang zh</code> 或 <code>/lang en</code>。在群里设置的是本群的语言，由管理员选择。
help-jobs-group = 实验室里排队和运行的任务
cancel-done = 好的，我不再等你的回答。
help-cancel = 结束正在问的事
