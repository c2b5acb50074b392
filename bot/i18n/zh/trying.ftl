### 测试镜像，以及新手的第一个任务。

button-image-test = 测试
button-first-job = 试跑第一个任务
trial-first = 🎓 <b>你的第一个任务</b>只要一分钟、一张卡：看看 GPU、Python、框架和你的个人目录是不是都在。点<i>提交</i>，跑完我告诉你结果。
trial-no-image = 还不知道哪个镜像在这里能用。选一个，在它的卡片上点<i>测试</i>{ $listed ->
    [yes] 。
   *[no] ：用 <code>/image ufoym/deepo:all-py36-cu100</code> 或别的名字打开卡片。
}
preview-test = 🧪 用我的一小段脚本测试镜像：<code>nvidia-smi</code>、Python、CUDA、PyTorch 或 TensorFlow{ $mount ->
    [0] {""}
   *[other] ，然后挂载你的个人目录并写入试试
}。哪一步出错都会继续，最后一并告诉你；YAML 里有每一行。
trial-title = 🧪 镜像 <code>{ $image }</code> 的测试：{ $works ->
    [yes] <b>在这里能用</b> ✅
    [no] <b>有问题</b> ❌
   *[unknown] <b>没有结果</b> ❔
}
trial-never = { $state ->
    [succeeded] 测试跑完了，但日志已经读不到。请再测一次。
   *[other] 容器还没跑到测试就结束了。
}
trial-start = { $state ->
    [ok] ✅ 容器能启动
   *[other] ❌ 容器起不来
}
trial-gpu = { $state ->
    [ok] ✅ GPU：{ $detail }
    [none] ➖ GPU：有卡，但这个镜像里没有 <code>nvidia-smi</code>，没法查看
   *[fail] ❌ GPU：{ $detail ->
        [no-device] 容器里看不到卡
       *[other] <code>nvidia-smi</code> 出错：<code>{ $detail }</code>
    }
}
trial-cuda = { $state ->
    [ok] ✅ CUDA { $detail }
   *[none] ➖ CUDA：没有自带工具包
}
trial-python = { $state ->
    [ok] ✅ Python { $detail }
    [none] ➖ Python：这个镜像里没有
   *[fail] ❌ Python 跑不起来：<code>{ $detail }</code>
}
trial-torch = { $state ->
    [ok] ✅ PyTorch { $detail }，在 GPU 上算过
    [none] ➖ PyTorch：这个镜像里没有
   *[fail] ❌ PyTorch 用不了 GPU：<code>{ $detail }</code>
}
trial-tensorflow = { $state ->
    [ok] ✅ TensorFlow { $detail }，能看到 GPU
    [none] ➖ TensorFlow：这个镜像里没有
   *[fail] ❌ TensorFlow 用不了 GPU：<code>{ $detail }</code>
}
trial-mount = { $state ->
    [ok] ✅ 你的个人目录挂载在 <code>{ $detail }</code>
    [none] ➖ 没有试挂载：还没有个人目录可挂
   *[fail] ❌ 你的个人目录挂载不上：{ $detail ->
        [nfs-common] 这个镜像里没有 <code>nfs-common</code>，也装不上
       *[other] <code>{ $detail }</code>。这是服务器的原因，不怪镜像，请告诉管理员
    }
}
trial-write = { $state ->
    [ok] ✅ 能写入
   *[fail] ❌ 不让写入：{ $detail ->
        [read-only] 服务器把 root 当成 nobody。请告诉管理员
       *[other] 可能磁盘满了，或者目录是别人的
    }
}
trial-kept = 结果和版本已记进 /catalog。
trial-not-kept = 没有记进目录：这说明不了镜像的好坏。
image-tested = { $works ->
    [yes] 在这里测试过 ✅
   *[no] 在这里测试过 ❌
} { DATE($at) }{ GIVEN($by) ->
    [yes] {" "}· { $by }
   *[no] {""}
}{ GIVEN($on) ->
    [yes] {" "}· { $on }
   *[no] {""}
}
