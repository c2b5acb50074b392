"""The log of a training program: epochs on stdout, progress bars on stderr."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Loss = Literal["falls", "nan", "none"]

STEPS_PER_EPOCH = 782
BAR_WIDTH = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of output, `at` so many seconds after the container's start.

    `text` carries its own line end: a progress bar is redrawn after a carriage return.
    """

    at: float
    stream: Literal["stdout", "stderr"]
    text: str


def spread(log: Sequence[str], seconds: float) -> Iterator[Line]:
    """The lines of `log`, evenly over the run; a line that begins with `2>` is stderr's."""
    for number, text in enumerate(log):
        at = seconds * number / max(len(log), 1)
        if text.startswith("2>"):
            yield Line(at, "stderr", f"{text[2:].lstrip()}\n")
        else:
            yield Line(at, "stdout", f"{text}\n")


def training(
    seconds: float, rng: random.Random, gpus: int, loss: Loss, *, cut: bool
) -> Iterator[Line]:
    """Epochs of equal length; one takes four seconds at least, there are 200 at most.

    With `cut` the program had meant to train much longer, and ends within an epoch.
    """
    if cut:
        whole = training(seconds * 2.6, rng, gpus, loss, cut=False)
        yield from (line for line in whole if line.at < seconds)
        return
    epochs = max(1, min(200, int(seconds / 4)))
    length = seconds / epochs
    yield Line(0.0, "stdout", f"=> {gpus} GPU(s) visible, seed {rng.randrange(10_000)}\n")
    yield Line(0.1, "stdout", "=> 50000 training samples, 10000 validation samples\n")
    value = 2.3 + rng.random() / 10
    for epoch in range(1, epochs + 1):
        start = (epoch - 1) * length
        yield from _bar(epoch, epochs, start, length, value)
        value *= 0.78 + rng.random() * 0.12
        if loss == "nan" and epoch > epochs // 2:
            value = float("nan")
        accuracy = 0.1 if value != value else min(0.99, 1 - value / 3)  # noqa: PLR0124 - NaN
        yield Line(
            start + length * 0.99,
            "stdout",
            f"Epoch {epoch}/{epochs} loss={value:.4f} val_acc={accuracy:.4f} time={length:.1f}s\n",
        )
    yield Line(seconds, "stdout", "training finished, weights written to ./checkpoints\n")


def _bar(epoch: int, epochs: int, start: float, length: float, loss: float) -> Iterator[Line]:
    """A progress bar redrawn ten times, as tqdm does on stderr."""
    for tenth in range(1, BAR_WIDTH + 1):
        step = STEPS_PER_EPOCH * tenth // BAR_WIDTH
        spent = length * 0.98 * tenth / BAR_WIDTH
        left = length * 0.98 - spent
        bar = "█" * tenth + " " * (BAR_WIDTH - tenth)
        rate = step / spent
        yield Line(
            start + spent,
            "stderr",
            f"\rEpoch {epoch}/{epochs}: {tenth * 10:3d}%|{bar}| {step}/{STEPS_PER_EPOCH} "
            f"[{_clock(spent)}<{_clock(left)}, {rate:.1f}it/s, loss={loss:.3f}]"
            + ("\n" if tenth == BAR_WIDTH else ""),
        )


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"
