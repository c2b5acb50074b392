### 在网页上改小的文本文件。

help-edit = 修改小的文本文件
how-edit =
    <code>/edit code/train.py</code> 打开一个网页，在上面修改并保存；旧版本进回收站。适合 256 KB 以内的文本，编码和行尾保持不变。
button-edit-file = 编辑
button-edit-page = 打开网页

edit-page = ✏️ 在这个网页上修改 <code>{ $path }</code>（任务容器里的路径）。只给你一个人用，一天内有效。
edit-link = <a href="{ $url }">{ $url }</a>
edit-by-chat = ✏️ 在你的设备上修改 <code>{ $path }</code>（任务容器里的路径），再作为文档发回给我，附言写：<code>{ $caption }</code>。替换之前我会问你，旧版本进回收站。
edit-saved = ✅ 已保存。任务容器里的路径：<code>{ $path }</code>。旧版本在回收站里：/trash
edit-large = 这里只能改 256 KB 以内的文本，这个有 { SIZE($bytes) }。请用 /get 取下来，改好再发回来。
edit-binary = 这不是在这里能安全修改的纯文本。请用 /get 取下来。
edit-characters = 里面有一个字符，这个文件的编码存不下。请去掉它再保存。
edit-directory = <code>{ $path }</code> 不是文件。请写出要修改的文件。
edit-changed = <code>{ $path }</code> 期间被别人或任务改动了。什么都没有保存，也什么都没有丢；再用 /edit 打开，看看它现在的内容。
