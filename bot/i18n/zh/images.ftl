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
image-how = 看哪个镜像？可以写 <code>/image harbor.example.edu/lab/torch:1.13</code>，或名字的一部分，或直接粘贴拉取命令。{ $listed ->
    [yes] /images 列出全部镜像。
   *[no] {""}
}
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
preview-auth = 🔑 节点以 <code>{ $user }</code> 的身份从 <code>{ $host }</code> 拉取镜像；别人从任务里看不到这个登录。
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
        [yes] 。{ $like ->
            [yes] 相近的标签
           *[no] 它有这些标签
        }：<code>{ $near }</code>
       *[no] 。核对名字和标签。
    }
}
check-image-denied = { $grade ->
    [bad] ❌ { $works ->
        [yes] 你的镜像仓库登录不能拉取镜像 <code>{ $image }</code>：也许项目名字写错了，或者你不是它的成员。
       *[no] 你的 Harbor 登录已经失效，不能用它拉取镜像 <code>{ $image }</code>。请重新关联：<code>/login harbor</code>
    }
   *[unknown] ❔ 镜像 <code>{ $image }</code> 不公开，或者不存在。如果节点没有自己的登录，就会拉取失败{ $harbor ->
        [yes] ；<code>/login harbor</code> 之后，任务会带上你的登录。
       *[no] ：请把它复制到大家都能拉取的地方，或找管理员。
    }
}
check-image-blocked = ❌ 镜像仓库不让拉取镜像 <code>{ $image }</code>{ GIVEN($why) ->
    [yes] ：{ $why }
   *[no] 。
}
check-image-far = ⚠️ 镜像 <code>{ $image }</code> 在 <code>{ $host }</code> 上，节点可能连不到；这里还没有任务用它成功过。

help-copyimage = 复制镜像，也可以从别的镜像仓库复制到 Harbor
help-tagimage = 给镜像再加一个标签
help-rmimage = 删除标签或镜像（先让你看清楚）
how-copyimage = <code>/copyimage pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime lab/torch:1.13</code>
how-tagimage = <code>/tagimage harbor.example.edu/lab/torch:1.13 py38-torch1.13-cu117</code>
how-rmimage = <code>/rmimage harbor.example.edu/lab/torch:old</code>
image-how-copy = 从哪里复制到哪里？<code>/copyimage pytorch/pytorch:1.13 lab/torch:1.13</code>。后一个里没写的部分，沿用前一个的。
image-how-tag = 哪个镜像，加什么标签？<code>/tagimage harbor.example.edu/lab/torch:1.13 stable</code>
image-how-rm = 删哪个镜像？<code>/rmimage harbor.example.edu/lab/torch:old</code>。在你看清会连带删掉什么之前，什么都不会删。
image-delete-title = 要删除 <b>{ $name }</b> 吗？
image-delete-tags = { $count ->
    [0] 它没有标签 · { SIZE($size) }
    [1] 它唯一的标签：<code>{ $tags }</code> · { SIZE($size) }
   *[other] 它的全部 { $count } 个标签：<code>{ $tags }</code> · { SIZE($size) }
}
image-delete-children = 它由 { $count } 个镜像组成（{ $platforms }），没有自己标签的会一起删掉。
image-delete-catalogued = ⚠️ 它在实验室的推荐目录里。
image-delete-sure = 删除后无法恢复。
image-delete-no-right = 你没有这个项目的删除权限。管理员有，他会看到同样的内容。
image-delete-not = 什么都没有改。
image-in-use = 有任务正在排队或运行，用的就是它，所以不能删：<code>{ $jobs }</code>
image-deleted = 🗑 { $what ->
    [tag] 标签 <b>{ $name }</b> 已删除。
   *[all] <b>{ $name }</b> 和它的全部标签已删除：项目配额少用 { SIZE($size) }（与别的镜像共用的层除外）。
}
image-deleted-gc = 磁盘空间要等镜像仓库下次垃圾清理才会释放，而且两小时内的数据不清理。
image-deleted-tag = 镜像本身还在。
image-gone = <b>{ $name }</b> 早就没有了。
image-asked = <b>{ $name }</b> 请你删除一个镜像：
image-asked-admins = 已经问了管理员，删好后我告诉你。
image-no-admins = 还没有管理员和我说过话，我没人可问。请你直接找管理员。
image-occupied = <code>{ $name }</code> 已经存在，而且是另一个镜像（<code>{ $digest }</code>…）。要替换吗？原来的镜像只剩别的标签。
image-bad-tag = <code>{ $tag }</code> 不能作标签：只能用字母、数字和 <code>_ . -</code>，最多 128 个，开头不能是 <code>. -</code>。
image-tag-there = <code>{ $tag }</code> 本来就指向 { $name }。
image-tagged = 🏷 <b>{ $name }</b> 又有了标签 <code>{ $tag }</code>。
image-copy-where = 复制到哪里？请在后面写上目标：<code>/copyimage 来源 项目/名字:标签</code>
image-copy-there = <code>{ $name }</code> 本来就是这个镜像。
image-copy-begun = 正在把镜像 <code>{ $source }</code> 复制到 <code>{ $name }</code>。你可以离开，复制好后我告诉你。
image-copying = 正在复制到 <code>{ $name }</code>：{ SIZE($done) } / { SIZE($total) }
image-copied = ✅ <b>{ $name }</b> 已复制好（{ SIZE($size) }，其中实际传输 { SIZE($sent) }）。摘要 <code>{ $digest }</code>，与来源相同。
image-copy-failed = ❌ <b>{ $name }</b> 没有复制成功：{ $why }
image-copy-stopped = 已停止。标签没有设置；已传到的部分会在下次垃圾清理时删掉。
image-copy-over = 来不及停止了：这次复制已经结束，或正在打标签。
button-delete-tag = 只删标签 { $tag }
button-delete-all = { $count ->
    [0] 删除镜像
    [1] 删除镜像
   *[other] 删除镜像和全部 { $count } 个标签
}
button-ask-admin = 请管理员处理
button-image-replace = 替换
button-copy-stop = 停止复制
button-image-card = 查看镜像
button-image-copy = 复制到 Harbor
button-image-copy-to = 复制镜像
image-which-copy = 把 <code>{ $name }</code> 复制到哪里？写项目和名字，比如 <code>lab/torch:py38-torch1.13</code>；要复制到别的镜像仓库，就在前面写上它的地址。不写标签就沿用原来的。
button-image-delete = 删除
image-which-tag = <code>{ $name }</code> 要再加什么标签？最好写明里面的版本：<code>py38-torch1.13-cu117</code>
button-image-tag = 加标签

help-staleimages = 没人再用的镜像，大的在前
help-gc = 镜像仓库的垃圾清理：释放已删镜像的磁盘空间
how-staleimages = <code>/staleimages lab days=180</code>
images-which-project = Harbor 的哪个项目？请在命令后面写上项目名。
stale-none = 没有哪个镜像超过 { $days } 天既没人拉取也没有任务用过。
stale-title = <b>{ $days } 天没人用的镜像</b>：{ $count } 个，共 { SIZE($size) }。最大的是：
stale-line = • <code>{ $name }</code> · { SIZE($size) } · 上次使用：{ AGO($age) }{ GIVEN($owner) ->
    [yes] {" "}· { $owner }
   *[no] {" "}· 无人认领
}
stale-scan = ⚠️ 有很多镜像在同一分钟被拉取：那是扫描，不是人。所以还可能有更多镜像没人用。
stale-soft = 拉取记录可能来自扫描器，所以这份列表只会偏短，不会偏长。
stale-asked = { $count ->
    [0] 还没有哪位主人和我说过话，所以没人可问。
   *[other] 已询问 { $count } 位主人。
}
stale-yours = 你有 { $count } 个镜像很久没人用了（{ SIZE($size) }）。有能删的吗？你不点头，什么都不会删。
gc-title = <b>垃圾清理</b>会释放两小时前删除的内容占用的磁盘。试运行可以看看能释放多少。
gc-run = • { $kind ->
    [dry] 试运行
   *[real] 清理
} { $number }：{ $state ->
    [success] 完成
    [running] 还在进行，稍后用 /gc 再看
    [error] 出错
   *[other] { $state }
}{ $told ->
    [0] {""}
   *[other] {" "}· { $kind ->
        [dry] 可释放 { SIZE($freed) }
       *[real] 已释放 { SIZE($freed) }
    }
}
button-ask-owners = 询问主人
button-gc-dry = 试运行
button-gc-run = 现在清理
hub-pushed = 📦 你的镜像 <b>{ $name }</b> 已到 Harbor。
hub-deleted = 🗑 你的镜像 <b>{ $name }</b> 被 { $who } 从 Harbor 删除了。
hub-scanned = 🔎 Harbor 扫描了你的镜像 <b>{ $name }</b>：严重漏洞 { $critical } 个，高危 { $high } 个。
hub-quota = 📊 镜像仓库的项目 <b>{ $project }</b> 快满了或已满：{ $detail }
image-several = 有好几个镜像符合 <code>{ $word }</code>：<code>{ $names }</code>。请写其中一个。
image-closed = 没有人人可见的镜像 <code>{ $name }</code>。{ $harbor ->
    [yes] 如果它是私有的，请先关联账号：<code>/login harbor</code>
   *[no] 请检查名字；如果它在那里是私有的，这里没有人能查看。
}
