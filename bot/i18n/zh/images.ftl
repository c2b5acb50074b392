### 镜像：名字、查找、检查、复制、删除。

image-no-name = 这里面没有镜像。请写成 <code>harbor.example.edu/lab/torch:1.13</code> 或 <code>ufoym/deepo:py36</code> 这样。
image-only-digest = 只有摘要看不出镜像在哪里。请在前面写上名字：<code>harbor.example.edu/lab/torch@sha256:…</code>
image-page-link = 这是网页的地址。请复制网页上的拉取命令，或者用 <code>/images</code> 加名字里的一个词来搜索镜像。
image-not-one = <code>{ $words }</code> 不止一个词，而镜像里没有空格。请只写镜像。
image-unreadable = <code>{ $words }</code> 不可能是镜像。镜像写作 <code>地址/项目/名字:标签</code>，除标签外全部小写。
image-blocked = 镜像仓库里有这个镜像，但不让拉取{ GIVEN($detail) ->
    [yes] ：<i>{ $detail }</i>
   *[no] ：策略不允许。
}
image-immutable = 项目的规则不允许改动 <code>{ $tag }</code>。请换一个标签，或者找项目管理员。
image-referenced = 这个镜像是某个多平台镜像的一部分，请先删除那一个镜像。
image-elsewhere = <code>{ $host }</code> 不在本站的镜像仓库里，所以我不去查询。
image-changed = 给你看过之后，<code>{ $name }</code> 变了。什么都没做，请重新看一下。
harbor-too-old = 这个 Harbor 是 1.x 版，删一个标签会连带删掉同一镜像的所有标签，所以我只读不改。
harbor-none = 本站的设置里没有 Harbor。
harbor-no-admin = 这需要本站自己的 Harbor 账号，而设置里没有。请找 Pailot 的维护者。
harbor-ask-user = 请发你的 Harbor 用户名。机器人账号也可以，照 Harbor 写的原样发。
harbor-ask-secret = 再发 <code>{ $user }</code> 的密码。如果你用学校账号登录 Harbor，请用 Harbor 个人信息里的 <b>CLI 密码</b>。收到后我立刻删掉这条消息。
harbor-linked = ✅ 已关联 Harbor 用户 <b>{ $user }</b>{ $kind ->
    [robot] （机器人账号）
    [oidc] （CLI 密码：可以查看、拉取、删标签）
   *[user] {""}
}。现在任务里可以用你的私有镜像了。
harbor-unlinked = 这里存的 Harbor 登录已删除，Harbor 那边不受影响。

help-images = 实验室的镜像，最近更新的在前；/images 词 可以搜索
help-image = 查看一个镜像：版本、大小、谁用过
how-image = <code>/image harbor.example.edu/lab/torch:1.13</code>
how-images = <code>/images torch</code>

images-title = { GIVEN($word) ->
    [yes] <b>名字里有“{ $word }”的镜像</b>
   *[no] <b>Harbor 里的镜像</b>
}（{ $count } 个）{ $pages ->
    [1] {""}
   *[other] ，第 { $page } 页，共 { $pages } 页
}
images-none = { GIVEN($word) ->
    [yes] Harbor 里没有名字带 <code>{ $word }</code> 的镜像。私有镜像要先 <code>/login harbor</code> 才看得到。
   *[no] Harbor 里没有你能看到的镜像。私有镜像要先 <code>/login harbor</code> 才看得到。
}
images-line = • <code>{ $name }</code> · { $count } 个版本 · { AGO($age) }
images-group = <b>Harbor 里</b>人人可见的镜像：{ $count } 个{ GIVEN($names) ->
    [yes] 。最近更新：<code>{ $names }</code>
   *[no] 。
}
images-tags = <b>{ $name }</b>（{ $count } 个）{ $pages ->
    [1] {""}
   *[other] ，第 { $page } 页，共 { $pages } 页
}
images-no-tags = <b>{ $name }</b> 里已经没有镜像，或者你看不到。
images-tag-line = • <b>{ $name }</b> · { SIZE($size) } · { AGO($age) }推送 · { $never ->
    [1] 没人拉取过
   *[other] { AGO($pulled) }拉取过
}{ $scan ->
    [clean] {" "}· ✅
    [critical] {" "}· 🔴 严重漏洞
    [high] {" "}· 🟠 高危漏洞
   *[other] {""}
}
image-how = 看哪个镜像？可以写 <code>/image harbor.example.edu/lab/torch:1.13</code>，或名字的一部分，或直接粘贴拉取命令。/images 列出全部镜像。
image-which = 有好几个镜像符合这个名字，是哪一个？
image-near = 是不是下面某个标签？
image-title = <b>{ $name }</b>
image-digest = <code>{ $digest }</code>
image-size = { SIZE($size) }{ GIVEN($platforms) ->
    [yes] {" "}· { $platforms }
   *[no] {""}
}
image-versions = { $versions }
image-nfs = { $nfs ->
    [yes] 挂载：已装 nfs-common ✅
    [no] 挂载：没有 nfs-common，任务要先安装它
   *[unknown] 挂载：不清楚有没有 nfs-common
}
image-created = 制作于 { DATE($at) }
image-pushed = { AGO($age) }推送 · { $never ->
    [1] 没人拉取过
   *[other] 上次拉取：{ AGO($pulled) }
}
image-tags = 全部标签：<code>{ $tags }</code>{ $more ->
    [0] {""}
   *[other] ，还有 { $more } 个
}
image-scan = 扫描：{ GIVEN($found) ->
    [yes] { $found }，其中 { $fixable } 个可以修复
   *[no] 没有发现漏洞 ✅
}
image-scan-none = 还没扫描过。
image-scan-other = 扫描：{ $status }
image-used = { $count ->
    [0] 我还没见过哪个任务用它。
   *[other] 用过它的任务：{ $count } 个，成功 { $good }，失败 { $bad }，未结束 { $now }。
}
image-use = 就用镜像 <code>{ $image }</code>。请把要运行的命令发给我，前面可以带选项：<code>gpu=1 python /mnt/train.py</code>
image-not-harbor = <code>{ $name }</code> 不在实验室的 Harbor 里，我没法这样做。
image-use-unknown = 现在查不到有没有排队或运行中的任务在用这个镜像，所以什么都不删。等 OpenPAI 恢复后再试。
preview-auth = 🔑 节点以 <code>{ $user }</code> 的身份从 { $host } 拉取镜像；别人从任务里看不到这个登录。
button-image-use = 用它跑任务
button-image-pull = 复制拉取命令
button-all-images = 全部镜像
button-repair = 🔧 { $fix }

check-image-format = { $grade ->
    [bad] ❌ { $fault ->
        [project] 镜像 <code>{ $image }</code> 缺了项目：应写成 <code>地址/项目/名字:标签</code>。
        [command] 这里只写镜像，不带 docker 命令：<code>{ $image }</code>。
        [scheme] 镜像前面不要 <code>http://</code>：<code>{ $image }</code>。
        [brackets] 镜像外面多了括号或引号：<code>{ $image }</code>。
        [width] 镜像里有全角字符：<code>{ $image }</code>。
        [upper] 镜像的名字要全部小写：<code>{ $image }</code>。
        [spaces] 镜像里有空格：<code>{ $image }</code>。
       *[other] <code>{ $image }</code> 不可能是镜像。
    }
   *[warn] ⚠️ 镜像 <code>{ $image }</code> 同时写了标签和摘要：以摘要为准。
}
check-image-missing = { $grade ->
    [unknown] ❔ 镜像 <code>{ $image }</code> 在不在，没查到{ $why ->
        [elsewhere] ：它的镜像仓库不在本站的设置里。
        [slow] ：它的镜像仓库没有及时回应。
        [busy] ：它的镜像仓库要我们慢一点。
       *[silent] ：它的镜像仓库没有回应。
    }
   *[bad] ❌ 镜像仓库里没有镜像 <code>{ $image }</code>{ GIVEN($near) ->
        [yes] 。相近的标签：<code>{ $near }</code>
       *[no] 。核对名字和标签。
    }
}
check-image-denied = { $grade ->
    [bad] ❌ 你的镜像仓库登录不能拉取镜像 <code>{ $image }</code>。
   *[unknown] ❔ 镜像 <code>{ $image }</code> 不公开。如果节点没有自己的登录，就会拉取失败；<code>/login harbor</code> 之后，任务会带上你的登录。
}
check-image-blocked = ❌ 镜像仓库不让拉取镜像 <code>{ $image }</code>{ GIVEN($why) ->
    [yes] ：{ $why }
   *[no] 。
}
check-image-far = ⚠️ 镜像 <code>{ $image }</code> 在 { $host } 上，节点可能连不到；这里还没有任务用它成功过。
check-image-mount = ⚠️ 命令要挂载 NFS，而镜像 <code>{ $image }</code> 里没有 nfs-common。请在前面加上 <code>apt update &amp;&amp; apt install -y nfs-common</code>。
