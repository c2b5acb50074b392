"""Jobs that ended before the emulator was started: history for pictures, and weight for benchmarks."""

import random
from collections.abc import Sequence
from uuid import UUID

from bot.demo.openpai.lab.job import Attempt, Job, Phase, Pod, Task
from bot.demo.openpai.lab.world import World
from bot.demo.openpai.protocol.plain import plain_config
from bot.demo.openpai.protocol.reading import build
from bot.demo.openpai.runs import exits
from bot.demo.openpai.runs.failures import Trains

_NAMES = ("bert", "resnet", "unet", "yolo", "vit", "gpt", "gan", "dqn", "wav2vec", "clip")
_IMAGE = "openpai/standard:python_3.6-pytorch_1.2.0-gpu"


def remember(world: World, users: Sequence[str], jobs: int, days: float, seed: int) -> None:
    """Ended jobs, evenly over the last days, one in six of them failed; the oldest first."""
    rng = random.Random(seed)
    start = world.now - days * 86_400
    for number in range(jobs):
        user, vc = rng.choice(users), "default"
        name = f"{rng.choice(_NAMES)}-{number:05d}"
        config = plain_config(
            name,
            {"gpu": rng.choice((1, 1, 1, 2, 4)), "cpu": 4, "memoryMB": 8192},
            vc=vc,
            priority=None,
            instances=1,
            retries=0,
            image=_IMAGE,
            commands=("python train.py",),
        )
        submitted = start + (world.now - start) * number / max(jobs, 1)
        job = build(config, None, user, submitted, world.hardware, hived=True)
        _finish(world, job, rng)
        world.admit(job)


def _finish(world: World, job: Job, rng: random.Random) -> None:
    """As if it had waited, run on the machine of its virtual cluster, and ended before now."""
    job.planned, job.outcome = True, Trains()
    left = max(world.now - job.submitted - 5, 2.0)
    job.created = job.submitted + 1
    job.launched = job.created + min(rng.expovariate(1 / 120), left / 4)
    job.completed = job.launched + min(rng.expovariate(1 / 5400) + 20, left / 2)
    job.phase = Phase.COMPLETED
    node = world.hardware.nodes[next(iter(world.hardware.shares[job.vc]))]
    good = rng.random() > 1 / 6
    ended = exits.succeeded() if good else exits.user_exit(1, "RuntimeError: it did not work\n")
    uid = str(UUID(int=rng.getrandbits(128), version=4))
    pod = Pod(0, uid, {"ssh": "22022", "http": "22080"}, job.created, None, node.name, node.address)
    pod.launched, pod.completed, pod.exit = job.launched, job.completed, ended
    attempt = Attempt(0, uid, job.created, job.launched, job.completed, ended)
    attempt.tasks.append(Task(job.roles[0], 0, [pod]))
    job.attempts.append(attempt)
