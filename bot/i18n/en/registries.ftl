# What else is said of images and registries
image-kept = <b>{ $who }</b> has decided to keep <code>{ $name }</code>.
image-keep-told = It stays, and whoever asked has been told.
image-delete-used = Last used by the job <code>{ $job }</code>, { AGO($age) }
button-image-keep = Keep it
gc-offer = { $count ->
    [1] One image was deleted
   *[other] { $count } images were deleted
} two hours ago or more ({ SIZE($size) }, layers that others share not taken off). Garbage collection can free the disk now.
image-near-names = There is no such repository. Did you mean one of these?
harbor-too-old-write = This Harbor is version 1, which I only read. Tag and push with docker instead: /push shows the lines.
registries-which = Which registry? <code>/images NAME word</code> searches in it.
registry-title = <b>{ $host }</b> ({ $count }){ $pages ->
    [1] { "" }
   *[other] , page { $page } of { $pages }
}
registry-none = There is nothing in <b>{ $host }</b>{ GIVEN($word) ->
    [yes] { " " }with <code>{ $word }</code> in its name
   *[no] { "" }
}.
registry-no-list = <b>{ $host }</b> does not list its images to you. Write the whole name: <code>/image { $host }/project/name:tag</code>
registry-shared = <code>{ $name }</code> exists already, and everybody here writes to that registry with the same account: only admins may replace something there. Choose another tag.
image-delete-secret = With a CLI secret Harbor lets you delete one of several tags, and no image. An admin can, and gets the same view. This can't be undone.
image-delete-kept = 🔒 A rule of the project keeps <code>{ $tags }</code>. As long as it has such a tag, the image can't be deleted.
harbor-hidden = Harbor does not show you <code>{ $name }</code>: there is no such project, or you are no member of it. Check the name; else its project's admin can let you in.
harbor-too-old-know = This Harbor is version 1, which does not tell that. /images and /image work.
image-no-room = The project has no room left for it:
    <blockquote>{ $detail }</blockquote>
    Delete what nobody needs (/staleimages), or ask the project's admin for a larger quota.
image-read-only = The registry is in read-only mode just now, for garbage collection or upkeep: it takes no change from anybody. Try again later.
