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
