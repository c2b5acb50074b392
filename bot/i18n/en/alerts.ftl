### Alerts, digests and quiet hours.

alert-started = ▶️ <b>Running</b>: { job-called }
alert-succeeded = ✅ <b>Succeeded</b>: { job-called }
alert-failed = ❌ <b>Failed</b>: { job-called }
alert-stopped = ⏹ <b>Stopped</b>: { job-called }
alert-retrying = 🔁 <b>Trying again</b> ({ $attempt }): { job-called }
job-called = { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <code>{ $name }</code>
}
alert-where = { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
} in <code>{ $vc }</code>
alert-waited = Waited { DURATION($seconds) }
alert-ran = Ran { DURATION($seconds) }
alert-last = <pre>{ $line }</pre>
alert-log = Last lines of the log:
    <blockquote expandable>{ $lines }</blockquote>
digest-many = <b>{ $count } updates on your jobs</b>
digest-quiet = <b>During quiet hours: { $count } { $count ->
    [1] update
   *[other] updates
}</b>
digest-failed = ❌ <b>Failed</b>: { job-called } · exit code <b>{ $code }</b>
digest-log = Log of { $name }
digest-more = … and { $count } more; /jobs shows them.

alerts-title = <b>What should I tell you about?</b> Tap to switch.
alerts-switch = { $on ->
    [yes] 🔔
   *[no] 🔕
} { alert-event }
alert-event = { $event ->
    [started] started
    [succeeded] succeeded
    [failed] failed
    [stopped] stopped
    [quota] your share of the disk
    [storage_full] disk full
    [storage_low] disk filling up
    [image_pushed] my images
    [registry_full] registry full
   *[retrying] trying again
}
alerts-quiet = Quiet hours: { $start }–{ $end }. Failures still come at once, without sound; the rest comes afterwards, in one message.
alerts-not-quiet = Quiet hours: off.
alerts-usage = Write <code>/alerts</code> alone for buttons, <code>/alerts quiet 23:00-07:00</code>, <code>/alerts quiet off</code>, or an event with on or off: <code>{ $events }</code>.
quiet-choose = When should it be quiet?
quiet-ask = From when to when? Write it like <code>23:30-07:00</code>.
quiet-bad = I don't understand <code>{ $words }</code>. Write it like <code>23:30-07:00</code>, or <code>off</code>.
quiet-preset = { $start }–{ $end }
button-quiet = Quiet hours
button-quiet-own = Other times
button-quiet-off = Off
how-alerts =
    <code>/alerts</code> buttons for everything
    <code>/alerts started off</code> switches one event: <code>started succeeded failed stopped retrying</code>
    <code>/alerts quiet 23:00-07:00</code> quiet hours; <code>/alerts quiet off</code> ends them
