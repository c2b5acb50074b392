"""Other people's jobs come and go, so that the demo's cluster is a lab and not an empty room."""

import random
from dataclasses import dataclass, field

from bot.demo.openpai.emulator import OpenPaiEmulator
from bot.demo.openpai.lab.past import remember
from bot.demo.openpai.runs.failures import (
    CudaOutOfMemory,
    HostMemoryKilled,
    IdleGpu,
    NanLoss,
    Segfault,
    ShmTooSmall,
    Traceback,
    Trains,
)
from bot.demo.openpai.runs.outcome import Outcome
from bot.demo.openpai.wire.answers import Refusal

_TOPICS = ("lora-rank8", "segment-roads", "speech-asr", "detr-coco", "ocr-v2", "graph-mol", "nerf")
# How often each virtual cluster sees a new job, and how long these run, in seconds.
_PAUSE_SECONDS = 55.0
_RUN_SECONDS = (90.0, 420.0)


@dataclass
class Story:
    """A few colleagues with their own habits; `begin` once, then time does the rest.

    They leave room: a person who tries the demo waits sometimes, and never for long.
    """

    pai: OpenPaiEmulator
    people: tuple[str, ...] = ("carol", "dave", "erin", "frank")
    seed: int = 7
    past_jobs: int = 60
    told: int = 0
    rng: random.Random = field(default_factory=random.Random)

    def begin(self) -> None:
        """Adds the colleagues and their past (once), and lets them go on submitting."""
        for person in self.people:
            self.pai.user(person, f"{person}-password", ("default", "research"))
        # Another start on kept state must not tell the same names again: they are used up.
        self.told = len(self.pai.jobs())
        self.rng.seed(f"{self.seed}/{self.told}")
        if not self.told:
            remember(self.pai.world, self.people, self.past_jobs, days=14, seed=self.seed)
        self._submit("research", 4, Trains(runs_seconds=1500))
        self._submit("default", 1, Trains(runs_seconds=240))
        self._later(self.rng.uniform(5, 15))

    def _later(self, seconds: float) -> None:
        world = self.pai.cluster.world
        world.timeline.at(world.now + seconds, self._next)

    def _next(self) -> None:
        """One more job, unless enough of the colleagues' are waiting already."""
        world = self.pai.cluster.world
        waiting = [job for job in world.order if job.state == "WAITING" and job.user in self.people]
        if len(waiting) < 2:
            vc = self.rng.choice(("default", "research", "research"))
            gpus = self.rng.choice((1, 1, 2) if vc == "default" else (1, 2, 2, 4))
            self._submit(vc, gpus, self._fate())
        self._later(self.rng.expovariate(1 / _PAUSE_SECONDS) + 10)

    def _fate(self) -> Outcome:
        """Most succeed; the rest fail in the ways people know."""
        seconds = self.rng.uniform(*_RUN_SECONDS)
        part = seconds * self.rng.uniform(0.1, 0.5)
        failures: tuple[Outcome, ...] = (
            CudaOutOfMemory(after=part),
            Traceback(after=part),
            ShmTooSmall(after=part),
            HostMemoryKilled(after=part),
            Segfault(after=part),
            NanLoss(runs_seconds=seconds),
            IdleGpu(runs_seconds=1800),
        )
        return self.rng.choice(failures) if self.rng.random() < 0.3 else Trains(seconds)

    def _submit(self, vc: str, gpus: int, outcome: Outcome) -> None:
        """Inside the timeline: the world must not be asked to catch up again."""
        self.told += 1
        person = self.rng.choice(self.people)
        name = f"{self.rng.choice(_TOPICS)}-{self.told:03d}-{self.rng.randrange(1000):03d}"
        try:
            self.pai.submit(person, name=name, gpus=gpus, vc=vc, outcome=outcome)
        except Refusal:
            return
