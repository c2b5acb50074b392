"""How figures are shown: medians with their spread, and ratios pair by pair."""

import os
import platform
from collections.abc import Sequence
from statistics import median, quantiles


def conditions() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, loopback, load {load()} before"


def load() -> str:
    """The machine's load average: with more than a core's worth of others, only ratios mean anything."""
    return f"{os.getloadavg()[0]:.1f}"


def spread(values: Sequence[float], form: str = ".0f") -> str:
    """`median (min-max)`"""
    return f"{median(values):{form}} ({min(values):{form}}-{max(values):{form}})"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Ours over theirs, round by round."""
    return spread([a / b for a, b in zip(ours, theirs, strict=True)], ".2f")


def percentile(values: Sequence[float], share: int) -> float:
    return quantiles(values, n=100)[share - 1] if len(values) > 1 else values[0]


def line(what: str, figure: str, goal: str = "") -> None:
    print(f"  {what:<46} {figure:<26} {'goal: ' + goal if goal else ''}".rstrip(), flush=True)
