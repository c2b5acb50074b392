### What Pailot does for folders by itself.

log-kept = <i>OpenPAI no longer has this log. This is its end (256 KB at most), kept in your personal folder.</i>

## Space, counted by the clock

du-all-title = <b>Personal folders</b>: { SIZE($bytes) } in { $count }
du-all-one = { SIZE($bytes) }{ GIVEN($complete) ->
    [yes] {""}
   *[no] {" "}or more
} · { $name } · <code>{ $folder }</code> · counted { AGO($age) }
du-all-more = … and { $count } smaller ones.
button-du-all = By person
alert-quota = 💾 <b>{ GIVEN($over) ->
    [yes] Your personal folder is over its share
   *[no] Your personal folder is nearly full
}</b>: { SIZE($used) } of { SIZE($quota) }. /du shows what takes the space; /rm and then <code>/trash empty</code> free it.
alert-quota-of = 💾 <b>{ $name }</b> { GIVEN($over) ->
    [yes] is over the share each person has
   *[no] has nearly used up their share
}: { SIZE($used) } of { SIZE($quota) }. <code>/du all</code> shows everybody.
alert-storage_low = 💾 <b>The storage server is filling up</b>: { SIZE($free) } of { SIZE($total) } left. <code>/du all</code> shows who has how much.
alert-storage_full = 🚨 <b>The storage server is full</b>: { SIZE($free) } of { SIZE($total) } left. Jobs can't save results now. Please free what you can: /du, /rm and <code>/trash empty</code>.
unread-title = 🕸 <b>Still needed?</b> In { $count ->
    [one] one directory
   *[other] { $count } directories
} of your personal folder ({ SIZE($bytes) }) nothing was read or changed for { $days } days.
unread-how = Look in, and delete what nobody needs any more; it stays in the trash for 7 days.
unread-kept = Kept. I ask again in { $days } days at the earliest.
button-unread-show = 📁 { $name }
button-unread-keep = Keep all of it

## Paths in a job

button-repair-path = Use { $path }
mount-no-storage = OpenPAI has no storage that you may use, so <code>mount=plugin</code> can't work. Leave <code>mount=</code> out, or ask an admin.
check-image-mount = ⚠️ { GIVEN($ours) ->
    [yes] The image <code>{ $image }</code> has no nfs-common: it will be installed at each start, which takes a minute and the network. Better have it in the image.
   *[no] The command mounts by NFS, and the image <code>{ $image }</code> has no nfs-common. Put <code>apt update &amp;&amp; apt install -y nfs-common</code> before it.
}

## Files of another account

files-not-ours = The storage server does not let Pailot's account (<code>{ $account }</code>) do that to <code>{ $path }</code>: a job wrote it under another account, most likely, and kept it to itself. Either of these helps:
    In a job: <pre>{ $job }</pre>
    By an admin on the storage server: <pre>{ $admin }</pre>
    Jobs that mount the folder by /run write files that everybody of the lab's group may change.
trash-failed = ⚠️ Not removed: <code>{ $paths }</code>. Jobs wrote files there under another account. They stay in the trash; an admin frees their space on the storage server by
    <pre>{ $admin }</pre>
files-changing = <code>{ $path }</code> changes while it is read: a job is writing it, most likely. Try again when it is done, or copy it away in the job first.

## Several files at once

album-offer = Save { $count ->
    [one] this file
   *[other] these { $count } files
} ({ SIZE($bytes) }) in <code>{ $path }</code>? A caption on them names another directory.
album-saved = ✅ { $count ->
    [0] Nothing was saved
    [one] One file was saved
   *[other] { $count } files were saved
}. Path inside the job: <code>{ $path }</code>
album-exists = There already: <code>{ $names }</code>. Replace { $count ->
    [one] it? The old one goes
   *[other] them? The old ones go
} to the trash.
album-large = Too large for Telegram, which hands over 20 MB: <code>{ $names }</code>. /upload takes any size.

## Lines to copy

copy-up =
    <pre>scp -P { $port } -r DIRECTORY { $there }
    rsync -avPs -e "ssh -p { $port }" DIRECTORY { $there }
    sftp -P { $port } { $there }</pre>
    Put your directory's name for <code>DIRECTORY</code>. rsync goes on where it stopped; in sftp, <code>put -r DIRECTORY</code> sends and <code>reput</code> goes on.
copy-down =
    <pre>scp -P { $port } -r { $there } .
    rsync -avPs -e "ssh -p { $port }" { $there } .
    sftp -P { $port } { $account }</pre>
copy-windows = On Windows: PowerShell has <code>scp</code> and <code>sftp</code> (not rsync), the lines above work there. With windows to drag into: WinSCP, MobaXterm or Xftp, protocol SFTP, host <code>{ $host }</code>, port <code>{ $port }</code>, user <code>{ $user }</code>, folder <code>{ $path }</code>.
copy-key = The storage server must know your computer's key. <code>ssh-keygen -t ed25519</code> makes one there; send an admin the line in <code>~/.ssh/id_ed25519.pub</code> (never the file without <code>.pub</code>), they add it with <code>restrict,command="internal-sftp"</code> in front. The key that /login storage makes stays with Pailot and can't be used on your computer.
