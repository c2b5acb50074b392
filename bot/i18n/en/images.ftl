### Images: naming, finding, checking, copying, deleting them.

image-no-name = There is no image in that. Write it like <code>harbor.example.edu/lab/torch:1.13</code> or <code>ufoym/deepo:py36</code>.
image-only-digest = A digest alone does not say where the image is. Put the name in front: <code>harbor.example.edu/lab/torch@sha256:…</code>
image-page-link = That is the address of a page. Copy the pull line from the page instead, or search with <code>/images</code> and a word of the name.
image-not-one = <code>{ $words }</code> is more than one word, and an image has no spaces. Write only the image.
image-unreadable = <code>{ $words }</code> can't be an image. It is written <code>host/project/name:tag</code>, all lower case but for the tag.
