"""Which versions an image holds, as far as its environment, labels and history tell."""

import re
from collections.abc import Iterable

from bot.domain.images.manifest import ImageConfig

_ENV = {
    "CUDA_VERSION": "CUDA",
    "NV_CUDNN_VERSION": "cuDNN",
    "CUDNN_VERSION": "cuDNN",
    "PYTHON_VERSION": "Python",
    "PYTORCH_VERSION": "PyTorch",
    "TORCH_VERSION": "PyTorch",
    "TF_VERSION": "TensorFlow",
    "TENSORFLOW_VERSION": "TensorFlow",
    "JAX_VERSION": "JAX",
}
_LABELS = {"com.nvidia.cudnn.version": "cuDNN", "com.nvidia.cuda.version": "CUDA"}
_HISTORY = (
    ("Python", re.compile(r"\bconda (?:create|install)[^&;]*\bpython=(\d+(?:\.\d+)+)")),
    ("Python", re.compile(r"\bPython-(\d+(?:\.\d+)+)\.t")),
    ("PyTorch", re.compile(r"\b(?:torch|pytorch)==?(\d+(?:\.\d+)+)")),
    ("TensorFlow", re.compile(r"\btensorflow(?:-gpu)?==?(\d+(?:\.\d+)+)")),
)
_NFS = re.compile(r"\bnfs-(?:common|utils)\b")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
ORDER = ("Python", "PyTorch", "TensorFlow", "JAX", "CUDA", "cuDNN")


def versions(config: ImageConfig, history: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """Pairs of what and which version, in a fixed order; the environment counts before the history."""
    found: dict[str, str] = {}
    told = [(_ENV.get(name), value) for name, value in config.env]
    told += [(_LABELS.get(name), value) for name, value in config.labels]
    for what, value in told:
        number = _NUMBER.match(value)
        if what and number:
            found.setdefault(what, number[0])
    for step in (*config.history, *history):
        for what, pattern in _HISTORY:
            if named := pattern.search(step):
                found.setdefault(what, named[1])
    return tuple((what, found[what]) for what in ORDER if what in found)


def mounts(history: Iterable[str]) -> bool | None:
    """Whether what mounting needs was installed; None when the history says nothing."""
    steps = tuple(history)
    if not steps:
        return None
    return any(_NFS.search(step) for step in steps)


def tag_of(found: Iterable[tuple[str, str]]) -> str:
    """`py38-torch1.13-cu117`: the tag that says what is inside; empty when nothing is known."""
    short = {"Python": "py", "PyTorch": "torch", "TensorFlow": "tf", "JAX": "jax", "CUDA": "cu"}
    parts = []
    for what, number in found:
        if what in short:
            pieces = number.split(".")[:2]
            tight = what in {"Python", "CUDA"}
            parts.append(short[what] + ("" if tight else ".").join(pieces))
    return "-".join(parts)


def says_nothing(tag: str) -> bool:
    """Tags that will mean something else next month."""
    return re.fullmatch(r"latest|v?\d{1,2}|new|test|final", tag.lower()) is not None
