### 没办成的事：出了什么事，为什么，接下来怎么办。

error-unavailable = { system-name } 现在没有正常回应{ GIVEN($detail) ->
    [yes] （{ $detail }）
   *[no] {""}
}。这不是你的问题，过一两分钟再试；一直这样就告诉管理员。
error-busy = { system-name } 收到的请求太多，让我们慢一点。请过 { DURATION($seconds) }再试。
error-login-needed = 要做这件事，先得关联你的 { system-name } 账号：发送 { login-command }，一分钟就好。
error-token-refused = { system-name } 没有接受为你保存的令牌。有时只是它一时出错，过几分钟再试；还是不行，发送 { login-command } 重新关联。
error-wrong-login = 用户名或密码不对，{ system-name } 没让登录。核对大小写后再发一次 { login-command }；忘了密码请找管理员重置。
error-denied = { system-name } 不允许你这样做{ GIVEN($detail) ->
    [yes] ：<i>{ $detail }</i>
   *[no] 。
}
    确实需要的话，请管理员给你开通权限。
error-not-found = { $what ->
    [job] 没有找到任务 <code>{ $name }</code>。发送 /jobs 看看你有哪些任务；别人的任务要写成 <code>用户名~任务名</code>。
    [log] <code>{ $name }</code> 没有日志：任务也许还没开始运行，或者日志已被清理。
    [user] 没有用户 <code>{ $name }</code>。核对拼写，注意大小写。
    [vc] 没有虚拟集群 <code>{ $name }</code>。发送 /gpu 看看有哪些。
    [image] 镜像仓库里没有 <code>{ $name }</code>。核对名字和标签。
    [file] 没有文件 <code>{ $name }</code>。核对路径，注意大小写。
   *[other] 没有找到 <code>{ $name }</code>。核对名字后再试。
}
error-name-taken = 任务名 <code>{ $name }</code> 已经用过了。OpenPAI 的任务名用过一次就不能再用，换一个，比如在后面加上日期。
error-refused = { system-name } 没有接受{ GIVEN($detail) ->
    [yes] ，它的原话是：
    <blockquote>{ $detail }</blockquote>
   *[no] 。
}
    照着改好后再试；看不懂就转发给管理员。
error-internal = Pailot 自己出错了，不是你的问题，错误已经记下。再试一次；还是不行，把编号 <code>{ $ref }</code> 发给管理员。

login-command = { $system ->
    [openpai] /login
   *[other] /login { $system }
}
