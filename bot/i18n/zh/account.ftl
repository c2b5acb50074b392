### /login、/logout、/me。

login-ask-user = <b>关联 OpenPAI。</b>你在那里的用户名是什么？（就是登录网页用的那个。）
login-bad-user = 用户名里没有空格。如果刚才的消息里有密码，请把它删掉，我没有使用。你的 OpenPAI 用户名是什么？
login-ask-password = 请发 <b>{ $user }</b> 的密码。我会立刻删除你的消息，密码只用这一次，不保存。
login-ask-token = 请粘贴一个<b>应用令牌</b>：在网页上打开 <i>My profile</i> → <i>Create application token</i> → 复制。我会立刻删除你的消息。
login-no-token = 这不是令牌。令牌以 <code>eyJ</code> 开头，中间有两个点。请再粘贴一次。
login-usage = 只发 <code>/login</code> 就行，其余的我会一步步问你。
login-done = ✅ 你在 OpenPAI 上是 <b>{ $user }</b>。
login-vcs = 你能用的虚拟集群：<code>{ $vcs }</code>。
login-kept = 我只保存一个应用令牌（已加密），不保存密码。以后不管任务从哪里提交，开始、结束或失败时我都会告诉你。
login-browser-token = OpenPAI 没让我撤销这次临时登录；它最多 7 天后自动失效。
button-login-token = 改用令牌
button-login-again = 重新关联
button-logout = 取消关联
button-logout-revoke = 取消关联并撤销令牌（要密码）
button-logout-here = 只在这里忘掉
logout-how = 要取消关联 <b>{ $user }</b> 吗？我会删掉这里的令牌。要让 OpenPAI 也撤销它，需要你的密码；否则它在那边仍然有效。
logout-nothing = 没有关联 OpenPAI 账号，不用取消。
logout-revoked = ✅ 已取消关联 <b>{ $user }</b>，OpenPAI 上的令牌也撤销了。
logout-lives-on = 已在这里取消关联 <b>{ $user }</b>。应用令牌在 OpenPAI 上仍然有效：要让它失效，请打开网页的 <i>My profile</i> 撤销。
me-nobody = 我只知道你叫 { $name }；还没有关联 OpenPAI 账号。
me-openpai = OpenPAI：<b>{ $user }</b>
me-harbor = Harbor：<b>{ $user }</b>
me-since = 关联时间：{ WHEN($at) }
me-role = { $role ->
    [admin] 你是这里的<b>管理员</b>。
   *[member] 你是实验室成员。
}
claim-ask = <b>{ $name }</b> 在另一个 Telegram 账号上用你的 OpenPAI 用户 <b>{ $user }</b> 登录了。如果是你本人，请允许：这边的关联会取消。如果不是，请立刻修改 OpenPAI 密码。
claim-asked = <b>{ $user }</b> 已经关联了另一个 Telegram 账号。我问了它的主人；对方允许后，请再发一次 /login。
claim-allowed = 这边已取消关联 <b>{ $user }</b>，另一个账号现在可以关联了。这里保存过的令牌在 OpenPAI 上仍然有效：要让它失效，请打开网页的 <i>My profile</i> 撤销。
claim-refused = 已拒绝，一切不变。有人知道你的 OpenPAI 密码：请立刻修改。
claim-granted = 对方同意了：现在可以关联 <b>{ $user }</b>。
button-claim-allow = 是我，允许
button-claim-refuse = 不是我
button-other-user = 换个用户名
login-wrong = 用户名或密码不对，OpenPAI 没让 <b>{ $user }</b> 登录。注意大小写，再发一次密码。忘了密码请找管理员重置。
login-token-refused = OpenPAI 不接受这个令牌：也许已被撤销，也许没有粘贴完整。请在网页上新建一个应用令牌，完整粘贴过来。OpenPAI 刚重启时连好的令牌也会拒绝，那就过一分钟再试。
login-cancel-late = 这一步已经结束，没有可以取消的。/me 可以查看关联了哪些账号。
claim-over = 你的账号已经不再关联 <b>{ $user }</b>，没有任何改变。
how-login =
    发送 <code>/login</code>，我会先后问你用户名和密码。密码我会立刻删除，只保存一个应用令牌。
    没有密码登录的集群，我会请你粘贴应用令牌。
    <code>/login storage</code> 给你做一把自己的存储服务器密钥。
how-logout =
    发送 <code>/logout</code>，我会问你要不要在 OpenPAI 上也撤销令牌（需要密码）。
