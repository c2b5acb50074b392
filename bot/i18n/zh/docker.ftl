### /docker：给没用过 docker 的人讲镜像和容器。

help-docker = docker 小课堂：每个命令都填好了你自己的值

docker-group = docker 的讲解在我们的私聊里。
docker-overview = <b>Docker 小课堂</b>
    任务跑在镜像上。这些小节从看一个镜像讲起，直到把你自己的镜像放进实验室的镜像仓库。每条命令都可以复制。
docker-whole = 从 Dockerfile 到任务能用的镜像，一共三行：
    <pre>{ $build }
    { $login }
    { $push }</pre>
docker-topics = 全部小节
docker-copy = 📋 { $line }
docker-no-registry = 我的设置里没有镜像仓库：请把 <code>REGISTRY/PROJECT</code> 换成你的。
docker-plain-http = ⚠️ 镜像仓库 <code>{ $registry }</code> 没有证书。请在你的电脑上把它写进 <code>/etc/docker/daemon.json</code> 的 <code>insecure-registries</code> 并重启 docker，否则登录和推送会失败。

docker-folder = 在任务里，<code>{ $point }</code> 就是你的个人目录，也就是存储服务器上的 <code>{ $folder }</code>：存在那里的东西会留下来，也不属于镜像。

docker-name-image = 镜像与容器
docker-name-images = 看镜像、拉取
docker-name-ps = 看容器
docker-name-run = 启动容器
docker-name-exec = 进入容器
docker-name-commit = 存成镜像
docker-name-tag = 打标签
docker-name-login = 登录
docker-name-push = 推送
docker-name-rm = 清理
docker-name-dockerfile = Dockerfile
docker-name-build = 构建
docker-name-shell = 两种写法
docker-name-entrypoint = ENTRYPOINT、CMD

docker-topic-image = <b>镜像与容器</b>
    <b>镜像</b>是模板：一套不会变的文件，名字写作 <code>镜像仓库/项目/名字:标签</code>。
    <b>容器</b>是镜像运行起来的一份拷贝。你在容器里装的、改的，只在这个容器里，删掉容器就没了。
    想留下来有两种办法：写进 Dockerfile 再<i>构建</i>（谁都能重做），或者把容器<i>存成镜像</i>（快，但以后没人说得清里面有什么）。只有镜像能推送，任务也只能用镜像仓库里的镜像。
    拉取一个镜像：
    <pre>{ $first }</pre>
    用它开一个容器，进去看看：
    <pre>{ $second }</pre>
docker-topic-images = <b>这台机器上有哪些镜像？</b>
    <pre>{ $first }</pre>
    每行是名字、标签、编号和大小。用 <code>名字:标签</code> 或者编号都能指明一个镜像，编号写前几位就够。<code>&lt;none&gt;</code> 表示它的标签已经给了更新的镜像。
    拉取这里还没有的：
    <pre>{ $second }</pre>
    不写标签时 docker 取 <code>latest</code>，它不一定存在，而且隔几天就变了：标签一定要写。
docker-topic-ps = <b>有哪些容器？</b>
    正在运行的：
    <pre>{ $first }</pre>
    连已经结束的一起看：
    <pre>{ $second }</pre>
    容器里的第一个进程结束，容器就结束了，比如 <code>exit</code> 或 Ctrl-D 之后。结束的容器还占着磁盘，直到你删掉它。停掉还在运行的：
    <pre>{ $third }</pre>
docker-topic-run = <b>启动容器</b>
    打开一个 shell，用完自动删除（<code>--rm</code>）；<code>-it</code> 接上你的键盘和屏幕：
    <pre>{ $first }</pre>
    带上 GPU，并把当前目录放到 <code>/mnt</code>，和任务里的位置一样：
    <pre>{ $second }</pre>
    放到后台（<code>-d</code>）并开一个端口：<code>-p 本机:容器</code> 把容器的 8888 端口变成本机的 8888 端口。
    <pre>{ $third }</pre>
    写在镜像后面的内容会替换它的 CMD。
docker-topic-exec = <b>进入正在运行的容器</b>
    <pre>{ $first }</pre>
    这是在第一个进程旁边再开一个进程，退出它，容器不会结束。<code>docker attach</code> 进的则是第一个进程，在那里按 Ctrl-C 容器就结束了。
docker-topic-commit = <b>把容器存成镜像</b>
    <pre>{ $first }</pre>
    你装的东西都会留下，正在跑的程序不会。用 <code>-v</code> 带进去的目录不会进镜像。存之前先清理：缓存和下载的文件会一直留在镜像里。用 Dockerfile 做的镜像更小，也能重做：/dockerfile 帮你写一个。
docker-topic-tag = <b>给镜像取一个能推送的名字</b>
    <pre>{ $first }</pre>
    编号从 <code>docker images</code> 里看。名字决定推送到哪里：先是镜像仓库，再是实验室的项目，然后是名字和标签。除标签外全部小写。
    标签要写明里面的版本，比如 <code>py310-torch2.1.2-cu118</code>。<code>latest</code>、<code>v1</code> 谁也看不懂；再推送同一个标签，旧镜像就会失去它。
docker-topic-login = <b>登录镜像仓库</b>
    <pre>{ $first }</pre>
    docker 会问密码，输入时不显示。不要把密码写在命令里，否则会留在 shell 的历史记录里；脚本里用 <code>--password-stdin</code>。单引号不能少：机器人账号的名字里有 <code>$</code>。如果你在那里的用户名不同，请换成那个。
    在大家共用的机器上，用完要退出登录：
    <pre>{ $second }</pre>
docker-topic-push = <b>把镜像推送到镜像仓库</b>
    每台机器登录一次：
    <pre>{ $first }</pre>
    然后推送一个名字完整的镜像（见“打标签”）：
    <pre>{ $second }</pre>
    只会传镜像仓库里还没有的层。出现 <code>denied</code>，说明你没有这个项目的写权限，或者名字里漏了项目。
    在任务里，<code>image=</code> 后面写同一个名字，不要带 <code>docker pull</code>。
docker-topic-rm = <b>清理</b>
    删掉已经结束的容器：
    <pre>{ $first }</pre>
    从这台机器上删掉镜像，镜像仓库里的还在：
    <pre>{ $second }</pre>
    删掉所有没有标签的镜像：
    <pre>{ $third }</pre>
    还有容器在用的镜像删不掉：先删容器，再删镜像。<code>docker system df</code> 能看出是什么占了空间。
docker-topic-dockerfile = <b>Dockerfile</b>
    一个名叫 <code>Dockerfile</code> 的文本文件，写明镜像是怎么做出来的。每条指令做出一层。
    <code>FROM</code> 从哪个镜像开始；<code>scratch</code> 是空的
    <code>RUN</code> 构建时运行一条命令
    <code>COPY</code> 把你目录里的文件放进去；<code>ADD</code> 还会解开压缩包
    <code>ENV</code> 一直保留的变量，<code>ARG</code> 只在构建时有
    <code>WORKDIR</code> 后面的指令所在的目录
    <code>EXPOSE</code> 说明打算用哪些端口（8888 Jupyter，6006 TensorBoard）；真正打开要用 <code>-p</code>
    <code>LABEL</code> 关于镜像的说明（也代替旧的 <code>MAINTAINER</code>）
    <code>CMD</code> 和 <code>ENTRYPOINT</code> 容器启动时运行什么
    在后面的 RUN 里删文件，前面那一层照样占空间。所以下载、安装、清理要写在同一个 RUN 里，用 <code>&amp;&amp;</code> 连起来。/dockerfile 就是这样写的。然后构建、推送：
    <pre>{ $first }</pre>
    <pre>{ $second }</pre>
docker-topic-build = <b>构建镜像</b>
    在放着 Dockerfile 的目录里运行；最后的 <code>./</code> 就是这个目录：
    <pre>{ $first }</pre>
    docker 会把整个目录交出去构建，所以数据集要放在别处，或者写进 <code>.dockerignore</code>。没变的步骤用缓存：常改的内容放在最后。
    推送之前先试一下：
    <pre>{ $second }</pre>
docker-topic-shell = <b>shell 写法和 exec 写法</b>
    shell 写法：<code>CMD python train.py $ARGS</code>
    docker 启动的是 <code>/bin/sh -c "…"</code>。变量、<code>&amp;&amp;</code>、<code>|</code> 都能用，但 1 号进程是 shell：停止信号发给了 shell，没有发给你的程序。
    exec 写法：<code>CMD ["python", "train.py"]</code>
    你的程序就是 1 号进程，收得到信号。没有 shell 来解释，所以 <code>$ARGS</code> 原样不动。这是 JSON：只能用双引号。
    规则：RUN 用 shell 写法，ENTRYPOINT 和 CMD 用 exec 写法。两样都要：<code>CMD ["bash", "-c", "exec python train.py $ARGS"]</code>
docker-topic-entrypoint = <b>ENTRYPOINT 和 CMD</b>
    只有 CMD 时它是默认值：<code>docker run</code> 里写在镜像后面的内容会替换它。
    ENTRYPOINT 是一定会运行的：那些内容会接在它后面。只有 <code>--entrypoint</code> 能替换它。
    两个一起用时，CMD 是默认的参数：
    <pre>ENTRYPOINT ["python", "train.py"]
    CMD ["--epochs", "10"]</pre>
    <code>docker run 镜像</code> 运行 <code>python train.py --epochs 10</code>，<code>docker run 镜像 --epochs 50</code> 就变成 50。写了几个也只有最后一个算数。ENTRYPOINT 用 shell 写法时，CMD 会被忽略。
    OpenPAI 启动的是它自己的脚本，所以在任务里这两个都不算数：命令写在 <code>/run</code> 后面。
