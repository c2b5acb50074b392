# 关于镜像与镜像仓库的其他文字
image-kept = <b>{ $who }</b> 决定保留 <code>{ $name }</code>。
image-keep-told = 已保留，并已告诉提出请求的人。
image-delete-used = 最近一次被任务 <code>{ $job }</code> 使用：{ AGO($age) }
button-image-keep = 保留
gc-offer = { $count ->
   *[other] { $count } 个镜像
}已删除两小时以上（{ SIZE($size) }，未扣除与其他镜像共用的层）。现在做一次垃圾清理可以腾出磁盘。
image-near-names = 没有这个仓库。是不是要找下面这些？
harbor-too-old-write = 这个 Harbor 是 1.x 版，我只读不写。请用 docker 打标签和推送：/push 给出命令。
registries-which = 看哪个镜像仓库？<code>/images 名字 关键词</code> 在里面搜索。
registry-title = <b>{ $host }</b>（{ $count } 个）{ $pages ->
    [1] { "" }
   *[other] ，第 { $page } 页，共 { $pages } 页
}
registry-none = <b>{ $host }</b> 里没有{ GIVEN($word) ->
    [yes] 名字带 <code>{ $word }</code> 的
   *[no] { "" }
}镜像。
registry-no-list = <b>{ $host }</b> 不向你列出镜像。请写全名：<code>/image { $host }/项目/名字:标签</code>
registry-shared = <code>{ $name }</code> 已经存在。大家用同一个账号往这个镜像仓库里写，所以只有管理员能替换已有的标签。请换一个标签。
image-delete-secret = 用 CLI 密码登录时，Harbor 只让你删几个标签中的一个，不让删镜像。可以请管理员删，他会看到同样的内容。删除后无法恢复。
image-delete-kept = 🔒 项目的规则不允许改动 <code>{ $tags }</code>。只要还有这样的标签，镜像就删不掉。
harbor-hidden = Harbor 没有给你看 <code>{ $name }</code>：没有这个项目，或者你不是它的成员。请检查名字；或者请项目管理员把你加进去。
harbor-too-old-know = 这个 Harbor 是 1.x 版，查不到这些。/images 和 /image 可以用。
image-no-room = 项目的配额不够放它了：
    <blockquote>{ $detail }</blockquote>
    请删掉没人要的镜像（/staleimages），或者请项目管理员加大配额。
image-read-only = 镜像仓库现在是只读模式（在回收空间或维护），谁都改不了。请过一会儿再试。
