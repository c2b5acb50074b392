### /dockerfile：按几下按钮，写好一个 Dockerfile。

help-dockerfile = 按按钮写一个 Dockerfile，做你自己的镜像

dockerfile-group = Dockerfile 在我们的私聊里写。
dockerfile-title = <b>Dockerfile</b> · 第 { $at } 步，共 { $of } 步
dockerfile-chosen-base = 基础镜像：<code>{ $base }</code>
dockerfile-chosen-python = Python：{ $python }
dockerfile-chosen-framework = 框架：{ $name }
dockerfile-chosen-apt = apt：<code>{ $names }</code>
dockerfile-chosen-pip = pip：<code>{ $names }</code>

dockerfile-ask-base = 在哪个镜像的基础上做？nvidia/cuda 里只有 CUDA 和 Ubuntu；OpenPAI 的镜像还带一个较旧的框架。也可以直接发来别的镜像，比如实验室自己的。
dockerfile-ask-python = 用哪个 Python？“源码编译”要多等几分钟；conda 更快，旧版本也有。
dockerfile-ask-framework = 用哪个框架？这里只列出和这个 CUDA、这个 Python 配得上的版本。
dockerfile-ask-apt = 除了常用的（编译器、git、vim、wget、nfs-common、openssh-server 等），还要哪些 Ubuntu 软件包？发来名字，比如 <code>ffmpeg tmux</code>，或者按按钮。
dockerfile-ask-pip = 要哪些 Python 包？发来名字和版本，比如 <code>pandas==2.0.3 tqdm==4.66.1</code>，也可以把 <code>requirements.txt</code> 的内容粘贴过来。
dockerfile-ask-mirror = pip 从哪里下载？
dockerfile-ask-ports = 要哪些端口？Jupyter 用 8888，TensorBoard 用 6006。

dockerfile-base = { GIVEN($openpai) ->
    [yes] OpenPAI · { GIVEN($holds) ->
        [yes] { $holds }
       *[no] CUDA { $cuda }
    }
   *[no] CUDA { $cuda } · Ubuntu { $ubuntu }
}
dockerfile-python = { $kind ->
    [base] 镜像自带{ GIVEN($minor) ->
        [yes] {" "}{ $minor }
       *[no] {""}
    }
    [system] Ubuntu 自带 { $minor }
    [conda] conda { $minor }
   *[source] { $minor } 源码编译
}
dockerfile-framework = { $name }
dockerfile-no-framework = { GIVEN($kept) ->
    [yes] 保留 { $kept }
   *[no] 不要
}
dockerfile-none = 不要
dockerfile-opencv = OpenCV 要用的库
dockerfile-mirror = { $mirror ->
    [site] 实验室的镜像源
   *[none] pip 官方源
}
dockerfile-ports = { GIVEN($ports) ->
    [yes] { $ports }
   *[no] 不要
}

dockerfile-done = <b>Dockerfile 写好了。</b>把它放进一个空目录，在那里运行：
    <pre>{ $build }</pre>
    然后推送到镜像仓库：
    <pre>{ $login }
    { $push }</pre>
    标签写明了里面的版本，名字里带着你的用户名，不会和别人的互相覆盖。
dockerfile-nvidia-removes = NVIDIA 会不时从 Docker Hub 撤下旧版本。如果第一步说找不到镜像，请返回，换一个更新的 CUDA。

dockerfile-unpinned-base = <code>{ $name }</code> 需要一个不是 <code>latest</code> 的标签，或者摘要：否则同一个 Dockerfile 明天做出来的就是别的东西了。
dockerfile-no-apt = <code>{ $name }</code> 看起来是 { $system }。这个 Dockerfile 用 apt 安装，所以要用 Ubuntu 或 Debian 做的镜像。
dockerfile-unpinned-pip = 请写上版本，这样镜像以后还能重做：<code>{ $names }</code>。比如 <code>{ $first }==1.2.3</code>。<code>pip freeze</code> 能看到你现在用的版本。
dockerfile-bad-pip = <code>{ $name }</code> 不是 <code>名字==版本</code> 的写法。
dockerfile-bad-apt = <code>{ $name }</code> 不可能是 Ubuntu 软件包：只能有小写字母、数字和 <code>+ - .</code>。
dockerfile-no-packages = 这里面没有包的名字。请发来名字，或者按按钮。
dockerfile-many-packages = 超过 { $most } 个包了。会被别的包带进来的就不用写了。
dockerfile-twice = <code>{ $package }</code> 已经随 { $framework } 装好了，版本也是配得上的。请去掉它再发一次。
dockerfile-gone = 这个选项已经没有了。请发送 /dockerfile 重新开始。
dockerfile-own = 📦 { $name }
