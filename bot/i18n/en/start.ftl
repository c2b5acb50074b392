### /start, /help, /lang.

help-start = greeting and the next useful step
help-help = what I can do; /help COMMAND explains one
help-lang = language: zh or en
help-login = link your OpenPAI account
help-logout = unlink your account
help-me = the accounts you have linked
help-run = submit a job in one line
help-jobs = your jobs, newest first
help-job = one job: state, GPUs, buttons
help-logs = the last lines of a job's log
help-stop = stop jobs (asks first)
help-gpu = free and used GPUs
help-alerts = what to be told, and quiet hours
help-allow = let this group use me (admins)
help-deny = be silent in this group again (admins)

bot-description = Your way to the lab's GPU cluster: submit jobs, read logs, and hear when one starts, ends or fails. Send /start.
bot-short-description = The lab's GPU cluster in your chat

start-me = I am <b>Pailot</b>{ $named ->
    [0] {""}
   *[other] {" "}of { $site }
}
start-stranger = Hello { $name }! { start-me }. I submit your jobs to the lab's GPU cluster, show how they are doing, and tell you when one starts, ends or fails.
start-link = First link your OpenPAI account. It takes a minute, and I keep no password.
start-member = Hello { $name }! { start-me }, at your service.
start-next = Here is what most people do next. /help shows everything.
start-group = I am <b>Pailot</b>. Here in the group: /jobs, /job NAME, /gpu. Everything about your own jobs is in our private chat.
help-title = <b>What I can do</b>
help-line = /{ $name } — { $help }
help-more = /help COMMAND explains one of them, for example <code>/help run</code>.
help-unknown = There is no help on <code>{ $topic }</code>. Did you mean <code>/help { $nearest }</code>?
lang-choose = Which language should I speak?
lang-name-zh = 中文
lang-name-en = English
lang-set = { $language ->
    [zh] 好的，说中文。
   *[en] English it is.
}
button-jobs = My jobs
button-gpus = Free GPUs
button-run = How to run a job
button-alerts = Alerts
help-after-link = Link your OpenPAI account first; then I can do much more: submit jobs, show logs, tell you when a job ends.
help-unknown-topic = There is no help on <code>{ $topic }</code>. Send /help to see what I can do.
how-help = <code>/help</code> shows all I can do, <code>/help run</code> explains one command.
how-lang = <code>/lang en</code> or <code>/lang zh</code>. In a group it is the group's language, and admins choose it.
help-jobs-group = what is waiting and running in the lab
cancel-done = All right, I am no longer waiting for an answer.
help-cancel = end what I am asking about
