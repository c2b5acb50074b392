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
