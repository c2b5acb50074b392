### What the chat itself says: buttons, places, passwords.

button-expired = This button is too old. Send the command again.
button-not-yours = This button is { $name }'s.
button-used = This was already done.
button-run-line = { $line }
button-do-it-now = Do it now
button-open-private = Open private chat
button-login = Link my account
answered-privately = The answer is in our private chat.
come-to-private = { $name }, this answer is only for you. Open our private chat once, and I can send it there.
only-in-groups = <code>/{ $name }</code> is for groups: write it in the group that it is meant for.
unknown-command = I don't know <code>/{ $name }</code>.
unknown-command-help = Send /help for everything I can do.
dialog-open = I am still waiting for that answer; /cancel ends my question.
did-you-mean = Did you mean <code>{ $name }</code>?
only-admins = Only admins may do this.
only-members = This needs your OpenPAI account. Send /login to link it, it takes a minute.
asked-late = This reached me { $minutes } minutes late: <code>{ $line }</code>. Nothing was done. Do it now?
secret-not-deleted = ⚠️ I could not delete your message with the secret. Delete it yourself, please.
secret-in-group = 🔒 You wrote { $command } with a password in a group. I did not use it and deleted the message, but others may have read it: change that password, then send { $command } here in private.
secret-in-group-left = 🔒 You wrote { $command } with a password in a group. I did not use it, but I could not delete the message: delete it now, change that password, then send { $command } to me in private.
not-understood = I did not understand that. You may want one of these:
cancelled = Cancelled. Nothing was changed.
error-nobody-linked = Nobody has linked an OpenPAI account yet, so I can't look at the cluster. Send me /login in private.
nobody-asks = I can't see who you are. Write as yourself, not as the group or a channel.
secret-too-late = That took too long, so I did not use it; your message is deleted. Send the command again to start over.
file-not-taken = ⚠️ Telegram did not take the file <code>{ $name }</code>; it may be too large.
pasted-command = That looks like a command. Run it on the cluster?
    <pre>{ $command }</pre>
pasted-traceback = That looks like an error of a program. Which job is it from? I'll show you its log.
pasted-image = That is an image. Run something on it:
    <pre>/run image={ $image } gpu=1 python /mnt/train.py</pre>
button-run-this = Run it
