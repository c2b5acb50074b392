"""What a container does once started: how long it runs, what it prints, how it ends."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.openpai.runs.training import Line, Loss, spread, training


@dataclass(frozen=True, slots=True)
class Context:
    """What an outcome may know of the container it decides about.

    `tries` counts the earlier attempts of this task; the same context always gives the same run.
    """

    user: str
    job: str
    role: str
    index: int
    tries: int
    image: str
    commands: Sequence[str]
    gpus: int
    node: str
    seed: int

    def rng(self) -> random.Random:
        return random.Random(f"{self.seed}/{self.user}/{self.job}/{self.role}/{self.index}")


@dataclass(frozen=True, slots=True)
class Run:
    """One container's life; `lines` are in the order of their time."""

    seconds: float
    exit: int
    lines: Sequence[Line] = ()

    def printed(self, seconds: float, stream: str = "all") -> str:
        return "".join(
            line.text
            for line in self.lines
            if line.at <= seconds and (stream in ("all", line.stream))
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A job's behaviour as a value; the named ones in `failures` only change the defaults.

    `exit` is the user's own code (0..255), or a platform code (below zero, 250-254).
    With `fails_first`, only so many first tries end like that and the next one succeeds.
    `log` is spread over the run, `last_words` go to stderr at its end.
    """

    runs_seconds: float = 40.0
    after: float | None = None
    exit: int = 0
    log: Sequence[str] = ()
    last_words: Sequence[str] = ()
    trains: bool = False
    loss: Loss = "falls"
    fails_first: int | None = None
    pending: bool = False
    pull_seconds: float = 0.5
    stop_seconds: float = 1.5
    gpu_percent: float = 87.0

    @property
    def seconds(self) -> float:
        """`after` is how long a failing job runs before it fails."""
        return self.runs_seconds if self.after is None else self.after

    @property
    def starts(self) -> bool:
        """Whether the user's container is ever started."""
        return self.exit not in {250, 251, 252, 253, 254}

    def words(self, context: Context) -> Sequence[str]:
        """What the program says on stderr when it fails."""
        return self.last_words

    def run(self, context: Context) -> Run:
        recovered = self.fails_first is not None and context.tries >= self.fails_first
        code = 0 if recovered else self.exit
        if not self.starts and not recovered:
            return Run(self.seconds, code)
        rng = context.rng()
        lines = list(spread(self.log, self.seconds))
        if self.trains:
            lines += training(self.seconds, rng, context.gpus, self.loss, cut=code != 0)
        if not recovered:
            lines += [
                Line(self.seconds, "stderr", f"{word}\n")
                for text in self.words(context)
                for word in text.split("\n")
            ]
        lines.sort(key=lambda line: line.at)
        return Run(self.seconds, code, tuple(lines))
