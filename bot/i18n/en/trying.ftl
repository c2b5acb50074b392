### Testing an image, and the first job of somebody new.

button-image-test = Test
button-first-job = Try a first job
trial-first = 🎓 <b>Your first job</b> takes a minute and one GPU. It looks whether everything is there: GPU, Python, a framework, and your personal folder. Press <i>Submit</i>, and I'll tell you what it found.
trial-no-image = No image is known to work here yet. Choose one and press <i>Test</i> on its card{ $listed ->
    [yes] .
   *[no] : <code>/image ufoym/deepo:all-py36-cu100</code> shows it, or any other name.
}
preview-test = 🧪 A test of the image by a small script of mine: <code>nvidia-smi</code>, Python, CUDA, PyTorch or TensorFlow{ $mount ->
    [0] {""}
   *[other] , then your personal folder is mounted and written to
}. It goes on after each fault and tells all it found; the YAML shows every line.
trial-title = 🧪 Test of the image <code>{ $image }</code>: { $works ->
    [yes] <b>works here</b> ✅
    [no] <b>has a problem</b> ❌
   *[unknown] <b>no result</b> ❔
}
trial-never = { $state ->
    [succeeded] The test has run, but its log can't be read any more. Test it again.
   *[other] The container did not get as far as the test.
}
trial-start = { $state ->
    [ok] ✅ The container starts
   *[other] ❌ The container does not start
}
trial-gpu = { $state ->
    [ok] ✅ GPU: { $detail }
    [none] ➖ GPU: one is there, but this image has no <code>nvidia-smi</code> to look at it
   *[fail] ❌ GPU: { $detail ->
        [no-device] none can be seen in the container
       *[other] <code>nvidia-smi</code> fails: <code>{ $detail }</code>
    }
}
trial-cuda = { $state ->
    [ok] ✅ CUDA { $detail }
   *[none] ➖ CUDA: no toolkit of its own
}
trial-python = { $state ->
    [ok] ✅ Python { $detail }
    [none] ➖ Python: none in this image
   *[fail] ❌ Python does not run: <code>{ $detail }</code>
}
trial-torch = { $state ->
    [ok] ✅ PyTorch { $detail }, computed on the GPU
    [none] ➖ PyTorch: not in this image
   *[fail] ❌ PyTorch can't use the GPU: <code>{ $detail }</code>
}
trial-tensorflow = { $state ->
    [ok] ✅ TensorFlow { $detail }, sees the GPU
    [none] ➖ TensorFlow: not in this image
   *[fail] ❌ TensorFlow can't use the GPU: <code>{ $detail }</code>
}
trial-mount = { $state ->
    [ok] ✅ Your personal folder is at <code>{ $detail }</code>
    [none] ➖ Mounting was not tried: there is no personal folder to mount
   *[fail] ❌ Your personal folder can't be mounted: { $detail ->
        [nfs-common] this image has no <code>nfs-common</code>, and it could not be installed
       *[other] <code>{ $detail }</code>. That is the server's doing, not the image's: tell an admin
    }
}
trial-write = { $state ->
    [ok] ✅ Writing there works
   *[fail] ❌ Writing there is refused: { $detail ->
        [read-only] the server maps root to nobody. Tell an admin
       *[other] the disk may be full, or the folder is somebody else's
    }
}
trial-kept = The result and the versions are in the /catalog now.
trial-not-kept = Nothing was noted in the catalogue: this says nothing of the image.
image-tested = { $works ->
    [yes] Tested here ✅
   *[no] Tested here ❌
} { DATE($at) }{ GIVEN($by) ->
    [yes] {" "}by { $by }
   *[no] {""}
}{ GIVEN($on) ->
    [yes] {" "}on { $on }
   *[no] {""}
}
