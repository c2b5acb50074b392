### /login, /logout, /me.

login-ask-user = <b>Link OpenPAI.</b> What is your user name there? (The one you log in to the web portal with.)
login-bad-user = A user name has no spaces. If your password was in that message, delete it: I did not use it. What is your OpenPAI user name?
login-ask-password = Now send the password of <b>{ $user }</b>. I delete your message at once, use the password this one time, and do not keep it.
login-ask-token = Paste an <b>application token</b>: on the portal, <i>My profile</i> → <i>Create application token</i> → copy. I delete your message at once.
login-no-token = That is not a token. It starts with <code>eyJ</code> and has two dots in it. Paste it again, please.
login-usage = Write <code>/login</code> alone and I ask for the rest, one thing at a time.
login-done = ✅ You are <b>{ $user }</b> on OpenPAI.
login-vcs = Your virtual clusters: <code>{ $vcs }</code>.
login-kept = I keep an application token (encrypted), never your password. From now on I'll tell you when your jobs start, end or fail, however they were submitted.
login-browser-token = OpenPAI did not let me revoke the temporary login I used; it ends by itself within 7 days.
button-login-token = Use a token instead
button-login-again = Link again
button-logout = Unlink
button-logout-revoke = Unlink and revoke (asks for the password)
button-logout-here = Only forget it here
logout-how = Unlink <b>{ $user }</b>? I delete the token here. OpenPAI revokes it only with your password; without that it lives on there.
logout-nothing = No OpenPAI account is linked, so there is nothing to unlink.
logout-revoked = ✅ <b>{ $user }</b> is unlinked, and the token is revoked on OpenPAI.
logout-lives-on = <b>{ $user }</b> is unlinked here. The application token still lives on OpenPAI: to end it, open the portal, <i>My profile</i>, and revoke it there.
me-nobody = I know you as { $name }; no OpenPAI account is linked yet.
me-openpai = OpenPAI: <b>{ $user }</b>
me-harbor = Harbor: <b>{ $user }</b>
me-since = Linked since { WHEN($at) }
me-role = { $role ->
    [admin] You are an <b>admin</b> here.
   *[member] You are a member of the lab.
}
claim-ask = <b>{ $name }</b> logged in with your OpenPAI user <b>{ $user }</b> from another Telegram account. If that is you, allow it: this account is unlinked then. If not, change your OpenPAI password now.
claim-asked = <b>{ $user }</b> is linked to another Telegram account. I asked its owner; when they allow it, send /login again.
claim-allowed = <b>{ $user }</b> is unlinked here. The other account can link it now. The token that was kept here still lives on OpenPAI: to end it, open the portal, <i>My profile</i>, and revoke it there.
claim-refused = Refused; everything stays as it is. Somebody knows your OpenPAI password: change it now.
claim-granted = The owner agreed: you can link <b>{ $user }</b> now.
button-claim-allow = That's me, allow
button-claim-refuse = Not me
button-other-user = Another user name
login-wrong = User name or password are not right: OpenPAI did not let <b>{ $user }</b> in. Mind upper and lower case, and send the password again. Forgotten? An admin can reset it.
login-token-refused = OpenPAI does not accept this token: perhaps it was revoked, or a part is missing. Make a new application token on the portal and paste it whole. Right after a restart OpenPAI refuses good tokens too; then try again in a minute.
login-cancel-late = This was over already, so there is nothing to cancel. /me shows which accounts are linked.
claim-over = Your account is not linked to <b>{ $user }</b> any more; nothing was changed.
how-login =
    <code>/login</code> asks for user name and password, one after the other. I delete your password at once and keep only an application token.
    On clusters without passwords I ask for an application token.
    <code>/login storage</code> makes a key of your own for the storage server.
how-logout =
    <code>/logout</code> asks whether OpenPAI should revoke the token, too (this needs your password).
