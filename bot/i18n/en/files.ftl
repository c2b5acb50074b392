### The personal folder on the storage server.

files-dots = <code>..</code> is not understood in <code>{ $path }</code>. Write the whole path, from your personal folder downwards.
files-outside = <code>{ $path }</code> is not in your personal folder, which is <code>{ $root }</code>. Pailot works only in there.
files-bad-name = <code>{ $name }</code> can't be the name of a file: { $problem ->
    [long] it is too long
    [nul] it holds a character that no name may have
    [bytes] it is not valid UTF-8
   *[other] it is empty or has a slash in it
}. Choose another.
