### /gpu、/allow、/deny。

gpu-title = <b>{ $free ->
    [0] 没有空卡
   *[other] { $free } 张空卡
}</b>
gpu-vc = <code>{ $bar }</code> <b>{ $name }</b>：空 { $free } / { $total }{ $broken ->
    [0] {""}
   *[other] （{ $broken } 张故障）
}
gpu-one-node = 单台机器上最多空 { $count } 张卡。
gpu-waiting = { $count ->
    [0] 没有任务在排队。
   *[other] { $count } 个任务在排队。
}
group-allowed = ✅ 本群可以使用我了：/jobs、/job 任务名、/gpu。私人的答案会发到私聊。
group-allowed-already = 本群已经可以使用我了。
group-denied = 从现在起我在本群保持安静。发送 /allow 可以让我回来。
