### 聊天本身说的话：按钮、地点、密码。

button-expired = 这个按钮已经过期，请重新发送命令。
button-not-yours = 这是 { $name } 的按钮。
button-used = 这个已经执行过了。
button-run-line = { $line }
button-do-it-now = 现在执行
button-open-private = 打开私聊
button-login = 关联账号
answered-privately = 答案发到我们的私聊里了。
come-to-private = { $name }，这个答案只给你看。先打开一次我们的私聊，我就能发给你了。
only-in-groups = <code>/{ $name }</code> 要在群里用：请在相应的群里发送。
unknown-command = 没有 <code>/{ $name }</code> 这个命令。
unknown-command-help = 发送 /help 看看我会做什么。
dialog-open = 我还在等这个回答；不想回答了就发 /cancel。
did-you-mean = 是不是想发 <code>{ $name }</code>？
only-admins = 只有管理员可以这样做。
only-members = 要做这件事，先得关联你的 OpenPAI 账号：发送 /login，一分钟就好。
asked-late = 这条消息晚了 { $minutes } 分钟才到：<code>{ $line }</code>。还没有执行，现在执行吗？
secret-not-deleted = ⚠️ 带密码的那条消息没能删掉，请你自己删除。
secret-in-group = 🔒 你在群里发了带密码的 { $command }。我没有使用它，并已删除那条消息，但别人可能看到了：请修改密码，然后在这里私聊发送 { $command }。
secret-in-group-left = 🔒 你在群里发了带密码的 { $command }。我没有使用它，但没能删除那条消息：请立刻自己删除并修改密码，然后私聊发送 { $command }。
not-understood = 这句话我没看懂。你可能想要：
cancelled = 已取消，什么都没有改变。
error-nobody-linked = 还没有人关联 OpenPAI 账号，所以看不到集群。请私聊我发送 /login。
nobody-asks = 我看不出你是谁。请用自己的身份发送，不要用群或频道的身份。
secret-too-late = 等得太久了，这条消息我没有使用，已经删除。请重新发送命令，从头再来。
file-not-taken = ⚠️ Telegram 没有接收文件 <code>{ $name }</code>，可能是太大了。
pasted-command = 这像是一条命令，要在集群上运行吗？
    <pre>{ $command }</pre>
pasted-traceback = 这像是程序的报错。是哪个任务的？我把它的日志给你看。
pasted-image = 这是一个镜像。用它运行点什么：
    <pre>/run image={ $image } gpu=1 python /mnt/train.py</pre>
button-run-this = 运行
