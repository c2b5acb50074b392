### Words used everywhere. The terms are fixed: see the glossary in CONTRIBUTING.

## Jobs

job-state = { $state ->
    [waiting] waiting
    [running] running
    [stopping] stopping
    [succeeded] succeeded
    [failed] failed
    [stopped] stopped
    [retrying] retrying
   *[unknown] state unknown
}
job-icon = { $state ->
    [waiting] ⏳
    [running] ▶️
    [stopping] ⏹
    [succeeded] ✅
    [failed] ❌
    [stopped] ⏹
    [retrying] 🔁
   *[unknown] ❔
}

## Systems

system-name = { $system ->
    [openpai] OpenPAI
    [harbor] Harbor
    [storage] the storage server
    [prometheus] Prometheus
    [telegram] Telegram
    [registry] the image registry
   *[other] { $system }
}

## Units

unit-day = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
unit-hour = { $count } h
unit-minute = { $count } min
unit-second = { $count } s
ago-then = { $duration } ago
ago-now = just now

## Buttons

button-yes = Yes
button-no = No
button-cancel = Cancel
button-back = Back
button-next = Next
button-previous = Previous
button-refresh = Refresh
button-close = Close
button-edit = Edit
button-submit = Submit
button-submit-anyway = Submit anyway
button-log = Log
button-stop = Stop
button-portal = Portal
button-help = Help
