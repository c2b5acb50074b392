### What exit codes mean, where plain words say more than OpenPAI's own.

exit-reason = Reason: { $code ->
    [-1200] the job used more host memory than it asked for, and was killed (ask for more with mem=)
    [137] killed by the signal SIGKILL, most often because host memory ran out
    [135] killed by the signal SIGBUS, most often because shared memory is too small (ask for more with shm=)
    [141] killed by the signal SIGPIPE: the other end of a pipe was closed, as in … | head
    [226] GPU memory ran out
    [224] the CUDA version does not match
    [254] the image could not be pulled: it does not exist, or needs a login
    [-1001] the machine was lost, it may be down
   *[other] { $reason }
}
