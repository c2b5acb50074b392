### Archives in the personal folder.

help-unpack = unpack an archive in your personal folder
how-unpack =
    <code>/unpack data/cifar.zip</code> shows what is in it, and unpacks it beside itself after a tap. Two words say where to: <code>/unpack cifar.zip data/cifar10</code>
    zip and tar (also .gz, .bz2, .xz) are understood, 7z and .zst where the storage server can, with Chinese names from Windows. Links and devices are left out.
button-unpack = Unpack

unpack-plan = 📦 <b>{ $name }</b>: { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { SIZE($bytes) } when unpacked{ GIVEN($complete) ->
    [yes] {""}
   *[no] {" "}or more: it is too large to look through all of it first
}
unpack-top = · <code>{ $name }</code>
unpack-more = … and { $count } more
unpack-left-out = ⚠️ { $count } of its entries are links or devices; they will be left out.
unpack-into = Path inside the job: <code>{ $path }</code>
unpack-going = 📦 <code>{ $name }</code>: { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { SIZE($bytes) }{ $total ->
    [0] {""}
   *[other] {" "}of { SIZE($total) }
}{ $percent ->
    [-1] {""}
   *[other] {" "}({ $percent } %)
}
unpack-done = ✅ Unpacked. Path inside the job: <code>{ $path }</code>{ $left ->
    [0] {""}
   *[other] {" "}({ $left } links or devices were left out)
}
unpack-nothing = There is no file in this archive{ $count ->
    [0] {""}
   *[other] , only { $count } links or devices, which are never unpacked
}.
unpack-quotes = A quote is never closed. Put quotes around a path with spaces: <code>/unpack "my data.zip" data</code>
unpack-kind = That is no archive that Pailot knows: zip, tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst, 7z.
unpack-no-tool = The storage server has no program for this (<code>7z</code>, <code>zstd</code>). Ask an admin to install it, or pack the data as zip or .tar.gz.
unpack-needs-shell = 7z and zstd need a program on the storage server, and the account used for your folder may run none. Pack the data as zip or .tar.gz.
unpack-method = This zip uses a compression that Pailot does not know. Pack the data again as an ordinary zip or tar.
unpack-locked = This archive needs a password, which Pailot does not ask for. Unpack it in a job, or pack it again without one.
unpack-damaged = The archive is damaged or not complete. If it was still being uploaded, wait until it is there.
unpack-changed = The archive was changed meanwhile. Send the command again.
unpack-leads-out = It was refused: <code>{ $path }</code> in it would lead out of its directory (<code>..</code>). Pack it anew without that.
unpack-deep = It was refused: <code>{ $path }</code> in it is too long or too deep. Pack it anew with shorter names.
unpack-contradicts = It was refused: <code>{ $path }</code> is in it twice, and one would overwrite the other. Unpack it in a job, or pack it anew.
unpack-many = It was refused: it has more than { $count } entries. Unpack it in a job.
unpack-bomb = It was refused: { SIZE($archive) } would become more than { SIZE($bytes) }, which no honest data does. Unpack it in a job if you trust it.
unpack-no-room = It was refused: it unpacks to { SIZE($bytes) } or more, and there is room for { SIZE($free) }. Free space with /rm and <code>/trash empty</code>.
