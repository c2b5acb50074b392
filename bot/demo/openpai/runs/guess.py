"""What a job will do when nobody planned it: read from its commands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.demo.openpai.runs import failures, surroundings
from bot.demo.openpai.runs.imagetest import ImageTest, looks_at_the_image
from bot.demo.openpai.runs.outcome import Outcome

_SIM = re.compile(r"#\s*sim:\s*(.*)")
_PROGRAM = re.compile(
    r"\b(python[0-9.]*|torchrun|accelerate|deepspeed|mpirun|horovodrun|bash|sh)\b"
)
_SERVER = re.compile(r"\b(jupyter|tensorboard|sshd|code-server|streamlit|gradio)\b")
_ACTIVATE = re.compile(r"^\s*(source\s+\S*activate\b|\.\s+\S*activate\b|conda\s+activate\b)")

# A script whose name says so fails in that way: /mnt/oom.py, /mnt/train_segfault.py.
_BY_WORD: dict[str, Callable[[], Outcome]] = {
    "oom": failures.CudaOutOfMemory,
    "killed": failures.HostMemoryKilled,
    "hostoom": failures.HostMemoryKilled,
    "shm": failures.ShmTooSmall,
    "missing": failures.FileNotFound,
    "nodata": failures.DataNotFound,
    "nomodule": failures.ModuleNotFound,
    "mismatch": failures.CudaMismatch,
    "segfault": failures.Segfault,
    "nccl": failures.NcclTimeout,
    "ecc": failures.CudaEcc,
    "nan": failures.NanLoss,
    "idle": failures.IdleGpu,
    "traceback": failures.Traceback,
    "bug": failures.Traceback,
    "readonly": surroundings.ReadOnlyMount,
    "diskfull": surroundings.DiskFull,
    "offline": surroundings.NetworkDown,
    "preempted": surroundings.Preempted,
}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the lab around the cluster knows: which images can be pulled, which files exist, what is in an image.

    All are asked with what the job names; None means that nobody knows.
    """

    image: Callable[[str], bool] | None = None
    file: Callable[[str, str], bool] | None = None
    env: Callable[[str], Sequence[str]] | None = None


def outcome_of(user: str, image: str, commands: Sequence[str], known: Knowledge) -> Outcome:
    lines = [line for command in commands for line in command.split("\n")]
    for line in lines:
        if (steered := _SIM.search(line)) is not None:
            return _steered(steered.group(1), lines)
    if re.search(r"missing|no-such|nosuch", image) or (known.image and not known.image(image)):
        return surroundings.ImageNotFound()
    if looks_at_the_image(commands):
        return ImageTest(env=tuple(known.env(image)) if known.env else ())
    if (trouble := _shell_trouble(lines)) is not None:
        return trouble
    for line in lines:
        if _SERVER.search(line):
            return failures.Serves()
        if _PROGRAM.search(line):
            return _program(user, line, known)
    return _plain(lines)


def _steered(words: str, lines: Sequence[str]) -> Outcome:
    """`# sim: run=2 exit=1 fail_first=1 lines=3000 pending=1 nolog=1`."""
    told = {key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", words)}
    plain = _plain(lines)
    seconds = float(told.get("run", plain.runs_seconds))
    code = told.get("exit", 0)
    log: Sequence[str] = plain.log
    if count := told.get("lines", 0):
        log = [f"line {number} {'x' * 60}" for number in range(count)]
    elif not told.get("nolog"):
        log = [*log, *(f"epoch {n} loss={2 / (n + 1):.4f}" for n in range(min(int(seconds), 500)))]
    return Outcome(
        runs_seconds=seconds,
        exit=code,
        log=tuple(log),
        last_words=_simulated(code) if 0 < code < 250 else (),
        fails_first=told.get("fail_first"),
        pending=bool(told.get("pending")),
    )


def _plain(lines: Sequence[str]) -> Outcome:
    """`echo`, `sleep` and `exit` taken at their word; anything else is over at once."""
    seconds, code, log = 0.0, 0, list[str]()
    for line in lines:
        match line.strip().split(maxsplit=1):
            case ["echo", text]:
                log.append(text.strip("'\""))
            case ["sleep", text] if re.fullmatch(r"[0-9.]+", text):
                seconds += float(text)
            case ["exit", text] if text.isdigit():
                code = int(text)
                break
            case ["false"]:
                code = 1
                break
    return Outcome(
        runs_seconds=max(seconds, 1.0),
        exit=code,
        log=tuple(log),
        last_words=_simulated(code) if code else (),
    )


def _simulated(code: int) -> Sequence[str]:
    return (
        "Traceback (most recent call last):",
        '  File "train.py", line 42, in <module>',
        "    main()",
        f"RuntimeError: simulated failure (exit {code})",
    )


def _shell_trouble(lines: Sequence[str]) -> Outcome | None:
    """What the platform's strict shell would stumble over before the program starts."""
    lists_fresh = relaxed = False
    for line in lines:
        relaxed = relaxed or "set +u" in line
        lists_fresh = lists_fresh or bool(re.search(r"apt(-get)?\s+update", line))
        if re.search(r"apt(-get)?\s+(-\S+\s+)*install", line) and not lists_fresh:
            return surroundings.AptWithoutUpdate()
        if _ACTIVATE.search(line) and not relaxed:
            return surroundings.UnboundVariable()
    return None


def _program(user: str, line: str, known: Knowledge) -> Outcome:
    script = next((word for word in line.split() if word.endswith((".py", ".sh"))), "")
    if script.startswith("/mnt/") and known.file is not None and not known.file(user, script):
        return failures.FileNotFound()
    stem = script.rpartition("/")[2].rpartition(".")[0].lower()
    for word in re.split(r"[^a-z0-9]+", stem):
        if word in _BY_WORD:
            return _BY_WORD[word]()
    return failures.Trains()
