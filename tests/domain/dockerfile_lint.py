"""The faults of hand-written Dockerfiles, looked for one by one."""

import re
import shlex
from dataclasses import dataclass
from io import BytesIO

from dockerfile_parse import DockerfileParser


@dataclass(frozen=True)
class Instruction:
    name: str
    value: str
    """With its continuation lines joined."""


def instructions(dockerfile):
    parser = DockerfileParser(fileobj=BytesIO(dockerfile.encode()))
    return [
        Instruction(one["instruction"], one["value"])
        for one in parser.structure
        if one["instruction"] != "COMMENT"
    ]


def scripts(dockerfile):
    """The shell part of every RUN, with its line breaks."""
    joined = re.findall(r"^RUN ((?:.*\\\n)*.*)$", dockerfile, re.MULTILINE)
    return [script for script in joined if script.strip()]


def lint(dockerfile):
    """What is wrong, each as `code: detail`; empty when nothing is."""
    return [
        *_unknown_lines(dockerfile),
        *_from(dockerfile),
        *(fault for one in instructions(dockerfile) for fault in _shell(one)),
        *_apt(dockerfile),
        *_pip(dockerfile),
        *_leftovers(dockerfile),
        *_links(dockerfile),
        *_needs(dockerfile),
    ]


KNOWN = {"FROM", "USER", "ARG", "ENV", "RUN", "EXPOSE", "LABEL"}


def _unknown_lines(dockerfile):
    for one in instructions(dockerfile):
        if one.name not in KNOWN:
            yield f"instruction: {one.name}"
    for line in dockerfile.splitlines():
        if line.rstrip() != line:
            yield f"blank at the end: {line!r}"
    if not dockerfile.endswith("\n"):
        yield "end: no line break"


def _from(dockerfile):
    found = instructions(dockerfile)
    if [one.name for one in found].count("FROM") != 1 or found[0].name != "FROM":
        yield "from: not exactly one, first"
    reference = found[0].value
    name, _, digest = reference.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not digest and tag in {"", "latest"}:
        yield f"unpinned base: {reference}"


def _shell(one):
    if one.name not in {"RUN", "ENV", "LABEL"}:
        return
    try:
        words = shlex.split(one.value)
    except ValueError as error:
        yield f"quote: {error} in {one.value}"
        return
    if one.name != "RUN":
        yield from (f"{one.name} without value: {word}" for word in words if "=" not in word)
        return
    for step in _steps(one.value):
        yield from (f"missing &&: {found[0]!r} in {step!r}" for found in COMMAND.finditer(step))
    if words[-1] in {"&&", "\\", "||"}:
        yield f"dangling: {one.value[-20:]}"


COMMAND = re.compile(
    r"(?<=\s)(apt-get (update|install|clean)|python -m pip|conda c|(rm|ln|tar|curl|make) -|(cd|bash) /)"
)
"""The beginning of a command; anywhere but at the start of a step, something before it is missing."""


def _steps(value):
    return [step.strip() for step in re.split(r"&&|\|\||;", value)]


def _apt(dockerfile):
    for run in _runs(dockerfile):
        steps = _steps(run)
        installs = [i for i, step in enumerate(steps) if step.startswith("apt-get install")]
        if not installs:
            continue
        if "apt-get update" not in steps[: installs[0]]:
            yield "apt: install without update in the same RUN"
        if "rm -rf /var/lib/apt/lists/*" not in steps[installs[-1] :]:
            yield "apt: lists are left"
        if " -y" not in steps[installs[0]] or "--no-install-recommends" not in steps[installs[0]]:
            yield "apt: asks, or installs what nobody named"


def _pip(dockerfile):
    for run in _runs(dockerfile):
        for step in _steps(run):
            if " pip install" not in step:
                continue
            if "--no-cache-dir" not in step:
                yield "pip: cache is left"
            try:
                words = shlex.split(step.split(" pip install", 1)[1])
            except ValueError:
                continue  # the quote is told of already
            takes = {"-f", "--extra-index-url", "--index-url"}
            packages = [
                word
                for before, word in zip(["", *words], words, strict=False)
                if not word.startswith("-") and before not in takes
            ]
            yield from (f"unpinned pip: {word}" for word in packages if "==" not in word)
            names = [re.split(r"[\[=]", word)[0].lower() for word in packages]
            if len(set(names)) != len(names):
                yield f"pip: named twice in {names}"


def _leftovers(dockerfile):
    for run in _runs(dockerfile):
        for file in re.findall(r"-o (\S+)", run):
            if not re.search(rf"rm [^&]*{re.escape(file)}(\s|$)", run):
                yield f"left behind: {file}"
        if "conda create" in run and "conda clean -afy" not in run:
            yield "conda: cache is left"


def _links(dockerfile):
    """A link may only point to what this same file has made, or has just found."""
    made = "\n".join(_runs(dockerfile))
    for target in re.findall(r'ln -\w+ ("[^"]*"|\S+) \S+', made):
        python = re.fullmatch(r"/usr/local/bin/(python|pip)(3\.\d+)", target)
        built = python and f"Python-{python[2]}." in made and "make altinstall" in made
        found = target == '"$(command -v python3)"' and "command -v python3 &&" in made
        if not (built or found):
            yield f"link to a missing file: {target}"


def _needs(dockerfile):
    installed = " ".join(step for run in _runs(dockerfile) for step in _steps(run))
    for package in ("nfs-common", "openssh-server"):
        if package not in installed.split():
            yield f"OpenPAI needs {package}"
    if not any("LANG=C.UTF-8" in one.value for one in instructions(dockerfile)):
        yield "locale: not UTF-8"


def _runs(dockerfile):
    return [one.value for one in instructions(dockerfile) if one.name == "RUN"]
