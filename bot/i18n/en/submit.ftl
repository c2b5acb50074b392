### /run and job protocols sent as documents.

run-how = Write the job in one line: options first, then the command. I'll show you what will run before anything is submitted.
run-example = Example:
    <pre>/run image=pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime gpu=1 note=baseline python /mnt/train.py --epochs 10</pre>
    Options: <code>name image gpu cpu mem shm vc sku priority retries note env.X</code>. Further lines are further commands. You can also send a job protocol (<code>.yaml</code>) as a file.
run-no-image = Which image should it run on? Add <code>image=…</code>, for example <code>image=openpai/standard:python_3.6-pytorch_1.2.0-gpu</code>. Next time I'll take the same one.
run-late = ⏰ This reached me late, so I did not submit it by myself. Have a look:
run-cancelled = Cancelled. Nothing was submitted.
run-done = 🚀 Submitted: { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <b>{ $name }</b>
}
run-renamed = The name <code>{ $old }</code> was used up, so it is called <code>{ $new }</code>.
run-told = I'll tell you when it starts and how it ends.
run-yaml = Job protocol of <b>{ $name }</b>
draft-gone = This preview is no longer there. Send the job again.
draft-cancelled = This preview was cancelled. Send the job again.
draft-under-way = <b>{ $name }</b> is being submitted already. I'll tell you how it went.
submit-done-later = 🚀 <b>{ $name }</b> is submitted after all; OpenPAI had not answered at first.
submit-failed-later = ❌ <b>{ $name }</b> could not be submitted: { $why }

preview-title = <b>Preview</b> · { GIVEN($note) ->
    [yes] <b>{ $note }</b> · <code>{ $name }</code>
   *[no] <code>{ $name }</code>
}
preview-image = Image: <code>{ $image }</code>{ $inherited ->
    [0] {""}
   *[other] {" "}(taken from the last job)
}
preview-where = { $gpus ->
    [one] 1 GPU
   *[other] { $gpus } GPUs
}{ GIVEN($sku) ->
    [yes] {" "}({ $sku })
   *[no] {""}
} in <code>{ $vc }</code>{ $inherited ->
    [0] {""}
   *[other] {" "}(taken from the last job)
}
preview-resources = { $cpus } CPU · { SIZE($memory) } host memory
preview-extras = { $shm ->
    [0] {""}
   *[other] shm { SIZE($shm) } {" "}
}{ $retries ->
    [0] {""}
   *[other] retries { $retries } {" "}
}{ GIVEN($priority) ->
    [yes] priority { $priority }
   *[no] {""}
}
preview-env = Environment: <code>{ $names }</code>
preview-command = <pre><code class="language-bash">{ $command }</code></pre>
preview-cut = <i>The command is longer; all of it is in the YAML.</i>
button-yaml = YAML

check-vc-unknown = ❔ OpenPAI did not say what is free; not checked.
check-vc-denied = ❌ You may not use the virtual cluster <code>{ $vc }</code>. Yours: <code>{ $allowed }</code>.
check-vc-size = ❌ <code>{ $vc }</code> has { $size } GPUs in all, this asks for { $gpus }: it would never start.
check-vc-busy = ⚠️ { $free ->
    [0] No GPU is free in <code>{ $vc }</code> now
    [1] Only 1 GPU is free in <code>{ $vc }</code> now
   *[other] Only { $free } GPUs are free in <code>{ $vc }</code> now
}, this asks for { $gpus }: it will wait.
check-sku-waste = ⚠️ CPU or memory asked for take { $taken } cells of { $sku }, the GPUs alone need { $needed }. Ask for less, and others get GPUs.
check-sku-missing = ❌ There is no SKU <code>{ $sku }</code> here. There is: <code>{ $known }</code>.
check-name-taken = ❌ The name <code>{ $name }</code> is used up. OpenPAI never lets a name be used twice: choose another with <code>name=</code>.
check-command-shell = ⚠️ The command has characters that a shell does not understand: <code>{ $characters }</code>. Phones put them in place of , " ' and --.
check-command-windows = ⚠️ The command has Windows line ends; the shell takes them for part of the words.

document-unknown = I don't know what to do with <code>{ $name }</code> yet. A job protocol ends in <code>.yaml</code>.
protocol-bad = This job protocol would be refused ({ $count ->
    [one] 1 problem
   *[other] { $count } problems
}):
protocol-problem = • <code>{ $path }</code>: { $message }
protocol-more = … and { $count } more.
protocol-mend = Mend the file and send it again. Nothing was submitted.
draft-submitted = Too late: <b>{ $name }</b> is submitted already. /stop ends it.
submit-unsure = ⏳ OpenPAI has not answered, so I don't know yet whether <b>{ $name }</b> was submitted. I keep trying, never twice, and tell you. You need not send it again.
submit-error = OpenPAI could not take <b>{ $name }</b>: it answered with an error of its own (<code>{ $detail }</code>). Nothing was submitted. Look at the options (an unknown sku does that, for example), or try again in a few minutes.
submit-given-up = I could not find out for a whole day, or your account is not linked any more
run-edit = What should change in <b>{ $name }</b>? Send options (<code>gpu=2 mem=32G</code>), a new command, or both. The rest stays as it is.
check-name-rule = ❌ OpenPAI does not take the name <code>{ $name }</code>: only letters, digits, <code>_</code> and <code>-</code>. For example <code>name={ $suggestion }</code>.
run-cut = ⚠️ Your message is as long as Telegram allows, so the end of the command may be missing. Look at the YAML before you submit, or put the command into a script, or send a job protocol as a file.
