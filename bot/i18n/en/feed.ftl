### The feed of a group: /feed and what comes by it.

help-feed = what this group is told (admins)
how-feed =
    <code>/feed</code> buttons for every event
    <code>/feed +image_pushed -quota</code> switches events by their names; <code>+all</code> and <code>-all</code> work too
    What happened comes here about every half minute, without sound, as one message with a line for each. In a group with topics it comes to the one in which /feed was set.
feed-title = <b>What should this group be told?</b> Tap to switch, or write <code>/feed +EVENT -EVENT</code>.
feed-event = { $on ->
    [yes] 🔔
   *[no] 🔕
} <code>{ $event }</code>: { $event ->
    [started] a job begins to run
    [succeeded] a job succeeded
    [stopped] a job was stopped
    [image_pushed] an image was pushed or deleted, or its scan found something bad
    [quota] a project of the registry is (nearly) full
    [storage_low] the storage server is filling up
   *[storage_full] the storage server is full
}
feed-switch = { $on ->
    [yes] 🔔
   *[no] 🔕
} { $event ->
    [started] started
    [succeeded] succeeded
    [stopped] stopped
    [image_pushed] images
    [quota] registry full
    [storage_low] disk filling up
   *[storage_full] disk full
}
feed-no-failures = Failed and retried jobs are never told to a group, only to their owners, in private.
feed-unknown = I don't know the event <code>{ $word }</code>; nothing was changed.{ GIVEN($nearest) ->
    [yes] {" "}Did you mean <code>{ $nearest }</code>?
   *[no] {""}
} There are: <code>{ $events }</code>
feed-more = … and { $count } more.

feed-job = { ICON($state) } <b>{ $name }</b> · { $owner } · { STATE($state) } · { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
}
feed-image = { $kind ->
    [pushed] 📦 <b>{ $name }</b> was pushed by { $who }
    [deleted] 🗑 <b>{ $name }</b> was deleted by { $who }
   *[scanned] 🔎 The scan of <b>{ $name }</b> found: { $critical } critical, { $high } high
}
feed-quota = 📊 Project <b>{ $project }</b> of the registry is (nearly) full: { $detail }
feed-storage = { GIVEN($full) ->
    [yes] 🚨 <b>The storage server is full</b>, jobs can't save results
   *[no] 💾 <b>The storage server is filling up</b>
}: { SIZE($free) } of { SIZE($total) } left
