"""What a person may choose next, given what was chosen before: only combinations that exist."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.domain.docker import tables
from bot.domain.docker.tables import Base, Release, version
from bot.domain.errors import UserError
from bot.domain.images.reference import LATEST, Reference


class Kind(StrEnum):
    """Where Python comes from."""

    BASE = "base"
    SYSTEM = "system"
    CONDA = "conda"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Python:
    kind: Kind
    minor: str = ""
    """`3.10`; empty when the base brings one nobody knows."""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.minor}"


@dataclass(frozen=True, slots=True)
class Framework:
    """A release, built for the CUDA of the base."""

    release: Release
    cuda: str

    @property
    def key(self) -> str:
        return f"{self.release.name}-{self.release.version}"

    @property
    def cu(self) -> str:
        """`cu118`, as wheels are named."""
        return "cu" + self.cuda.replace(".", "")


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything chosen so far, as flat words that fit a button; empty means not chosen, or nothing."""

    base: str = ""
    python: str = ""
    framework: str = ""
    apt: str = ""
    pip: str = ""
    mirror: str = ""
    ports: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The same, checked: what a Dockerfile is written from."""

    base: Base
    python: Python
    framework: Framework | None = None
    apt: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    index: str = ""
    """The package index that pip asks; empty for pip's own."""
    ports: tuple[str, ...] = ()


_NO_APT = re.compile(
    r"alpine|centos|rocky|alma|fedora|redhat|rhel|\bubi\d|busybox|distroless|scratch"
)
_CUDA_DOTTED = re.compile(r"(?:cuda|nvidia/cuda:|cu)[-_:]?(9|1[0-3])\.(\d)")
_CUDA_SHORT = re.compile(r"(?:cuda|cu)[-_]?(9|1[0-3])(\d)(?!\d)")
_UBUNTU = re.compile(r"ubuntu[-_:]?(1[68]|2[024])\.?04")
_PYTHON = re.compile(r"(?:python|py)[-_:]?(3)\.?(\d{1,2})(?!\d)")
_STALE_BEFORE = version("11.0")


def own_base(reference: Reference) -> Base:
    """A base by its name, with what the name tells. Raises UserError for one that is not pinned or has no apt."""
    if not reference.digest and reference.tag in {"", LATEST}:
        raise UserError("dockerfile-unpinned-base", name=reference.name)
    words = str(reference)
    if (strange := _NO_APT.search(words)) is not None:
        raise UserError("dockerfile-no-apt", name=words, system=strange[0])
    return base_of(words)


def base_of(reference: str) -> Base:
    for known in (*tables.OPENPAI, *tables.NVIDIA):
        if known.reference == reference:
            return known
    cuda = _CUDA_DOTTED.search(reference) or _CUDA_SHORT.search(reference)
    ubuntu, python = _UBUNTU.search(reference), _PYTHON.search(reference)
    numbers = f"{cuda[1]}.{cuda[2]}" if cuda else ""
    return Base(
        reference,
        numbers,
        f"{ubuntu[1]}.04" if ubuntu else "",
        f"{python[1]}.{python[2]}" if python else "",
        stale_keys=bool(numbers) and version(numbers) < _STALE_BEFORE,
        own=True,
    )


def pythons(base: Base) -> tuple[Python, ...]:
    """The likeliest first."""
    found = []
    if base.python or base.own:
        found.append(Python(Kind.BASE, base.python))
    if not base.holds and base.ubuntu in tables.SYSTEM_PYTHON and not base.python:
        found.append(Python(Kind.SYSTEM, tables.SYSTEM_PYTHON[base.ubuntu]))
    found += [Python(Kind.CONDA, minor) for minor in tables.CONDA_PYTHON]
    if base.ubuntu:
        found += [
            Python(Kind.SOURCE, minor)
            for minor in tables.SOURCE_PYTHON
            if base.ubuntu != "16.04" or version(minor) < tables.SOURCE_NEEDS_OPENSSL_111
        ]
    return tuple(found)


def frameworks(base: Base, python: Python) -> tuple[Framework, ...]:
    """Newest first. None where CUDA or Python is not known: then nobody can say what fits."""
    if not base.cuda or not python.minor:
        return ()
    return tuple(
        Framework(release, cuda)
        for release in tables.FRAMEWORKS
        if _between(python.minor, release.pythons) and (cuda := _fitting(release, base.cuda))
    )


def _between(python: str, bounds: tuple[str, str]) -> bool:
    first, last = bounds
    return version(first) <= version(python) <= version(last)


def _fitting(release: Release, cuda: str) -> str:
    """PyTorch's wheels bring their CUDA, which may be older than the base's; TensorFlow uses the base's."""
    if release.name == "tensorflow":
        return cuda if cuda in release.cudas else ""
    here = version(cuda)
    fitting = [one for one in map(version, release.cudas) if one[0] == here[0] and one <= here]
    return ".".join(map(str, max(fitting))) if fitting else ""


def python_of(base: Base, key: str) -> Python:
    return _one((p for p in pythons(base) if p.key == key), key)


def framework_of(base: Base, python: Python, key: str) -> Framework | None:
    return _one((f for f in frameworks(base, python) if f.key == key), key) if key else None


def clash(framework: Framework | None, pip: str) -> str:
    """A package of the person's own list that the framework brings already, in the version that fits."""
    if framework is None:
        return ""
    brought = {tables.name_of(package) for package in framework.release.packages}
    named = (package for package in pip.split() if tables.name_of(package) in brought)
    return next((one for one in named if tables.name_of(one) not in tables.YIELDING), "")


def recipe(choices: Choices, site_mirror: str = "") -> Recipe:
    """Raises UserError for choices that do not go together any more (an old button)."""
    base = base_of(choices.base)
    python = python_of(base, choices.python)
    mirrors = {"": "", "none": "", "site": site_mirror}
    return Recipe(
        base,
        python,
        framework_of(base, python, choices.framework),
        tuple(choices.apt.split()),
        tuple(choices.pip.split()),
        mirrors.get(choices.mirror, ""),
        tuple(choices.ports.split()),
    )


T = TypeVar("T")


def _one(found: Iterable[T], key: str) -> T:
    for one in found:
        return one
    raise UserError("dockerfile-gone", choice=key)
