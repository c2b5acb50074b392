"""Dockerfiles of every combination of choices: they parse, hold no known fault, and are what was asked for."""

import itertools
import subprocess

import pytest

from bot.domain.docker import tables
from bot.domain.docker.choices import (
    Choices,
    Kind,
    Recipe,
    base_of,
    clash,
    framework_of,
    frameworks,
    own_base,
    python_of,
    pythons,
    recipe,
)
from bot.domain.docker.lines import Terminal, repository
from bot.domain.docker.writing import contents, version_tag, write
from bot.domain.errors import UserError
from bot.domain.images.reference import Reference
from tests.domain.dockerfile_lint import instructions, lint, scripts

OWN = (
    "harbor.example.edu:8443/lab/team/torch:py38-cu113-ubuntu20.04",
    "harbor.example.edu/lab/tools@sha256:" + "0123456789abcdef" * 4,
    "ufoym/deepo:tensorflow-py36-cu90",
)
BASES = tuple(base.reference for base in (*tables.OPENPAI, *tables.NVIDIA)) + OWN
APT = ("", "libgl1 libglib2.0-0", "ffmpeg=7:4.2.7-0ubuntu0.1 g++ libstdc++6")
PIP = ("", "pandas==2.0.3", "numpy==1.18.5 uvicorn[standard]==0.23.1 h5py==2.10.0")
MIRRORS = ("none", "site")
SITES = ("", "https://pypi.example.edu/simple", "http://192.0.2.9:3141/root/pypi/+simple/")


def combinations():
    """Every base with every Python and framework that goes with it; the rest in turn."""
    rest = list(itertools.product(APT, PIP, MIRRORS, tables.PORTS, SITES))
    # Steps of a length that shares no divisor with the list reach all of it, well mixed from the start.
    others = (rest[137 * turn % len(rest)] for turn in itertools.count())
    for base in BASES:
        known = base_of(base)
        for python in pythons(known):
            for framework in ("", *(one.key for one in frameworks(known, python))):
                apt, pip, mirror, ports, site = next(others)
                yield Choices(base, python.key, framework, apt, pip, mirror, ports), site


ALL = [(choices, site, write(recipe(choices, site))) for choices, site in combinations()]


def test_the_combinations_cover_every_pair_of_choices():
    rows = [
        (c.base, c.python, c.framework, c.apt, c.pip, c.mirror, c.ports, site) for c, site, _ in ALL
    ]
    free = range(3, 8)
    for one, other in itertools.combinations(free, 2):
        wanted = set(itertools.product({row[one] for row in rows}, {row[other] for row in rows}))
        assert {(row[one], row[other]) for row in rows} == wanted
    for kind in Kind:
        for other in free:
            of_kind = {row[other] for row in rows if row[1].startswith(f"{kind}-")}
            assert of_kind == {row[other] for row in rows}, (kind, other)
    assert {row[2] for row in rows} == {"", *(f"{r.name}-{r.version}" for r in tables.FRAMEWORKS)}


def test_no_combination_has_a_fault_of_hand_written_ones():
    faults = {choices: found for choices, _, written in ALL if (found := lint(written))}
    assert faults == {}


def test_every_shell_part_is_read_by_bash_and_by_sh():
    bodies = sorted({script for _, _, written in ALL for script in scripts(written)})
    assert len(bodies) > 50
    whole = "".join(f"(\n{body}\n)\n" for body in bodies)
    for shell in ("bash", "sh"):
        done = subprocess.run(
            [shell, "-n"], input=whole, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (("FROM nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04", "FROM nvidia/cuda"), "unpinned base"),
        (("FROM nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04", "FROM a/b:latest"), "unpinned base"),
        (
            ("apt-get update \\\n && apt-get install", "apt-get update \\\n apt-get install"),
            "missing &&",
        ),
        (("RUN apt-get update \\\n && apt-get", "RUN apt-get"), "install without update"),
        ((" && rm -rf /var/lib/apt/lists/*", " && true"), "lists are left"),
        (("'uvicorn[standard]==0.23.1'", "'uvicorn[standard]==0.23.1"), "quote"),
        (("tqdm==4.66.1", "tqdm"), "unpinned pip"),
        (("install --no-cache-dir", "install"), "cache is left"),
        (("&& rm /tmp/miniforge.sh", "&& true"), "left behind"),
        (("conda clean -afy", "true"), "conda: cache"),
        (("nfs-common", "nano"), "OpenPAI needs nfs-common"),
        (("LANG=C.UTF-8", "LANG=C"), "locale"),
        (("EXPOSE", "EXPOES"), "instruction"),
        (
            (
                "bash /tmp/miniforge.sh",
                "ln -s /usr/bin/pip3.6 /usr/bin/pip && bash /tmp/miniforge.sh",
            ),
            "link to a missing",
        ),
    ],
)
def test_the_lint_sees_each_fault(wrong, fault):
    good = write(
        recipe(
            Choices(
                "nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04",
                "conda-3.10",
                pip="tqdm==4.66.1 uvicorn[standard]==0.23.1",
                ports="8888",
            )
        )
    )
    assert lint(good) == []
    assert wrong[0] in good
    found = lint(good.replace(*wrong))
    assert any(fault in one for one in found), found


def test_what_was_chosen_is_in_the_file():
    written = write(
        recipe(
            Choices(
                "nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04",
                "system-3.10",
                "pytorch-2.1.2",
                "ffmpeg",
                "pandas==2.0.3",
                "site",
                "8888 6006",
            ),
            SITES[1],
        )
    )
    found = {one.name: one.value for one in instructions(written)}
    assert found["FROM"] == "nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04"
    assert found["EXPOSE"] == "8888 6006"
    for words in ("ffmpeg", "pandas==2.0.3", "torch==2.1.2+cu118", SITES[1]):
        assert words in written
    assert "sudo" not in written


def test_a_pythons_pip_packages_and_framework_are_installed_by_that_python():
    for choices, _, written in ALL:
        kind = choices.python.partition("-")[0]
        marks = {
            "system": "ENV PATH=/opt/venv/bin:",
            "conda": "ENV PATH=/opt/conda/envs/py",
            "source": "make altinstall",
            "base": "command -v python ||",
        }
        before, _, after = written.partition(marks[kind])
        assert after, choices
        assert "pip install" not in before, choices


def test_only_combinations_that_exist_are_offered():
    newest = base_of("nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04")
    assert not any(
        f.cuda > "13" or f.cuda.startswith("11")
        for p in pythons(newest)
        for f in frameworks(newest, p)
    )
    old = base_of("openpai/pai.build.base:hadoop2.7.2-cuda9.0-cudnn7-devel-ubuntu16.04")
    assert {f.key for p in pythons(old) for f in frameworks(old, p)} == {"tensorflow-1.12.0"}
    assert not any(p.kind is Kind.SOURCE and p.minor == "3.12" for p in pythons(old))
    assert not any(p.kind is Kind.SYSTEM for p in pythons(old))
    for base in map(base_of, BASES):
        for python in pythons(base):
            for one in frameworks(base, python):
                major = base.cuda.partition(".")[0]
                assert one.cuda.partition(".")[0] == major
                assert tables.version(one.cuda) <= tables.version(base.cuda)


def test_nobody_guesses_a_framework_for_a_base_that_does_not_say_its_cuda():
    base = base_of("harbor.example.edu/lab/tools:1.4")
    assert [frameworks(base, python) for python in pythons(base)] == [()] * len(pythons(base))


@pytest.mark.parametrize(
    ("reference", "cuda", "ubuntu", "python"),
    [
        ("ufoym/deepo:tensorflow-py36-cu90", "9.0", "", "3.6"),
        ("pytorch/pytorch:1.13.1-cuda11.6-cudnn8-runtime", "11.6", "", ""),
        ("harbor.example.edu/lab/x:nocuda-python3.8-tf2", "", "", "3.8"),
        ("nvidia/cuda:10.2-cudnn8-devel-ubuntu18.04", "10.2", "18.04", ""),
        ("harbor.example.edu/lab/torch:py310-torch2.1.2-cu118", "11.8", "", "3.10"),
        ("python:3.11.9-slim", "", "", "3.11"),
    ],
)
def test_a_tag_tells_what_is_inside(reference, cuda, ubuntu, python):
    base = base_of(reference)
    assert (base.cuda, base.ubuntu, base.python) == (cuda, ubuntu, python)


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        (Reference("docker.io", "nvidia/cuda"), "dockerfile-unpinned-base"),
        (Reference("docker.io", "nvidia/cuda", "latest"), "dockerfile-unpinned-base"),
        (Reference("docker.io", "library/python", "3.11-alpine"), "dockerfile-no-apt"),
        (Reference("docker.io", "nvidia/cuda", "11.8.0-devel-centos7"), "dockerfile-no-apt"),
    ],
)
def test_a_base_that_would_break_later_is_refused(reference, key):
    with pytest.raises(UserError) as refused:
        own_base(reference)
    assert refused.value.text.key == key


def test_an_old_base_loses_the_lists_whose_key_has_changed_before_the_update():
    for choices, _, written in ALL:
        steps = written.partition("apt-get update")[0]
        assert ("rm -f /etc/apt/sources.list.d/cuda*.list" in steps) == base_of(
            choices.base
        ).stale_keys


def test_old_choices_that_are_no_longer_there_are_told_politely():
    for stale in (
        Choices("nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04", "system-3.10"),
        Choices("nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04", "conda-3.10", "pytorch-0.4.0"),
        Choices(),
    ):
        with pytest.raises(UserError, match="dockerfile-gone"):
            recipe(stale)


def test_a_package_that_the_framework_brings_is_not_asked_for_twice():
    base = base_of("nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04")
    framework = framework_of(base, python_of(base, "system-3.10"), "pytorch-2.1.2")
    assert clash(framework, "pandas==2.0.3 Torch==1.9") == "Torch==1.9"
    assert clash(framework, "numpy==1.24.1") == ""
    assert clash(None, "torch==1.9") == ""


def test_a_persons_own_numpy_takes_the_place_of_ours():
    written = write(
        recipe(
            Choices(
                "nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04",
                "system-3.10",
                "pytorch-2.1.2",
                pip="numpy==1.24.1",
            )
        )
    )
    assert written.count("numpy") == 1
    assert "numpy==1.24.1" in written


@pytest.mark.parametrize(
    ("choices", "tag", "name"),
    [
        (
            Choices("nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04", "system-3.10", "pytorch-2.1.2"),
            "py310-torch2.1.2-cu118",
            "ann-li-pytorch",
        ),
        (
            Choices("openpai/standard:python_3.6-tensorflow_1.15.0-gpu", "base-3.6"),
            "py36-tf1.15.0-cu100",
            "ann-li-tensorflow",
        ),
        (Choices("harbor.example.edu/lab/tools:1.4", "base-"), "custom", "ann-li-image"),
    ],
)
def test_the_tag_names_the_versions_inside(choices, tag, name):
    assert version_tag(recipe(choices)) == tag
    assert repository(contents(recipe(choices)), "Ann_Li") == name


def test_the_lines_are_those_of_the_site_and_the_person():
    own = Terminal("harbor.example.edu", "lab", "robot$lab+ann", sudo=False)
    image = own.image("ann-pytorch", "py310")
    assert image == "harbor.example.edu/lab/ann-pytorch:py310"
    assert own.login() == "docker login harbor.example.edu -u 'robot$lab+ann'"
    assert own.push(image) == f"docker push {image}"
    assert Terminal().build("a:b") == "sudo docker build -t a:b ./"
    assert Terminal().image("a", "b") == "REGISTRY/PROJECT/a:b"
    assert Terminal(user="o'neil").login() == "sudo docker login REGISTRY -u 'o'\\''neil'"


def test_a_recipe_without_anything_is_still_whole():
    base = base_of("openpai/standard:python_3.6-pytorch_1.2.0-gpu")
    assert lint(write(Recipe(base, pythons(base)[0]))) == []
