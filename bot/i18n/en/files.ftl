### The personal folder on the storage server.

files-dots = <code>..</code> is not understood in <code>{ $path }</code>. Write the whole path, from your personal folder downwards.
files-outside = <code>{ $path }</code> is not in your personal folder, which is <code>{ $root }</code>. Pailot works only in there.
files-bad-name = <code>{ $name }</code> can't be the name of a file: { $problem ->
    [long] it is too long
    [nul] it holds a character that no name may have
    [bytes] it is not valid UTF-8
   *[other] it is empty or has a slash in it
}. Choose another.
files-missing = There is nothing at <code>{ $path }</code>. Check the path, upper and lower case too; /ls shows what is there.
files-exists = There is something called <code>{ $path }</code> already. Pailot never replaces a file unasked: choose another name, or move the old one away first.
files-no-right = The storage server does not allow that for <code>{ $path }</code>. A job wrote it under another account, most likely. Change its rights in a job (<code>chmod -R g+w</code>), or ask an admin to run <code>chown -R</code> on it.
files-link = <code>{ $path }</code> is a link or leads through one. Pailot follows no links, so that nobody can be led out of their folder. Use the path it points to.
files-wrong-kind = <code>{ $path }</code> is not of the right kind for this: a directory where a file is needed, or the other way round.
files-hard-link = <code>{ $path }</code> has a second name elsewhere (a hard link), so Pailot does not read it. Make a copy (<code>cp</code>) and use that.
files-disk-full = No room left on the storage server. Delete what you no longer need with /rm and free it with <code>/trash empty</code>, or tell an admin.
files-host-key = The storage server shows another host key than the agreed one. Nothing was sent to it. Tell an admin: either it was set up anew, or somebody is in between.
files-not-caged = Pailot's account on the storage server has no shell and is not shut into the data directory (chroot), so no path would be safe. An admin must change one of the two.
files-login-refused = The storage server refuses Pailot's account. Tell an admin: the key or password in the settings is not right.
files-no-root = The storage server has no directory <code>{ $root }</code>, or Pailot's account may not enter it. Tell an admin.
