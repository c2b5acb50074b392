"""A recipe as a Dockerfile that builds the same image tomorrow, and leaves nothing behind that it does not need."""

import shlex
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot.domain.docker import tables
from bot.domain.docker.choices import Kind, Python, Recipe

_CONDA = "/opt/conda"
_VENV = "/opt/venv"


def write(recipe: Recipe) -> str:
    """The whole file. Every RUN stops at its first failure, and removes in the same layer what it fetched."""
    parts = (
        (f"FROM {recipe.base.reference}",),
        ("# Packages need root.", "USER root") if recipe.base.own else (),
        (
            "# Nobody answers questions during a build; nothing of this stays in the image.",
            "ARG DEBIAN_FRONTEND=noninteractive",
        ),
        ("# Chinese in logs and file names.", "ENV LANG=C.UTF-8 LC_ALL=C.UTF-8"),
        _apt(recipe),
        _python(recipe.python),
        _index(recipe.index),
        _tools(recipe),
        _framework(recipe),
        _packages(recipe),
        (f"EXPOSE {' '.join(recipe.ports)}",) if recipe.ports else (),
        (
            "# What is inside, for whoever looks at the image later.",
            f'LABEL org.opencontainers.image.base.name="{recipe.base.reference}" \\',
            f'      org.opencontainers.image.version="{version_tag(recipe)}"',
        ),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def version_tag(recipe: Recipe) -> str:
    """`py310-torch2.1.2-cu118`: the versions inside, as a tag."""
    parts = []
    if recipe.python.minor:
        parts.append("py" + recipe.python.minor.replace(".", ""))
    if recipe.framework is not None:
        short = {"pytorch": "torch", "tensorflow": "tf"}[recipe.framework.release.name]
        parts.append(short + recipe.framework.release.version)
    elif recipe.python.kind is Kind.BASE and recipe.base.holds:
        name, _, number = recipe.base.holds.lower().partition(" ")
        parts.append({"pytorch": "torch", "tensorflow": "tf"}[name] + number)
    cuda = recipe.framework.cuda if recipe.framework else recipe.base.cuda
    parts.append("cu" + cuda.replace(".", "") if cuda else "custom")
    return "-".join(parts)


def contents(recipe: Recipe) -> str:
    """What a repository of such images is called."""
    holds = recipe.base.holds.lower().partition(" ")[0] if recipe.python.kind is Kind.BASE else ""
    return recipe.framework.release.name if recipe.framework else holds or "image"


def _run(*commands: str) -> Iterator[str]:
    """One RUN whose commands are joined so that the first failure ends the build."""
    for index, command in enumerate(commands):
        start = "RUN " if index == 0 else " && "
        end = " \\" if index < len(commands) - 1 else ""
        yield f"{start}{command}{end}"


def _list(words: Iterable[str]) -> str:
    """One word to a line, in order: differences between two Dockerfiles are easy to see."""
    return "".join(f" \\\n      {word}" for word in words)


def _apt(recipe: Recipe) -> tuple[str, ...]:
    names = set(tables.ALWAYS) | set(recipe.apt)
    if recipe.python.kind is Kind.SYSTEM:
        names |= {"python3", "python3-dev", "python3-venv"}
    if recipe.python.kind is Kind.SOURCE:
        names |= set(tables.SOURCE_LIBRARIES)
    commands = [
        "apt-get update",
        f"apt-get install -y --no-install-recommends{_list(sorted(names))}",
        "apt-get clean",
        "rm -rf /var/lib/apt/lists/*",
    ]
    lines = ["# nfs-common mounts your folder in a job, openssh-server lets you into it."]
    if recipe.base.stale_keys:
        lines.append("# NVIDIA changed the key of these lists in 2022; with them the update fails.")
        lists = "/etc/apt/sources.list.d/"
        commands.insert(0, f"rm -f {lists}cuda*.list {lists}nvidia-ml*.list")
    return (*lines, *_run(*commands))


def _python(python: Python) -> tuple[str, ...]:
    match python.kind:
        case Kind.BASE:
            link = 'ln -s "$(command -v python3)" /usr/local/bin/python'
            return (
                "# The base's own Python; `python` is made only where it is missing.",
                *_run(f"command -v python || {{ command -v python3 && {link}; }}"),
            )
        case Kind.SYSTEM:
            return (
                f"# Ubuntu's Python {python.minor}, in an environment of its own that pip may change.",
                *_run(f"python3 -m venv {_VENV}"),
                f"ENV PATH={_VENV}/bin:$PATH",
            )
        case Kind.CONDA:
            return _conda(python.minor)
        case Kind.SOURCE:
            return _source(python.minor)


def _conda(minor: str) -> tuple[str, ...]:
    name = "py" + minor.replace(".", "")
    script = f"Miniforge3-{tables.MINIFORGE}-Linux-x86_64.sh"
    releases = "https://github.com/conda-forge/miniforge/releases/download"
    return (
        f"# Python {minor} from conda-forge, first in PATH: no `conda activate` is needed in a job.",
        *_run(
            f"curl -fsSL -o /tmp/miniforge.sh {releases}/{tables.MINIFORGE}/{script}",
            f"bash /tmp/miniforge.sh -b -p {_CONDA}",
            "rm /tmp/miniforge.sh",
            f"{_CONDA}/bin/conda create -y -n {name} python={tables.CONDA_PYTHON[minor]} pip",
            f"{_CONDA}/bin/conda clean -afy",
        ),
        f"ENV PATH={_CONDA}/envs/{name}/bin:{_CONDA}/bin:$PATH",
    )


def _source(minor: str) -> tuple[str, ...]:
    full = tables.SOURCE_PYTHON[minor]
    folder = f"/tmp/Python-{full}"  # noqa: S108 - inside the image being built
    archive = f"https://www.python.org/ftp/python/{full}/Python-{full}.tgz"
    binaries = "/usr/local/bin"
    return (
        f"# Python {full} from its source, beside the system's own; this takes some minutes.",
        *_run(
            f"curl -fsSL -o {folder}.tgz {archive}",
            f"tar -xzf {folder}.tgz -C /tmp",
            f"cd {folder}",
            "./configure --with-ensurepip=install",
            'make -j "$(nproc)"',
            "make altinstall",
            "cd /",
            f"rm -rf {folder} {folder}.tgz",
            f"ln -sf {binaries}/python{minor} {binaries}/python",
            f"ln -sf {binaries}/pip{minor} {binaries}/pip",
        ),
    )


def _index(index: str) -> tuple[str, ...]:
    if not index:
        return ()
    address = urlsplit(index)
    lines = ["# A package index nearby; jobs that run `pip install` use it too."]
    lines.append(f"ENV PIP_INDEX_URL={shlex.quote(index)}")
    if address.scheme == "http":
        lines.append(f"ENV PIP_TRUSTED_HOST={shlex.quote(address.hostname or '')}")
    return tuple(lines)


def _tools(recipe: Recipe) -> tuple[str, ...]:
    """A base whose Python nobody knows keeps the pip it came with."""
    if recipe.python.kind is Kind.BASE and not recipe.python.minor:
        return ()
    known = tables.tools(recipe.python.minor)
    packages = (
        f"pip=={known.pip}",
        f"setuptools=={known.setuptools}",
        f"wheel=={known.wheel}",
    )
    return ("# The last ones that run on this Python.", *_run(_pip(packages, "--upgrade")))


def _framework(recipe: Recipe) -> tuple[str, ...]:
    chosen = recipe.framework
    if chosen is None:
        return ()
    minor = recipe.python.minor
    words = {"cu": chosen.cu, "protobuf": tables.protobuf(minor)}
    packages = [package.format_map(words) for package in chosen.release.packages]
    if not any(tables.name_of(package) == "numpy" for package in packages):
        packages.append(f"numpy=={tables.tools(minor).numpy}")
    theirs = {tables.name_of(package): package for package in recipe.pip}
    yielding = {name: theirs[name] for name in sorted(tables.YIELDING & theirs.keys())}
    kept = [package for package in packages if tables.name_of(package) not in yielding]
    packages = [*kept, *yielding.values()]
    where = [option.format_map(words) for option in chosen.release.where]
    return tuple(_run(_pip(packages, *where)))


def _packages(recipe: Recipe) -> tuple[str, ...]:
    """What the person asked for, less the pins that went in with the framework."""
    pinned = tables.YIELDING if recipe.framework else frozenset()
    rest = [package for package in recipe.pip if tables.name_of(package) not in pinned]
    return tuple(_run(_pip(rest))) if rest else ()


def _pip(packages: Iterable[str], *options: str) -> str:
    shown = [shlex.quote(word) for word in packages]
    return " ".join(("python -m pip install --no-cache-dir", *options)) + _list(shown)
