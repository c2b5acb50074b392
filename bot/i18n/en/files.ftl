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
files-wrong-kind = <code>{ $path }</code> is not of the right kind for this: no file where one is needed, or no directory where one is needed. /ls shows what is there.
files-hard-link = <code>{ $path }</code> has a second name elsewhere (a hard link), so Pailot does not read it. Make a copy (<code>cp</code>) and use that.
files-disk-full = No room left on the storage server. Delete what you no longer need with /rm and free it with <code>/trash empty</code>, or tell an admin.
files-host-key = The storage server shows another host key than the agreed one. Nothing was sent to it. Tell an admin: either it was set up anew, or somebody is in between.
files-not-caged = Pailot's account on the storage server has no shell and is not shut into the data directory (chroot), so no path would be safe. An admin must change one of the two.
files-login-refused = The storage server refuses Pailot's account. Tell an admin: the key or password in the settings is not right.
files-no-root = The storage server has no directory <code>{ $root }</code>, or Pailot's account may not enter it. Tell an admin.

## Commands

help-ls = what is in your personal folder
how-ls =
    <code>/ls</code> shows your personal folder, <code>/ls code/resnet</code> a directory in it. Each entry has the path by which a job finds it.
help-get = have a file sent here
how-get =
    <code>/get results/log.txt</code> sends the file here, up to 50 MB.
help-put = put a file into your personal folder
how-put =
    Send me a file (as a document, up to 20 MB), and I'll ask where to put it. A caption names the place: <code>code/train.py</code>, or a directory with a slash at its end: <code>data/</code>.
help-upload = bring data of any size to the storage server
how-upload =
    <code>/upload</code> shows how to bring files and whole directories of any size from your computer.
help-mkdir = make a directory
how-mkdir =
    <code>/mkdir data/cifar10</code> makes the directory, and what is missing above it.
help-mv = move or rename a file or directory
how-mv =
    <code>/mv old.py code/new.py</code> moves or renames. A path with spaces needs quotes: <code>/mv "my data" data</code>. A slash at the end means a directory, which is made if it is not there: <code>/mv old.py code/</code>.
help-rm = move something to the trash
how-rm =
    <code>/rm data/old</code> moves it to the trash, where it can be restored for 7 days.
help-trash = restore what you deleted, or free its space
how-trash =
    <code>/trash</code> shows the trash, <code>/trash empty</code> frees the space now.
help-du = how much space your files take
how-du =
    <code>/du</code> counts your personal folder, <code>/du data</code> one directory of it. Admins: <code>/du all</code> shows everybody's.

## Looking around

files-none = This lab has not told Pailot about a storage server.
files-listing = { GIVEN($path) ->
    [yes] 📁 <code>{ $path }</code>
   *[no] 📁 <b>Your personal folder</b>
} · { $total ->
    [one] { $total } entry
   *[other] { $total } entries
}{ $pages ->
    [1] {""}
   *[other] , page { $page }/{ $pages }
}
files-in-job = Path inside the job: <code>{ $path }</code>
files-on-server = On the storage server: <code>{ $path }</code>
files-empty = <i>Nothing in here yet.</i>
files-icon = { $kind ->
    [directory] 📁
    [link] 🔗
    [file] 📄
   *[other] ⚙️
}
files-entry = { files-icon } <code>{ $path }</code>{ $kind ->
    [file] {" "}· { SIZE($bytes) }
   *[other] {""}
} · { AGO($age) }{ GIVEN($odd) ->
    [yes] {" "}· <i>its name is not UTF-8, so it can't be used here</i>
   *[no] {""}
}
files-card = { files-icon } <b>{ $name }</b>{ $kind ->
    [file] {" "}· { SIZE($bytes) }
   *[other] {""}
}
files-changed = Changed { AGO($age) }
files-near = Did you mean one of these?
files-made = 📁 Made. Path inside the job: <code>{ $path }</code>
files-there = There already: <code>{ $path }</code>
files-moved = <code>{ $old }</code> is now <code>{ $new }</code>.
files-whole-folder = That is your whole personal folder. It stays where it is; name something in it.
files-into-itself = <code>{ $path }</code> can't be moved into itself.
files-own = <code>{ $path }</code> is Pailot's own: the trash and unfinished uploads are kept there.
files-too-large = Telegram takes files of up to 50 MB; this one has { SIZE($bytes) }.

button-entry = { files-icon } { $name }
button-files = Files
button-put = Send a file
button-up = ⬆️ Up
button-du = Space
button-get = Send it here
button-copy-path = Copy path
button-run-it = Run it
button-trash = Delete

## Space

du-total = <code>{ $path }</code>: { SIZE($bytes) }{ GIVEN($complete) ->
    [yes] {""}
   *[no] {" "}or more: not everything could be counted
}
du-quota = { $percent } % of the { SIZE($bytes) } that each person has
du-space = Free on the disk: { SIZE($free) } of { SIZE($total) }
du-biggest = <b>Biggest</b>
du-part = { SIZE($bytes) } · <code>{ $name }</code>
du-oldest = <b>Unchanged for long</b>
du-old = { AGO($age) } · { SIZE($bytes) } · <code>{ $name }</code>

## Trash

trash-thrown = 🗑 <code>{ $path }</code> is in the trash. Its space is freed after 7 days, or now with <code>/trash empty</code>.
trash-title = <b>Trash</b> ({ $count }). Each thing is removed for good 7 days after you deleted it; its space is freed only then.
trash-thing = <code>{ $path }</code> · { AGO($age) }
trash-nothing = The trash is empty.
trash-sure = Remove { $count ->
    [one] the one thing
   *[other] all { $count } things
} in the trash for good? This frees the space and cannot be undone.
trash-emptied = { $count ->
    [0] Nothing was removed.
    [one] One thing was removed for good. Its space is free.
   *[other] { $count } things were removed for good. Their space is free.
}
trash-restored = Back again: <code>{ $path }</code>
trash-gone = That is no longer in the trash.
trash-no-room = The disk is so full that there is no room even for a trash. Delete it for good in a job: <code>{ $command }</code>, or ask an admin.
trash-back = That is no longer in the trash, but there is a <code>{ $path }</code>: most likely it is back already.
button-restore = Restore
button-restore-this = ↩️ { $name }
button-empty = Empty the trash
button-empty-yes = Remove for good

## Files from and to the chat

get-file = <code>{ $path }</code>
get-empty = <code>{ $path }</code> is empty, and Telegram sends no empty files.
get-directory = Only single files can be sent here. A whole directory is copied from your own computer:
get-too-large = Telegram sends files of up to 50 MB; this one has { SIZE($bytes) }. Copy it from your own computer:
put-how = Send me the file as a document (📎), up to 20 MB, and I'll ask where to put it. Its caption may name the place: <code>code/train.py</code>. Larger data goes from your own computer:
put-offer = Save it ({ SIZE($bytes) })? Path inside the job: <code>{ $path }</code>
put-exists = There is a <code>{ $path }</code> already. Replace it? The old one goes to the trash.
put-done = ✅ Saved. Path inside the job: <code>{ $path }</code>
put-too-large = Telegram hands over files of up to 20 MB; this one has { SIZE($bytes) }. Copy it from your own computer:
upload-lines = Data of any size goes straight from the computer where it is. In a terminal there:
button-save = Save
button-save-run = Save and run
button-replace = Replace

## The first time

folder-propose = You have no personal folder on the storage server yet. It lies below <code>{ $root }</code> and is called after you. Which name?
folder-which = Write the name: letters, digits, <code>-</code> and <code>_</code>, usually your full name.
folder-bad-name = <code>{ $name }</code> can't be the name of a personal folder: use letters, digits, <code>-</code> and <code>_</code>, at most 32 of them.
folder-taken = <code>{ $name }</code> is somebody else's personal folder. Choose another name.
folder-yours = ✅ Your personal folder is <code>{ $path }</code>. A job finds it as <code>{ $inside }</code>: the folder's own name is not part of the path there.
folder-asked = <code>{ $name }</code> exists already, so I asked the admins whether it is yours. You will hear from me.
folder-ask-admin = <b>{ $person }</b> (<code>{ $id }</code>) asks for the personal folder <code>{ $name }</code>, which existed before Pailot. Is it theirs?
folder-granted = ✅ <code>{ $name }</code> is your personal folder now. /ls shows what is in it.
folder-refused = An admin says that <code>{ $name }</code> is not your personal folder. Choose another name: /ls
folder-grant-done = <code>{ $name }</code> is theirs now.
folder-refuse-done = Refused. They were told to choose another name.
button-folder-take = 📁 { $name }
button-folder-other = Another name
button-folder-grant = It is theirs
button-folder-refuse = No

## Before a job

check-path-unknown = ❔ The storage server did not answer; the paths in the command were not checked.
check-path-missing = { $grade ->
    [bad] ❌
   *[warn] ⚠️
} There is no <code>{ $path }</code> in your personal folder.{ GIVEN($suggestion) ->
    [yes] {" "}Did you mean <code>{ $suggestion }</code>?
   *[no] {""}
}
check-path-own_name = ❌ <code>{ $path }</code>: your folder's own name is not part of the path inside the job. There it is <code>{ $suggestion }</code>.
check-path-outside = ❌ <code>{ $path }</code> is a path of the storage server, which a job does not have.{ GIVEN($suggestion) ->
    [yes] {" "}The path inside the job is <code>{ $suggestion }</code>.
   *[no] {" "}It is not in your personal folder either.
}

## The upload page

upload-page = Upload files and whole folders of any size. They arrive in <code>{ $path }</code> (path inside the job).
upload-link = The page for this device: <a href="{ $url }">{ $url }</a>
upload-code = On another computer, open <code>{ $url }</code> and type <code>{ $code }</code> (good for 10 minutes).
upload-arrived = ✅ { $count ->
    [one] Your upload ({ SIZE($bytes) }) is there.
   *[other] Your upload of { $count } files ({ SIZE($bytes) }) is there.
} Path inside the job: <code>{ $path }</code>
upload-gone = This upload is not known any more. Choose the file again.
upload-damaged = <code>{ $path }</code> arrived damaged and was thrown away. Send it again.
upload-quota = { SIZE($bytes) } more would be over your share: you have { SIZE($used) } of { SIZE($quota) }. Free space with /rm and <code>/trash empty</code>.
upload-no-room = The disk of the storage server has only { SIZE($free) } left, too little for { SIZE($bytes) }. Tell an admin.
upload-offset = A piece in between is missing. Try again: it goes on where it stopped.
upload-busy = The same file is being sent from another page. When that is done or closed, it goes on here.
button-upload-page = Open the page
button-copy-lines = scp, rsync, sftp
check-mount-on = ✅ Your personal folder will be mounted, so its files are there.
mount-not-here = This lab's jobs do not mount personal folders. Leave <code>mount=</code> out.
mount-no-folder = You have no personal folder yet. Send /ls to make one; then <code>mount=on</code> brings it into your jobs.
