### What did not work: what happened, why, and what to do next.

error-unavailable = No proper answer from { system-name } just now{ GIVEN($detail) ->
    [yes] {" "}({ $detail })
   *[no] {""}
}. It is not your fault: try again in a minute or two, and tell an admin if it stays like this.
error-busy = Too many requests to { system-name }; it asked us to slow down. Try again in { DURATION($seconds) }.
error-login-needed = This needs your account on { system-name }. Send { login-command } to link it, it takes a minute.
error-token-refused = The token kept for you was refused by { system-name }. Sometimes that passes by itself: try again in a few minutes. If it stays, send { login-command } to link your account again.
error-wrong-login = Wrong login: user name or password is not right for { system-name }. Check upper and lower case and send { login-command } again; an admin can reset a forgotten password.
error-denied = You are not allowed to do this on { system-name }{ GIVEN($detail) ->
    [yes] : <i>{ $detail }</i>
   *[no] .
}
    If you need it, ask an admin for the right.
error-not-found = { $what ->
    [job] There is no job <code>{ $name }</code>. Send /jobs to see yours; somebody else's is written <code>user~job</code>.
    [log] There is no log of <code>{ $name }</code>: the job may not have started yet, or the log was cleaned away.
    [user] There is no user <code>{ $name }</code>. Check the spelling, upper and lower case too.
    [vc] There is no virtual cluster <code>{ $name }</code>. Send /gpu to see them all.
    [image] The registry has no <code>{ $name }</code>. Check name and tag.
    [file] There is no file <code>{ $name }</code>. Check the path, upper and lower case too.
   *[other] There is no <code>{ $name }</code>. Check the name and try again.
}
error-name-taken = The job name <code>{ $name }</code> is used up. OpenPAI never lets a name be used twice: choose another, for instance with the date at the end.
error-refused = Not accepted by { system-name }{ GIVEN($detail) ->
    [yes] . It says:
    <blockquote>{ $detail }</blockquote>
   *[no] .
}
    Correct that and try again; if it makes no sense to you, forward it to an admin.
error-internal = Pailot itself failed. It is not your fault, and it was noted down. Try again; if it stays, send an admin the reference <code>{ $ref }</code>.

login-command = { $system ->
    [openpai] /login
   *[other] /login { $system }
}
