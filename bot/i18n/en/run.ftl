### The quick line of /run: what a word in it can't be. $word is the word as it was written.

run-usage =
    Usage: <code>/run [now] key=value … command</code>
    Keys: <code>name image gpu cpu mem shm vc sku priority retries note mount env.X</code>. The first other word starts the command; <code>--</code> ends the keys.
    <code>/run image=pytorch:1.13 gpu=2 mem=32G python /mnt/train.py</code>
run-near = {" "}Did you mean <code>{ $word }</code>?

run-unknown-key =
    There is no option <code>{ $word }</code>.{ $near } If it belongs to the command, put <code>--</code> before the command.

    { $usage }
run-not-yet =
    <code>{ $word }</code> is not available yet: leave it out, or do it inside the command.

    { $usage }
run-twice =
    <code>{ $word }</code> is there twice; keep one.

    { $usage }
run-empty-value =
    <code>{ $word }</code> has no value. Write it without spaces around the sign, as in <code>gpu=2</code>.

    { $usage }
run-apart =
    <code>{ $word }</code>: leave out the spaces around the sign and write <code>{ $right }</code>. If it belongs to the command, put <code>--</code> before the command.

    { $usage }
run-open-quote =
    The quote in <code>{ $word }</code> is never closed.

    { $usage }
run-after-quote =
    A space is missing after the closing quote in <code>{ $word }</code>.

    { $usage }
run-bad-number =
    <code>{ $word }</code> needs a whole number from { NUMBER($least) } to { NUMBER($most) }.

    { $usage }
run-bad-size =
    <code>{ $word }</code> needs a size with its unit, such as <code>32G</code> or <code>512M</code>.

    { $usage }
run-bad-choice =
    <code>{ $word }</code> can only be one of <code>{ $choices }</code>.

    { $usage }
run-bad-env =
    <code>{ $word }</code> does not name an environment variable. Write <code>env.NAME=value</code>, with letters, digits and <code>_</code> in the name.

    { $usage }
run-too-long =
    What <code>{ $word }</code> says is too long: at most { NUMBER($most) } characters.

    { $usage }
run-now-first =
    <code>{ $word }</code> has to come first, directly after <code>/run</code>. If it is your command, put <code>--</code> before it.

    { $usage }
run-no-command =
    There is no command to run: it comes after the options, on the same line or below.

    { $usage }
