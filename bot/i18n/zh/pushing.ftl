### 镜像目录、推送自己的镜像、机器人账号。

help-catalog = 在这里确认能用的镜像
help-push = 把你的镜像推送到镜像仓库的 docker 命令
how-catalog = <code>/catalog</code>；管理员还可以 <code>/catalog add harbor.example.edu/lab/torch:1.13 适合新手</code> 和 <code>/catalog remove …</code>
how-push = <code>/push torch:v2</code>；推送到别的镜像仓库：<code>/push torch:v2 registry=名字</code>
catalog-own = <b>你最近用的镜像</b>
catalog-name = • <code>{ $name }</code>
catalog-tried = <b>推荐和测试过的</b>
catalog-line = • <code>{ $name }</code>{ $works ->
    [yes] {" "}✅
    [no] {" "}❌
   *[other] {""}
}{ GIVEN($inside) ->
    [yes] {" "}· { $inside }
   *[no] {""}
}{ GIVEN($note) ->
    [yes] {" "}· <i>{ $note }</i>
   *[no] {""}
}{ GIVEN($by) ->
    [yes] {" "}· { DATE($at) } { $by } 测试过{ GIVEN($on) ->
        [yes] （{ $on }）
       *[no] {""}
    }
   *[no] {""}
}
catalog-learned = <b>这里有任务成功用过的镜像</b>
catalog-good = • <code>{ $name }</code> · { $people } 人的 { $jobs } 个任务，最近一次 { DATE($at) }{ GIVEN($sku) ->
    [yes] {" "}· { $sku }
   *[no] {""}
}
catalog-empty = 还什么都不知道：没有任务在我认识的镜像上成功过，管理员也还没推荐过。{ $listed ->
    [yes] /images 列出全部镜像。
   *[no] {""}
}
catalog-group = 测试和推荐过的镜像：{ $count } 个。列表在我们的私聊里。
catalog-added = <code>{ $name }</code> 已放进推荐镜像的目录。
catalog-removed = <code>{ $name }</code> 已从推荐镜像的目录里去掉。
catalog-word = 看不懂 <code>{ $word }</code>。可以写 <code>/catalog</code>、<code>/catalog add 镜像</code> 或 <code>/catalog remove 镜像</code>。
push-how = 要推送你机器上的哪个镜像？<code>/push torch:v2</code>。如果它已在镜像仓库里，我会把里面的版本写进标签。推送到别处：<code>/push torch:v2 registry=…</code>（<code>{ $names }</code>）。
push-lines = 在有这个镜像的机器上运行：
    <pre>{ $login }
    { $tag }
    { $push }</pre>
    密码会单独问你，绝不要写进命令里。
push-tag = <code>{ $tag }</code> 看不出里面是什么。像 <code>py38-torch1.13-cu117</code> 这样的标签才看得出，下个月也还对。
push-http = ⚠️ <code>{ $registry }</code> 没有证书：要在 docker 的 <code>insecure-registries</code> 里写上它。
push-group = 推送你自己镜像的 docker 命令在我们的私聊里。
catalog-admins = 只有管理员能改目录，你可以用 /catalog 查看。有任务在某个镜像上成功，或者你在它的卡片上点<i>测试</i>，镜像就会自己进目录。
catalog-how-add = 哪个镜像？<code>/catalog add harbor.example.edu/lab/torch:1.13 适合新手</code>。镜像后面的话会显示在旁边。
catalog-how-remove = 哪个镜像？<code>/catalog remove harbor.example.edu/lab/torch:1.13</code>，写名字的一部分也行。
catalog-not-added = 所以没有放进目录。
catalog-which = 要从目录里去掉哪一个？
push-no-registry = 这里没有叫 <code>{ $name }</code> 的镜像仓库。有这些：<code>{ $names }</code>。

run-pick = { $some ->
    [0] 用哪个镜像运行？请写出名字，或者看看有哪些。
   *[other] 用哪个镜像运行？点一个，或者写出名字，然后我给你看会运行什么。下次就沿用同一个。
}
run-pick-first = 或者先选镜像：
button-pick = { $kind ->
    [own] 🕘
    [tried] ⭐
    [learned] 👍
   *[harbor] 📦
} { $name }
image-group-how = 看哪个镜像？<code>/image harbor.example.edu/lab/torch:1.13</code>。全部镜像和你自己的，在我们的私聊里看。

button-robot = 机器人账号
button-robot-make = 建一个
button-robot-new = 新建机器人账号
button-robot-delete = 删除旧的
robot-about = 🤖 <b>机器人账号</b>是给机器用的登录：docker 用它在镜像仓库的项目 <b>{ $project }</b> 里推送和拉取，不必用你自己的密码。30 天后自动失效，之前我会提醒你。密钥只显示一次。
robot-yours = 你已有 <code>{ $name }</code>，有效到 { DATE($at) }。新建之后它就失效。
robot-made = 🤖 <code>{ $name }</code>，有效到 { DATE($ends) }{ $replaced ->
    [0] 。
   *[other] 。你之前的那个已失效。
}
    密钥：<code>{ $secret }</code>
    请现在就复制：谁都没法再显示它，{ TIME($until) } 我会删掉这条消息。
    <pre>{ $login }</pre>
    docker 问密码时填密钥。单引号要留着，否则 shell 会吃掉 <code>$</code>。
robot-hidden = 这里原来是 <code>{ $name }</code> 的密钥。机器人账号本身还能用。
robot-ends = { $over ->
    [0] ⏳ 你的机器人账号 <code>{ $name }</code> 将在 { DATE($at) } 失效，到时用它登录的地方都会停。
   *[other] ⏳ 你的机器人账号 <code>{ $name }</code> 已失效，用它登录的地方都不能用了。
}
robot-deleted = 🗑 机器人账号 <code>{ $name }</code> 已删除，再也不能用它登录。
robot-gone = 这个机器人账号已经没有了。
robot-none-here = 这里没法建机器人账号：没有 Harbor、没有项目，或者没有够权限的账号。
robot-no-right = 你自己的 Harbor 登录不能在 <b>{ $project }</b> 里建机器人账号，只有项目管理员可以。请找他，或者找 Pailot 的维护者。
robot-not-made = Harbor 没有建成机器人账号，过一会儿再试。
push-project = { $public ->
    [0] 把 <code>PROJECT</code> 换成你在那里的命名空间。商业镜像仓库要先在它的网页上建好命名空间和仓库。
   *[other] 把 <code>USER</code> 换成你的 Docker Hub 用户名。推送到那里谁都能看到，而且节点可能连不到。
}
