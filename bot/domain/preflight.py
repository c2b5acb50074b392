"""What can be said of a job before it costs GPU time: pure checks over what the systems told."""

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.jobs import Sku, VirtualCluster
from bot.domain.names import valid_name
from bot.domain.protocol import JobSpec
from bot.domain.text import Argument, Text


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `ok`, `warn`, `bad` or `unknown`.

    Unknown is when a system did not answer; that is never the job's fault.
    """

    grade: str
    code: str
    args: Mapping[str, Argument] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        return Text(f"check-{self.code.replace('.', '-')}", {**self.args, "grade": self.grade})


def check_vc(
    spec: JobSpec, clusters: Sequence[VirtualCluster] | None, allowed: Sequence[str] | None
) -> list[Finding]:
    """`vc.denied`, `vc.size`, `vc.busy`; None means that the cluster did not tell."""
    if clusters is None:
        return [Finding("unknown", "vc.unknown", {"vc": spec.vc})]
    found = next((vc for vc in clusters if vc.name == spec.vc), None)
    if found is None or (allowed is not None and spec.vc not in allowed):
        own = tuple(vc.name for vc in clusters) if allowed is None else allowed
        args = {"vc": spec.vc, "allowed": ", ".join(own) or "-"}
        return [Finding("bad", "vc.denied", args | _meant("vc", spec.vc, own))]
    wanted = spec.gpus * spec.instances
    if wanted > found.gpus_guaranteed:
        size = found.gpus_guaranteed
        return [Finding("bad", "vc.size", {"vc": spec.vc, "gpus": wanted, "size": size})]
    if wanted > found.gpus_free:
        free = found.gpus_free
        return [Finding("warn", "vc.busy", {"vc": spec.vc, "gpus": wanted, "free": free})]
    return []


def check_sku(spec: JobSpec, skus: Sequence[Sku]) -> list[Finding]:
    """`sku.missing`, and `sku.waste`: more cells than its GPUs need (contracts/openpai.md 2, HiveD).

    OpenPAI answers an unknown SKU with an error of its own (500), which helps nobody.
    """
    found = next((sku for sku in skus if sku.name == spec.sku), None)
    if found is None and spec.sku and skus:
        names = [sku.name for sku in skus]
        args = {"sku": spec.sku, "known": ", ".join(names)}
        return [Finding("bad", "sku.missing", args | _meant("sku", spec.sku, names))]
    if found is None or not found.gpus or not spec.gpus:
        return []
    needed = math.ceil(spec.gpus / found.gpus)
    taken = max(
        needed,
        math.ceil(spec.cpus / max(1, found.cpus)),
        math.ceil(spec.memory_mb / max(1, found.memory_mb)),
    )
    if taken <= needed:
        return []
    return [Finding("warn", "sku.waste", {"sku": spec.sku, "taken": taken, "needed": needed})]


def _meant(key: str, said: str, names: Sequence[str]) -> dict[str, str]:
    """The name that was probably meant, or the only one there is, as the words that repair the line."""
    near = difflib.get_close_matches(said.lower(), [name.lower() for name in names], n=1)
    found = [name for name in names if name.lower() in near] or (names if len(names) == 1 else [])
    return {"fix": f"{key}={found[0]}"} if found else {}


def check_name(name: str, suggestion: str, *, taken: bool) -> list[Finding]:
    """`name.rule` and `name.taken`, with a name that would do."""
    args = {"name": name[:40], "suggestion": suggestion, "fix": f"name={suggestion}"}
    if not valid_name(name):
        return [Finding("bad", "name.rule", args)]
    return [Finding("bad", "name.taken", args)] if taken else []


_TYPOGRAPHIC = re.compile("[，“”‘’—–；：（）]|\u00a0")


def check_command(command: str) -> list[Finding]:
    """`command.shell`: what phones and word processors put in place of what a shell understands."""
    findings = []
    if odd := sorted(set(_TYPOGRAPHIC.findall(_without_comments(command)))):
        shown = " ".join("NBSP" if c == "\u00a0" else c for c in odd)
        findings.append(Finding("warn", "command.shell", {"characters": shown}))
    if "\r" in command:
        findings.append(Finding("warn", "command.windows"))
    return findings


def _without_comments(command: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", "", command)
