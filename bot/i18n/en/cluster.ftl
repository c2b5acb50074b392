### /gpu, /allow, /deny.

gpu-title = <b>{ $free ->
    [0] No free GPU
    [1] 1 GPU free
   *[other] { $free } GPUs free
}</b>
gpu-vc = <code>{ $bar }</code> <b>{ $name }</b>: { $free } free of { $total }{ $broken ->
    [0] {""}
   *[other] {" "}({ $broken } out of order)
}
gpu-one-node = At most { $count } free on one machine.
gpu-waiting = { $count ->
    [0] Nobody is waiting.
    [1] 1 job is waiting.
   *[other] { $count } jobs are waiting.
}
group-allowed = ✅ This group may use me now: /jobs, /job NAME, /gpu. Private answers go to private chats.
group-allowed-already = This group may use me already.
group-denied = I am silent in this group from now on. /allow brings me back.
