"""A script that looks what an image holds, played: nvidia-smi, Python and frameworks answer as the image would."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.demo.openpai.runs.outcome import Context, Outcome, Run
from bot.demo.openpai.runs.training import spread

_SAYS = re.compile(r"^say\(\) \{ printf '(\S+) %s", re.MULTILINE)
_MOUNTED = re.compile(r"say mount ok (\S+)")
_IN_NAME = {
    "PYTHON_VERSION": re.compile(r"py(?:thon)?[-_]?(\d\.\d+|\d{2,3})(?![\d.])"),
    "PYTORCH_VERSION": re.compile(r"torch[-_:]?(\d+\.\d+(?:\.\d+)?)"),
    "TF_VERSION": re.compile(r"(?:tensorflow|tf)[-_:]?(\d+\.\d+(?:\.\d+)?)"),
    "CUDA_VERSION": re.compile(r"cu(?:da)?(\d{1,2}\.\d|\d{2,3})"),
}
_CARDS = {
    "A100": "NVIDIA A100-SXM4-40GB, 40536 MiB, 470.161.03",
    "V100": "Tesla V100-SXM2-32GB, 32510 MiB, 470.161.03",
}
_A100_NODE = "worker-gpu-3"
_KNOWN = {"pytorch": ("PYTORCH_VERSION", "1.2.0"), "tensorflow": ("TF_VERSION", "1.15.0")}
"""What is in images of which only the name says so."""


@dataclass(frozen=True, slots=True)
class ImageTest(Outcome):
    """`env` is the image's environment, `NAME=value` each; `gpus_seen=False` is a machine without its driver.

    `said` is what it finds when that is planned.
    """

    runs_seconds: float = 12.0
    gpu_percent: float = 8.0
    env: Sequence[str] = ()
    gpus_seen: bool = True
    said: Sequence[str] = ()

    def run(self, context: Context) -> Run:
        script = "\n".join(context.commands)
        mark = _SAYS.search(script)
        mounted = _MOUNTED.search(script)
        said = list(self.said or self._findings(context, mounted[1] if mounted else ""))
        word = mark[1] if mark else "say"
        failed = any(line.split()[1] == "fail" for line in said)
        code = 95 if failed else 0
        ending = () if self.said else (f"end {code}",)
        lines = [f"{word} {line}" for line in (*said, *ending)]
        return Run(self.seconds, code, tuple(spread(lines, self.seconds)))

    def _findings(self, context: Context, mount_point: str) -> Sequence[str]:
        held = versions(context.image, self.env)
        card = _CARDS["A100" if context.node == _A100_NODE else "V100"]
        cuda, python = held.get("CUDA_VERSION", "10.0"), held.get("PYTHON_VERSION", "")
        said = [f"start ok {context.job}"]
        said.append(f"gpu ok {card}" if self.gpus_seen else "gpu fail no-device")
        said.append(f"cuda ok {cuda}")
        said.append(f"python ok {python}" if python else "python none")
        for name, key in (("torch", "PYTORCH_VERSION"), ("tensorflow", "TF_VERSION")):
            if not python:
                break
            if key not in held:
                said.append(f"{name} none")
            elif self.gpus_seen:
                said.append(f"{name} ok {held[key]} cuda={cuda}")
            else:
                said.append(f"{name} fail {held[key]} cuda={cuda} no-gpu")
        return [
            *said,
            *((f"mount ok {mount_point}", "write ok") if mount_point else ("mount none",)),
        ]


def looks_at_the_image(commands: Sequence[str]) -> bool:
    script = "\n".join(commands)
    return bool(_SAYS.search(script)) and "nvidia-smi" in script


def versions(image: str, env: Sequence[str]) -> Mapping[str, str]:
    """By the image's environment; what it leaves open by its name."""
    said = dict(line.split("=", 1) for line in env if "=" in line)
    found = {key: said[key] for key in _IN_NAME if key in said}
    leaf = image.rpartition("/")[2].lower()
    for key, pattern in _IN_NAME.items():
        if key not in found and (named := pattern.search(leaf)):
            digits = named[1]
            found[key] = digits if "." in digits else f"{digits[:-1]}.{digits[-1]}"
    for word, (key, version) in _KNOWN.items():
        if word in leaf:
            found.setdefault(key, version)
    if "PYTORCH_VERSION" in found or "TF_VERSION" in found:
        found.setdefault("PYTHON_VERSION", "3.6.9")
    return found
