### What the storage server fetches by itself, and what takes a while there.

help-transfer = let the storage server fetch something by itself
how-transfer =
    Pailot asks the storage server to fetch it; your own computer can be off meanwhile.
    <code>/transfer https://data.example.edu/cifar-10.tar.gz data/</code> a file from the web
    <code>/transfer https://git.example.edu/lab/net.git code/net</code> a git repository
    <code>/transfer ann@lab.example.edu:/home/ann/data data</code> from another computer, with rsync (write <code>scp</code> in front for scp, <code>port=2222</code> at the end for another port)
    The last word is where it goes in your personal folder; without it, it keeps its own name. Nothing begins before you tap.

transfer-plan = <b>{ $way ->
    [url] Download
    [git] Clone a git repository
    [scp] Copy with scp
   *[rsync] Copy with rsync
}</b> <code>{ $name }</code>
transfer-into = Path inside the job: <code>{ $path }</code>, on the storage server <code>{ $server }</code>
transfer-size = Size: { SIZE($bytes) }
transfer-hops = It is handed on to { $hosts }.
transfer-login = Your message has a login in it. Pailot keeps it encrypted until the transfer is over and shows it nowhere; delete the message yourself.
transfer-host-key = Host key of <code>{ $host }</code>: <code>{ $key }</code>
    Compare it if you know it. Any other key will stop the transfer.
transfer-own-key = For this the storage server has a key of yours. This line must stand in <code>~/.ssh/authorized_keys</code> of <code>{ $account }</code>:
    <pre>{ $key }</pre>
transfer-exists = ⚠️ There is a <code>{ $path }</code> already. <i>Replace</i> puts the old one into the trash when the new one is whole.
transfer-going = ⬇️ <code>{ $name }</code>: { SIZE($bytes) }{ $total ->
    [0] {""}
   *[other] {" "}of { SIZE($total) }
}{ $percent ->
    [-1] {""}
   *[other] {" "}({ $percent } %)
}{ $speed ->
    [0] {""}
   *[other] , { SIZE($speed) }/s
}{ $left ->
    [0] {""}
   *[other] , about { DURATION($left) } left
}
transfer-arrived = ✅ Fetched. Path inside the job: <code>{ $path }</code>
transfer-arrived-beside = ✅ Fetched. Something else took the place <code>{ $wanted }</code> meanwhile, so it is here. Path inside the job: <code>{ $path }</code>

errand-begun = ⏳ <code>{ $name }</code> begins. It goes on by itself, whatever happens to this chat.
errand-stopping = Being cancelled …
errand-cancelled = Cancelled: <code>{ $name }</code>. Nothing of it was kept.
errand-failed = ❌ <code>{ $name }</code>: { $why } Nothing half done was left in your personal folder.
errand-broken = ❌ Something went wrong in Pailot itself. Tell an admin; nothing half done was left in your personal folder.
errand-gone = That was too long ago. Send the command again.
errand-under-way = It is under way already.
errand-over = It is over already.
errand-many = You have { $count } of these under way. Wait until one is done, or cancel one.
errand-quota = Your share is full: you have { SIZE($used) } of { SIZE($quota) }. Free space with /rm and <code>/trash empty</code>.
errand-no-room = The disk of the storage server has only { SIZE($free) } left. Tell an admin.
button-errand-begin = Start
button-errand-stop = Cancel

## What is refused

transfer-needs-shell = The storage server lets Pailot move files only, not run programs, so it can't fetch by itself. Use /upload from the computer where the data is.
transfer-no-tool = The storage server has no <code>{ $tool }</code> (or one too old to be used safely; git must be 2.37 or newer). Ask an admin to install it.
transfer-quotes = A quote is never closed. Put quotes around a path with spaces: <code>/transfer https://… "my data"</code>
transfer-many = I don't know what <code>{ $word }</code> means. It is <code>/transfer SOURCE TARGET</code>; put quotes around a path with spaces.
transfer-bad-port = <code>{ $port }</code> is no port: a number from 1 to 65535.
transfer-bad-source = <code>{ $source }</code> is nothing that can be fetched. Write a web address (<code>https://…</code>), a git repository, or <code>user@host:path</code> without special characters.
transfer-scheme = <code>{ $scheme }</code> addresses are not fetched. Write <code>https://…</code> or <code>http://…</code>, a git repository over https or ssh, or <code>user@host:path</code> for rsync and scp.
transfer-way = That address can't be fetched with <code>{ $way }</code>. Leave that word out; scp and rsync need <code>user@host:path</code>.
transfer-git-http = git is used over https or ssh only, as plain http can be changed on the way. Write <code>https://…</code>
transfer-ssh-password = Passwords are not used with ssh. Leave it out: the storage server logs in with a key of yours.
transfer-unknown-host = The storage server finds no address for <code>{ $host }</code>. Check the name.
transfer-closed = <code>{ $host }</code> leads to an address inside this site's own network, which transfers may not reach. If it should be open, an admin can add it to <code>storage.transfer_networks</code>.
transfer-bad-redirect = <code>{ $host }</code> hands on to somewhere that is not fetched, or too many times. Open the address in a browser and send the one where it ends.
transfer-no-answer = No SSH server answers at <code>{ $host }</code>. Check name and port (<code>port=2222</code>).
transfer-answered = The server answered { $status ->
    [401] that a login is needed (401). Write it into the address: <code>https://user:password@…</code>
    [403] that it is forbidden (403). Check the address; it may want a login.
    [404] that there is no such file (404). Check the address.
    [500] that it is in trouble itself (500). Try again later.
    [502] that it is in trouble itself (502). Try again later.
    [503] that it is in trouble itself (503). Try again later.
    [504] that it is in trouble itself (504). Try again later.
   *[other] { $status }. Check the address.
}
transfer-broke = { $why ->
    [name] The name was not found.
    [connect] Nobody answers there.
    [stalled] Nothing came for too long.
    [tls] Its certificate could not be verified.
   *[cut] The connection was cut.
} Try again later.
transfer-key-refused = <code>{ $host }</code> does not accept your key. Put the line that was shown before into <code>~/.ssh/authorized_keys</code> there, and try again.
transfer-too-large = It is larger than your share or the disk has room for. Free space with /rm and <code>/trash empty</code>, or ask an admin.
transfer-disk-full = The disk of the storage server got too full. Tell an admin.
transfer-too-long = It took longer than { DURATION($seconds) }. Fetch it in several parts.
transfer-nothing = There was nothing to be kept: empty, or a link. Check what the source holds.
transfer-died = It was ended on the storage server, most likely by a restart. Send the command again.
transfer-failed = The storage server could not fetch it. Its own words: <i>{ $said }</i>
