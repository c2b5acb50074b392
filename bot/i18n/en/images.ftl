### Images: naming, finding, checking, copying, deleting them.

image-no-name = There is no image in that. Write it like <code>harbor.example.edu/lab/torch:1.13</code> or <code>ufoym/deepo:py36</code>.
image-only-digest = A digest alone does not say where the image is. Put the name in front: <code>harbor.example.edu/lab/torch@sha256:…</code>
image-page-link = That is the address of a page. Copy the pull line from the page instead, or search with <code>/images</code> and a word of the name.
image-not-one = <code>{ $words }</code> is more than one word, and an image has no spaces. Write only the image.
image-unreadable = <code>{ $words }</code> can't be an image. It is written <code>host/project/name:tag</code>, all lower case but for the tag.
image-blocked = The registry has this image and does not hand it out{ GIVEN($detail) ->
    [yes] : <i>{ $detail }</i>
   *[no] : its policy forbids it.
}
image-immutable = A rule of the project keeps <code>{ $tag }</code> as it is. Use another tag, or ask the project's admin.
image-referenced = This image is one part of a multi-platform image. Delete that one first.
image-elsewhere = <code>{ $host }</code> is not among the registries of this site, so I don't ask it.
image-changed = <code>{ $name }</code> has changed since I showed it. Nothing was done; look at it again.
harbor-too-old = This Harbor is version 1. Deleting one tag there deletes every tag of the same image, so I only read it.
harbor-none = This site has no Harbor in its settings.
harbor-no-admin = This needs the site's own Harbor account, which the settings do not have. Ask whoever runs Pailot.
harbor-ask-user = Your user name on Harbor, please. A robot's name works too, as Harbor wrote it.
harbor-ask-secret = And the password of <code>{ $user }</code>. If you sign in to Harbor through your university, use the <b>CLI secret</b> from your Harbor profile. I delete the message at once.
harbor-linked = ✅ Linked to Harbor as <b>{ $user }</b>{ $kind ->
    [robot] {" "}(a robot).
    [oidc] {" "}(with a CLI secret: looking, pulling and deleting tags work).
   *[user] .
} Your private images can now be used in jobs.
harbor-unlinked = Your Harbor login is deleted here. On Harbor itself nothing changes.

help-images = the lab's images, newest first; /images WORD searches
help-image = one image: versions, size, who used it
how-image = <code>/image harbor.example.edu/lab/torch:1.13</code>
how-images = <code>/images torch</code>

images-title = { GIVEN($word) ->
    [yes] <b>Images with “{ $word }”</b>
   *[no] <b>Images in Harbor</b>
} ({ $count }){ $pages ->
    [1] {""}
   *[other] , page { $page } of { $pages }
}
images-none = { GIVEN($word) ->
    [yes] No image in Harbor has <code>{ $word }</code> in its name. Private ones show after <code>/login harbor</code>.
   *[no] There is no image in Harbor that you may see. Private ones show after <code>/login harbor</code>.
}
images-line = • <code>{ $name }</code> · { $count ->
    [1] 1 version
   *[other] { $count } versions
} · { AGO($age) }
images-group = <b>Images in Harbor</b> that everybody may see: { $count }{ GIVEN($names) ->
    [yes] . Changed last: <code>{ $names }</code>
   *[no] .
}
images-tags = <b>{ $name }</b> ({ $count }){ $pages ->
    [1] {""}
   *[other] , page { $page } of { $pages }
}
images-no-tags = <b>{ $name }</b> has no image any more, or you may not see it.
images-tag-line = • <b>{ $name }</b> · { SIZE($size) } · pushed { AGO($age) } · { $never ->
    [1] never pulled
   *[other] pulled { AGO($pulled) }
}{ $scan ->
    [clean] {" "}· ✅
    [critical] {" "}· 🔴 critical
    [high] {" "}· 🟠 high
   *[other] {""}
}
image-how = Which image? Write <code>/image harbor.example.edu/lab/torch:1.13</code>, a part of the name, or paste the pull line.{ $listed ->
    [yes] {" "}/images shows all there are.
   *[no] {""}
}
image-which = That name fits several images. Which one?
image-near = Did you mean one of these tags?
image-title = <b>{ $name }</b>
image-digest = <code>{ $digest }</code>
image-size = { SIZE($size) }{ GIVEN($platforms) ->
    [yes] {" "}· { $platforms }
   *[no] {""}
}
image-versions = { $versions }
image-nfs = { $nfs ->
    [yes] Mounting: has nfs-common ✅
    [no] Mounting: no nfs-common, a job has to install it first
   *[unknown] Mounting: nfs-common unknown
}
image-created = Made { DATE($at) }
image-pushed = Pushed { AGO($age) } · { $never ->
    [1] never pulled
   *[other] last pulled { AGO($pulled) }
}
image-tags = All tags: <code>{ $tags }</code>{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
}
image-scan = Scan: { GIVEN($found) ->
    [yes] { $found }, { $fixable } of them can be fixed
   *[no] nothing found ✅
}
image-scan-none = Not scanned yet.
image-scan-other = Scan: { $status }
image-used = { $count ->
    [0] No job known to me used it yet.
   *[other] Jobs: { $count }, of them { $good } succeeded, { $bad } failed, { $now } not over.
}
image-use = <code>{ $image }</code> it is. Send me the command to run, with options in front if you like: <code>gpu=1 python /mnt/train.py</code>
image-not-harbor = <code>{ $name }</code> is not in the lab's Harbor, where I could do this.
image-use-unknown = I can't find out right now whether a waiting or running job uses this image, so I delete nothing. Try again when OpenPAI answers.
preview-auth = 🔑 The nodes pull the image as <code>{ $user }</code> from <code>{ $host }</code>; nobody can read that login from the job.
button-image-use = Use in a job
button-image-pull = Copy pull line
button-all-images = All images
button-repair = 🔧 { $fix }

check-image-format = { $grade ->
    [bad] ❌ { $fault ->
        [project] The image <code>{ $image }</code> lacks the project: <code>host/project/name:tag</code>.
        [command] Only the image itself goes there, without a docker command: <code>{ $image }</code>.
        [scheme] An image has no <code>http://</code> in front: <code>{ $image }</code>.
        [brackets] The image has brackets or quotes around it: <code>{ $image }</code>.
        [width] The image has full-width characters: <code>{ $image }</code>.
        [upper] The name of an image is all lower case: <code>{ $image }</code>.
        [spaces] There are spaces in the image: <code>{ $image }</code>.
       *[other] <code>{ $image }</code> can't be an image.
    }
   *[warn] ⚠️ <code>{ $image }</code> has both tag and digest: the digest counts.
}
check-image-missing = { $grade ->
    [unknown] ❔ Not checked whether the image <code>{ $image }</code> exists{ $why ->
        [elsewhere] : its registry is not one of ours.
        [slow] : its registry did not answer in time.
        [busy] : its registry asked us to slow down.
       *[silent] : its registry did not answer.
    }
   *[bad] ❌ The registry has no image <code>{ $image }</code>{ GIVEN($near) ->
        [yes] . { $like ->
            [yes] Similar tags
           *[no] It has
        }: <code>{ $near }</code>
       *[no] . Check name and tag.
    }
}
check-image-denied = { $grade ->
    [bad] ❌ { $works ->
        [yes] Your registry login may not pull the image <code>{ $image }</code>: perhaps its project has another name, or you are no member of it.
       *[no] Your Harbor login does not work any more, so the image <code>{ $image }</code> can't be pulled with it. Link it again: <code>/login harbor</code>
    }
   *[unknown] ❔ The image <code>{ $image }</code> is not public, or not there. If the nodes have no login of their own, pulling it fails{ $harbor ->
        [yes] ; <code>/login harbor</code> gives the job yours.
       *[no] : copy it to where everybody may pull, or ask an admin.
    }
}
check-image-blocked = ❌ The registry refuses to hand out the image <code>{ $image }</code>{ GIVEN($why) ->
    [yes] : { $why }
   *[no] .
}
check-image-far = ⚠️ The image <code>{ $image }</code> is on <code>{ $host }</code>, which the nodes may not reach; no job here has succeeded with it yet.

help-copyimage = copy an image, also from another registry into Harbor
help-tagimage = give an image one more tag
help-rmimage = delete a tag or an image (shows everything first)
how-copyimage = <code>/copyimage pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime lab/torch:1.13</code>
how-tagimage = <code>/tagimage harbor.example.edu/lab/torch:1.13 py38-torch1.13-cu117</code>
how-rmimage = <code>/rmimage harbor.example.edu/lab/torch:old</code>
image-how-copy = From where to where? <code>/copyimage pytorch/pytorch:1.13 lab/torch:1.13</code>. What you leave out of the second is taken from the first.
image-how-tag = Which image, and which tag? <code>/tagimage harbor.example.edu/lab/torch:1.13 stable</code>
image-how-rm = Which image? <code>/rmimage harbor.example.edu/lab/torch:old</code>. Nothing is deleted before you have seen what goes with it.
image-delete-title = Delete <b>{ $name }</b>?
image-delete-tags = { $count ->
    [0] It has no tag · { SIZE($size) }
    [1] Its only tag: <code>{ $tags }</code> · { SIZE($size) }
   *[other] All its { $count } tags: <code>{ $tags }</code> · { SIZE($size) }
}
image-delete-children = It consists of { $count } images ({ $platforms }), which go with it unless they have tags of their own.
image-delete-catalogued = ⚠️ It is in the lab's catalogue.
image-delete-sure = This can't be undone.
image-delete-no-right = You may not delete in this project. An admin can, and gets the same view.
image-delete-not = Nothing was changed.
image-in-use = These jobs are waiting or running on it, so it stays: <code>{ $jobs }</code>
image-deleted = 🗑 { $what ->
    [tag] The tag <b>{ $name }</b> is deleted.
   *[all] <b>{ $name }</b> and all its tags are deleted: { SIZE($size) } less in the project's quota, but for layers that others share.
}
image-deleted-gc = The disk gets free only with the registry's next garbage collection, and that keeps everything younger than two hours.
image-deleted-tag = The image itself is still there.
image-gone = <b>{ $name }</b> was gone already.
image-asked = <b>{ $name }</b> asks you to delete an image:
image-asked-admins = The admins have been asked. I'll tell you when it is done.
image-no-admins = No admin has talked to me yet, so I could ask nobody. Ask one yourself, please.
image-occupied = <code>{ $name }</code> exists already and is another image (<code>{ $digest }</code>…). Replace it? What it was keeps only its other tags.
image-bad-tag = <code>{ $tag }</code> can't be a tag: letters, digits, <code>_ . -</code>, at most 128 of them, none of <code>. -</code> in front.
image-tag-there = <code>{ $tag }</code> points to { $name } already.
image-tagged = 🏷 <b>{ $name }</b> now also has the tag <code>{ $tag }</code>.
image-copy-where = Where to? Write the target behind it: <code>/copyimage SOURCE project/name:tag</code>
image-copy-there = <code>{ $name }</code> is that very image already.
image-copy-begun = Copying the image <code>{ $source }</code> to <code>{ $name }</code>. You may leave the chat: I'll tell you when it is there.
image-copying = Copying to <code>{ $name }</code>: { SIZE($done) } of { SIZE($total) }
image-copied = ✅ <b>{ $name }</b> is there ({ SIZE($size) }, of which { SIZE($sent) } had to be sent). Digest <code>{ $digest }</code>, the same as the source's.
image-copy-failed = ❌ <b>{ $name }</b> was not copied: { $why }
image-copy-stopped = Stopped. The tag was not set; parts that had arrived go with the next garbage collection.
image-copy-over = Too late to stop it: that copy is over, or just getting its tag.
button-delete-tag = Delete only { $tag }
button-delete-all = { $count ->
    [0] Delete the image
    [1] Delete the image
   *[other] Delete the image, all { $count } tags
}
button-ask-admin = Ask an admin
button-image-replace = Replace
button-copy-stop = Stop copying
button-image-card = Show image
button-image-copy = Copy into Harbor
button-image-copy-to = Copy
image-which-copy = Where should the copy of <code>{ $name }</code> go? Write project and name, like <code>lab/torch:py38-torch1.13</code>, or the address of another registry in front. Without a tag it keeps its own.
button-image-delete = Delete
image-which-tag = Which further tag should <code>{ $name }</code> get? Best say which versions are inside: <code>py38-torch1.13-cu117</code>
button-image-tag = Tag

help-staleimages = images nobody uses any more, the largest first
help-gc = garbage collection of the registry: what was deleted frees its disk
how-staleimages = <code>/staleimages lab days=180</code>
images-which-project = Which project of Harbor? Write its name behind the command.
stale-none = No image unused for { $days } days, by pull or by job.
stale-title = <b>Unused for { $days } days</b>: { $count ->
    [1] 1 image
   *[other] { $count } images
}, { SIZE($size) } together. The largest:
stale-line = • <code>{ $name }</code> · { SIZE($size) } · last used { AGO($age) }{ GIVEN($owner) ->
    [yes] {" "}· { $owner }
   *[no] {" "}· unclaimed
}
stale-scan = ⚠️ Many images were pulled in the same minute: that was a scan, not people. Older ones may be unused too.
stale-soft = Pulls may be a scanner's, so this list is rather too short than too long.
stale-asked = { $count ->
    [0] No owner has talked to me yet, so nobody could be asked.
    [1] One owner has been asked.
   *[other] { $count } owners have been asked.
}
stale-yours = { $count ->
    [1] An image of yours has
   *[other] { $count } images of yours have
} not been used for long ({ SIZE($size) }). Can something go? Nothing happens without you.
gc-title = <b>Garbage collection</b> frees the disk of what was deleted more than two hours ago. A dry run shows how much that is.
gc-run = • { $kind ->
    [dry] Dry run
   *[real] Run
} { $number }: { $state ->
    [success] done
    [running] still running, ask again later with /gc
    [error] failed
   *[other] { $state }
}{ $told ->
    [0] {""}
   *[other] {" "}· { $kind ->
        [dry] would free { SIZE($freed) }
       *[real] freed { SIZE($freed) }
    }
}
button-ask-owners = Ask the owners
button-gc-dry = Dry run
button-gc-run = Run now
hub-pushed = 📦 Your image <b>{ $name }</b> has arrived in Harbor.
hub-deleted = 🗑 Your image <b>{ $name }</b> was deleted from Harbor by { $who }.
hub-scanned = 🔎 Harbor has scanned your image <b>{ $name }</b>: { $critical } critical, { $high } high.
hub-quota = 📊 Project <b>{ $project }</b> of the registry is (nearly) full: { $detail }
image-several = <code>{ $word }</code> fits several images: <code>{ $names }</code>. Write one of them.
image-closed = There is no image <code>{ $name }</code> that everybody may see.{ $harbor ->
    [yes] {" "}If it is private, link your account: <code>/login harbor</code>
   *[no] {" "}Check the name; if it is private there, nobody here can look into it.
}
