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
