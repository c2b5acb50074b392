### 文件网页：上传页和下载链接在聊天里说的话。

upload-batch-bad = 有些文件传输时损坏了，请重新上传。
get-link = { SIZE($bytes) } 超过了 Telegram 的限制。一天之内可以在这里下载 <code>{ $path }</code>，断了可以接着下：
get-link-url = <a href="{ $url }">{ $url }</a>
get-link-shell = 没有浏览器的电脑上：<pre>curl -C - -o { $name } { $url }</pre>
button-download = 下载
