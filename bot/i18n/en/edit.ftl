### Small text files, edited on a page.

help-edit = change a small text file
how-edit =
    <code>/edit code/train.py</code> opens a page on which you change the file and save it; the old version goes to the trash. For text of up to 256 KB; encoding and line ends stay as they are.
button-edit-file = Edit
button-edit-page = Open the page

edit-page = ✏️ Change <code>{ $path }</code> (path inside the job) on this page. It is for you alone and good for a day.
edit-link = <a href="{ $url }">{ $url }</a>
edit-by-chat = ✏️ Change <code>{ $path }</code> (path inside the job) on your device and send it back to me as a document, with this caption: <code>{ $caption }</code>. I'll ask before I replace it, and the old version goes to the trash.
edit-saved = ✅ Saved. Path inside the job: <code>{ $path }</code>. The old version is in the trash: /trash
edit-large = Only text of up to 256 KB can be edited here; this has { SIZE($bytes) }. Fetch it with /get, change it, and send it back.
edit-binary = That is no plain text that can be changed here without damage. Fetch it with /get instead.
edit-characters = There is a character in it that can't be stored in the encoding of this file. Take it out and save again.
edit-directory = <code>{ $path }</code> is no file. Name the file that you want to change.
edit-changed = <code>{ $path }</code> was changed meanwhile, by somebody else or by a job. Nothing was saved, and nothing is lost: /edit it again to see what it says now.
