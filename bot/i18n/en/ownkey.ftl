### A member's own key, and the server's.

## A member's own key to the storage server

own-key-made = 🔑 I made a key for you, to log in as <code>{ $account }</code> on <code>{ $host }</code>. Its private half stays here, encrypted; nobody gets to see it. An admin of the storage server lets it in:
own-key-line = Add this line to <code>~{ $account }/.ssh/authorized_keys</code>:
    <pre>{ $line }</pre>
    It allows file transfer and nothing else. If the account is to have a shell, leave out <code>,command="internal-sftp"</code>.
own-key-cage = Shut the account into the data, in <code>/etc/ssh/sshd_config</code> (then <code>systemctl reload ssh</code>). Without this an account that has no shell is refused: it would see the whole machine.
    <pre>{ $lines }</pre>
own-key-next = Then tap <b>Test</b>. Until the test is passed nothing changes: the site's account is used. For another account write <code>/login storage ACCOUNT</code>.
own-key-used = 🔑 Your files are reached with your own key, as <code>{ $account }</code>. /logout storage gives it up.
own-key-good = ✅ The key works. From now on your files are reached as <code>{ $account }</code> ({ GIVEN($shell) ->
    [yes] with a shell
   *[no] file transfer only
}).
own-key-asked = The admins have the two texts now. Tap <b>Test</b> above when they say it is done.
own-key-ask-admin = 🔑 <b>{ $person }</b> wants to reach <code>{ $folder }</code> with a key of their own. On the storage server:
own-key-account = <code>{ $account }</code> can't be an account of the storage server: small letters, digits, <code>-</code>, <code>_</code> and <code>.</code>, at most 32 of them.
own-key-none = You have no key of your own; your files are reached with the site's account. /login storage makes one.
own-key-gone = The key is deleted here; your files are reached with the site's account again. Ask an admin to remove this line from <code>~{ $account }/.ssh/authorized_keys</code>, where it still opens the door to whoever had copied the key:
    <pre>{ $line }</pre>
own-key-refused = The storage server refuses your own key for <code>{ $account }</code>. Either an admin took it out, or the account is closed. /login storage shows the key and tests it; /logout storage goes back to the site's account.
me-storage = Personal folder: <code>{ $path }</code>{ GIVEN($account) ->
    [yes] , reached with your own key as <code>{ $account }</code>
   *[no] , reached with the site's account
}
button-own-key-try = Test
button-own-key-ask = Ask an admin
button-own-key-drop = Give the key up
host-key-changed = 🚨 <b>The storage server shows another host key.</b> Nothing is sent to it until this is settled: uploads, listings and kept logs all wait. It showed <code>{ $shown }</code>; agreed upon is <code>{ $agreed }</code>. If the server was set up anew, compare with <code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code> on the machine itself, put the new key into <code>storage.host_key</code>, and restart Pailot. If it was not, somebody may stand in between.
host-key-right = ✅ The storage server shows the agreed host key again. Files work as before.
