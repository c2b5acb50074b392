### Pages for files: what the upload page and the download links say in the chat.

upload-batch-bad = Some of the files arrived damaged. Send them again.
get-link = { SIZE($bytes) } is too much for Telegram. Download <code>{ $path }</code> here, within a day; a broken download can be gone on with:
get-link-url = <a href="{ $url }">{ $url }</a>
get-link-shell = On a computer without a browser: <pre>curl -C - -o { $name } { $url }</pre>
button-download = Download
