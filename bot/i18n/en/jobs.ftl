### /jobs, /job, /stop, /logs.

job-line = { ICON($state) } { GIVEN($note) ->
    [yes] <b>{ $note }</b> · { $name }
   *[no] <b>{ $name }</b>
} · { STATE($state) } · { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
} · { DURATION($lasted) }
job-line-owner = { ICON($state) } <b>{ $name }</b> · { $owner } · { STATE($state) } · { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
} · { DURATION($lasted) }
jobs-title = <b>Your jobs</b> ({ $total }){ $pages ->
    [1] {""}
   *[other] , page { $page } of { $pages }
}
jobs-none = You have no jobs yet. A first one is one line away.
jobs-none-such = No job of yours is like that. Send /jobs alone to see them all.
jobs-as-of = ⚠️ OpenPAI does not answer. This is how things were at { WHEN($at) }.
lab-title = <b>Waiting and running in the lab</b> ({ $total }){ $pages ->
    [1] {""}
   *[other] , page { $page } of { $pages }
}
lab-none = Nothing is waiting or running: the lab is quiet.
button-job = { ICON($state) } { $name }
button-name = { $name }
button-job-card = Job card
job-which = Which job?
job-name-missing = Write the job's name: <code>/job user~name</code>.
filter-unknown = I don't know <code>{ $word }</code>.{ GIVEN($nearest) ->
    [yes] {" "}Did you mean <code>{ $nearest }=</code>?
   *[no] {""}
} Filters: <code>running waiting failed since=2d vc=… image=…</code> and words of the name.
filter-since = <code>{ $word }</code> is no time. Write it like <code>since=2d</code>, <code>since=12h</code> or <code>since=30m</code>.

card-title = { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <b>{ $name }</b>
}
card-state = { ICON($state) } { STATE($state) } · { DURATION($lasted) }
card-owner = Owner: { $owner }
card-gpus = { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
} in <code>{ $vc }</code>{ $tasks ->
    [1] {""}
    [0] {""}
   *[other] {" "}· { $tasks } tasks
}
card-gpus-only = { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
}
card-image = Image: <code>{ $image }</code>
card-retries = Tried again { $count ->
    [1] once
   *[other] { $count } times
}{ $platform ->
    [0] {""}
   *[other] {" "}({ $platform } because of the platform)
}
card-nodes = On { $nodes }
card-submitted = Submitted { WHEN($at) }
exit-code = Exit code <b>{ $code }</b>{ GIVEN($phrase) ->
    [yes] {" "}· { $phrase }
   *[no] {""}
}

stop-which = Which job should I stop?
stop-none = You have no job that could be stopped.
stop-sure = Stop <b>{ $names }</b>? What it has not saved is lost.
button-stop-yes = Yes, stop
button-stop-no = No, let it run
stop-not = Nothing was stopped.
stop-asked = ⏹ <b>{ $name }</b> is being stopped. This can take a few minutes.
stop-failed = ❌ <b>{ $name }</b>: { $why }
stop-too-many = { $count } jobs are more than I stop at once. Name at most { $most } of them, then the next.
stop-too-late = Too late to let <b>{ $names }</b> run: it was asked to stop already.
stop-already = <b>{ $name }</b> is over already ({ STATE($state) }).

logs-which = The log of which job?
log-title = <b>{ $name }</b> · { log-stream } · { $cut ->
    [0] { log-lines }
   *[other] the last { log-lines }, there is more before them
}
log-lines = { $count ->
    [1] 1 line
   *[other] { $count } lines
}
log-stream = { $stream ->
    [all] all output
   *[other] { $stream }
}
log-body = <pre>{ $lines }</pre>
log-not-here = Logs stay out of Telegram in this lab. Read it on the portal: { $portal }
log-empty = <i>Nothing here yet.</i>
log-no-match = No line matches <code>{ $pattern }</code>.
log-file = Log of <b>{ $name }</b> ({ log-stream })
log-not-yet = <b>{ $name }</b> has no log yet: it is { STATE($state) }. I'll tell you when it starts.
log-not-yours = <code>{ $name }</code> is not your job. Its log is its owner's to show.
log-bad-pattern = <code>{ $pattern }</code> is no valid pattern: { $detail }.
log-slow-pattern = <code>{ $pattern }</code> takes too long to look for. Use a simpler pattern.
button-stream = { log-stream }
button-log-file = Whole log as file
job-near = Or did you mean one of these?
stop-not-yours = <code>{ $name }</code> is not your job; only its owner or an admin stops it.
how-jobs =
    <code>/jobs</code> all of your jobs, newest first
    <code>/jobs running</code> only those in a state: <code>waiting running succeeded failed stopped</code>
    <code>/jobs failed since=2d</code> of the last 2 days (<code>m h d w</code>)
    <code>/jobs vc=default image=torch resnet</code> by virtual cluster, image and words of the name
how-jobs-group = <code>/jobs</code> shows what is waiting and running in the lab. Your own list is in our private chat.
how-job =
    <code>/job</code> your latest jobs to choose from
    <code>/job NAME</code> the card of your job
    <code>/job USER~NAME</code> somebody else's, as far as everybody may see it
how-logs =
    <code>/logs NAME</code> the last 50 lines
    <code>/logs NAME stderr n=200</code> only <code>stdout</code> or <code>stderr</code>, 200 lines
    <code>/logs NAME grep=loss</code> only lines that match
    <code>/logs NAME file</code> the whole log as a file
    <code>role=worker task=1 attempt=0</code> of that task role, task or attempt
how-stop = <code>/stop NAME</code> or <code>/stop NAME NAME</code> stops jobs; I ask first. Without a name you choose from a list.
job-of-several = Several people have a job called <code>{ $name }</code>. Write whose you mean: <code>{ $jobs }</code>
stop-under-way = <b>{ $name }</b> is being stopped already. This can take a few minutes.
