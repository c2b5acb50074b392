### 成员自己的密钥，和服务器的密钥。

## 自己的存储服务器密钥

own-key-made = 🔑 给你做了一把密钥，用来以 <code>{ $account }</code> 登录 <code>{ $host }</code>。私钥加密存在这里，谁也看不到。请存储服务器的管理员放行：
own-key-line = 把这一行加到 <code>~{ $account }/.ssh/authorized_keys</code>：
    <pre>{ $line }</pre>
    它只允许传文件，别的都不行。如果这个账号要有 shell，就去掉 <code>,command="internal-sftp"</code>。
own-key-cage = 在 <code>/etc/ssh/sshd_config</code> 里把这个账号关进数据目录（再 <code>systemctl reload ssh</code>）。没有 shell 的账号不这样做会被拒绝，因为它看得到整台机器。
    <pre>{ $lines }</pre>
own-key-next = 放行后点 <b>测试</b>。测试通过之前什么都不变，仍用站点账号。要用别的账号，发送 <code>/login storage 账号</code>。
own-key-used = 🔑 现在用你自己的密钥访问你的文件，账号是 <code>{ $account }</code>。/logout storage 可以放弃它。
own-key-good = ✅ 密钥可用。以后用 <code>{ $account }</code> 访问你的文件（{ GIVEN($shell) ->
    [yes] 有 shell
   *[no] 只能传文件
}）。
own-key-asked = 两段内容已经发给管理员了。他们说弄好了，就点上面的 <b>测试</b>。
own-key-ask-admin = 🔑 <b>{ $person }</b> 想用自己的密钥访问 <code>{ $folder }</code>。请在存储服务器上：
own-key-account = <code>{ $account }</code> 不能是存储服务器的账号：只能用小写字母、数字、<code>-</code>、<code>_</code>、<code>.</code>，最多 32 个。
own-key-none = 你没有自己的密钥，现在用站点账号访问你的文件。发送 /login storage 可以做一把。
own-key-gone = 密钥已从这里删除，又改用站点账号访问你的文件。请管理员从 <code>~{ $account }/.ssh/authorized_keys</code> 删掉这一行，不然谁复制过这把密钥，谁就还能进去：
    <pre>{ $line }</pre>
own-key-refused = 存储服务器拒绝了你自己的密钥（账号 <code>{ $account }</code>）：可能管理员把它去掉了，也可能账号停用了。/login storage 可以查看和测试密钥；/logout storage 改回站点账号。
me-storage = 个人目录：<code>{ $path }</code>{ GIVEN($account) ->
    [yes] ，用你自己的密钥访问（账号 <code>{ $account }</code>）
   *[no] ，用站点账号访问
}
button-own-key-try = 测试
button-own-key-ask = 请管理员处理
button-own-key-drop = 放弃密钥
host-key-changed = 🚨 <b>存储服务器换了主机密钥。</b>弄清楚之前什么都不会发给它：上传、浏览、保存日志都停着。它出示的是 <code>{ $shown }</code>，约定的是 <code>{ $agreed }</code>。如果服务器是重装的，请在那台机器上用 <code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code> 核对，把新密钥写进 <code>storage.host_key</code>，再重启 Pailot。如果没有重装，可能有人在中间。
host-key-right = ✅ 存储服务器又出示约定的主机密钥了，文件功能恢复正常。
