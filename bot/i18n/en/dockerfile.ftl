### /dockerfile: a Dockerfile by buttons.

help-dockerfile = a Dockerfile for your own image, by buttons

dockerfile-group = Dockerfiles are written in our private chat.
dockerfile-title = <b>Dockerfile</b> · { $at } of { $of }
dockerfile-chosen-base = Base: <code>{ $base }</code>
dockerfile-chosen-python = Python: { $python }
dockerfile-chosen-framework = Framework: { $name }
dockerfile-chosen-apt = apt: <code>{ $names }</code>
dockerfile-chosen-pip = pip: <code>{ $names }</code>

dockerfile-ask-base = Which image should it build on? nvidia/cuda has CUDA and Ubuntu only; OpenPAI's images have an older framework too. Or send me the name of another one, such as an image of the lab.
dockerfile-ask-python = Which Python? <i>From source</i> takes some minutes to build; conda is quicker and has the older ones.
dockerfile-ask-framework = Which framework? Only versions that exist for this CUDA and this Python are shown.
dockerfile-ask-apt = Which Ubuntu packages besides the usual ones (compiler, git, vim, wget, nfs-common, openssh-server …)? Send me their names, for example <code>ffmpeg tmux</code>, or press a button.
dockerfile-ask-pip = Which Python packages? Send me their names with versions, for example <code>pandas==2.0.3 tqdm==4.66.1</code>. A <code>requirements.txt</code> can be pasted too.
dockerfile-ask-mirror = Where should pip fetch packages from?
dockerfile-ask-ports = Which ports? Jupyter listens on 8888, TensorBoard on 6006.

dockerfile-base = { GIVEN($openpai) ->
    [yes] OpenPAI · { GIVEN($holds) ->
        [yes] { $holds }
       *[no] CUDA { $cuda }
    }
   *[no] CUDA { $cuda } · Ubuntu { $ubuntu }
}
dockerfile-python = { $kind ->
    [base] the image's own{ GIVEN($minor) ->
        [yes] {" "}({ $minor })
       *[no] {""}
    }
    [system] Ubuntu's { $minor }
    [conda] conda { $minor }
   *[source] { $minor } from source
}
dockerfile-framework = { $name }
dockerfile-no-framework = { GIVEN($kept) ->
    [yes] Keep { $kept }
   *[no] None
}
dockerfile-none = None
dockerfile-opencv = What OpenCV needs
dockerfile-mirror = { $mirror ->
    [site] The lab's mirror
   *[none] pip's own index
}
dockerfile-ports = { GIVEN($ports) ->
    [yes] { $ports }
   *[no] None
}

dockerfile-done = <b>Your Dockerfile is ready.</b> Put it into an empty folder, and there:
    <pre>{ $build }</pre>
    Then into the registry:
    <pre>{ $login }
    { $push }</pre>
    The tag names the versions inside. The repository carries your name, so that nobody overwrites it.
dockerfile-nvidia-removes = NVIDIA takes old versions off Docker Hub from time to time. If the first step finds no such image, go back and choose a newer CUDA.

dockerfile-unpinned-base = <code>{ $name }</code> needs a tag other than <code>latest</code>, or a digest: without it the same Dockerfile builds something else tomorrow.
dockerfile-no-apt = <code>{ $name }</code> looks like { $system }. The Dockerfile installs with apt, so it needs an image made from Ubuntu or Debian.
dockerfile-unpinned-pip = Add versions, so that the image can be built again: <code>{ $names }</code>. For example <code>{ $first }==1.2.3</code>. <code>pip freeze</code> tells which you have now.
dockerfile-bad-pip = <code>{ $name }</code> is not in the form <code>name==version</code>.
dockerfile-bad-apt = <code>{ $name }</code> can't be an Ubuntu package: lower-case letters, digits, <code>+ - .</code> only.
dockerfile-no-packages = There is no package name in that. Send names, or press a button.
dockerfile-many-packages = More than { $most } packages. Leave out those that others bring along.
dockerfile-twice = <code>{ $package }</code> comes with { $framework } already, in the version that fits. Send the list without it.
dockerfile-gone = This choice is no longer offered. Send /dockerfile to begin again.
dockerfile-own = 📦 { $name }
