"""What exists: bases, Pythons, frameworks, and which of them go together.

From OpenPAI's list of pre-built images, PyTorch's list of previous versions and TensorFlow's table of tested
builds. A line is only here if the three fit: a wheel for that Python, and the CUDA the wheel looks for.
"""

import re
from dataclasses import dataclass

Version = tuple[int, ...]


def version(words: str) -> Version:
    """`11.8` as `(11, 8)`, so that 3.10 comes after 3.9."""
    return tuple(int(part) for part in words.split("."))


def name_of(package: str) -> str:
    """`Foo_Bar[x]==1` as `foo-bar`: how the package index compares names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=]", package, maxsplit=1)[0]).lower()


@dataclass(frozen=True, slots=True)
class Base:
    """An image to build on. What is not known is empty."""

    reference: str
    cuda: str = ""
    ubuntu: str = ""
    python: str = ""
    """The Python it brings."""
    holds: str = ""
    """The framework it brings, as people call it."""
    stale_keys: bool = False
    """Older than NVIDIA's new signing key of April 2022: `apt-get update` fails until its lists are gone."""
    own: bool = False
    """Named by the person: who it runs as is not known either."""


_STANDARD = "openpai/standard:python_3.6-"

OPENPAI = (
    Base(f"{_STANDARD}pytorch_1.4.0-gpu", "10.1", "", "3.6", "PyTorch 1.4.0", stale_keys=True),
    Base(f"{_STANDARD}pytorch_1.2.0-gpu", "10.0", "", "3.6", "PyTorch 1.2.0", stale_keys=True),
    Base(
        f"{_STANDARD}tensorflow_2.1.0-gpu", "10.1", "", "3.6", "TensorFlow 2.1.0", stale_keys=True
    ),
    Base(
        f"{_STANDARD}tensorflow_1.15.0-gpu", "10.0", "", "3.6", "TensorFlow 1.15.0", stale_keys=True
    ),
    Base(
        "openpai/pai.build.base:hadoop2.7.2-cuda9.0-cudnn7-devel-ubuntu16.04",
        "9.0",
        "16.04",
        stale_keys=True,
    ),
)
NVIDIA = (
    Base("nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04", "12.6", "24.04"),
    Base("nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04", "12.4", "22.04"),
    Base("nvidia/cuda:12.2.2-cudnn8-devel-ubuntu22.04", "12.2", "22.04"),
    Base("nvidia/cuda:12.1.1-cudnn8-devel-ubuntu22.04", "12.1", "22.04"),
    Base("nvidia/cuda:11.8.0-cudnn8-devel-ubuntu22.04", "11.8", "22.04"),
    Base("nvidia/cuda:11.8.0-cudnn8-devel-ubuntu20.04", "11.8", "20.04"),
    Base("nvidia/cuda:11.3.1-cudnn8-devel-ubuntu20.04", "11.3", "20.04"),
)

SYSTEM_PYTHON = {"18.04": "3.6", "20.04": "3.8", "22.04": "3.10", "24.04": "3.12"}
"""What `apt-get install python3` gives; 16.04's 3.5 is too old for any wheel of today."""

CONDA_PYTHON = {
    "3.12": "3.12.8",
    "3.11": "3.11.11",
    "3.10": "3.10.16",
    "3.9": "3.9.21",
    "3.8": "3.8.20",
    "3.7": "3.7.12",
    "3.6": "3.6.15",
}
"""Minor version → the last patch version on conda-forge that is pinned here."""

SOURCE_PYTHON = {"3.12": "3.12.8", "3.11": "3.11.11", "3.10": "3.10.16", "3.9": "3.9.21"}
SOURCE_NEEDS_OPENSSL_111 = version("3.10")
"""From here on Python wants OpenSSL 1.1.1, which Ubuntu 16.04 does not have."""

MINIFORGE = "24.3.0-0"


@dataclass(frozen=True, slots=True)
class Tools:
    """The last versions that still run on a Python."""

    pip: str
    setuptools: str
    wheel: str
    numpy: str
    """The last one with NumPy 1.x's binary interface: frameworks before 2024 break on 2.x."""


def tools(python: str) -> Tools:
    """For a minor version; for one that is not known, what runs on Python 3.8 and all later ones."""
    match python:
        case "3.6":
            return Tools("21.3.1", "59.6.0", "0.37.1", "1.19.5")
        case "3.7":
            return Tools("24.0", "68.0.0", "0.42.0", "1.21.6")
        case "3.8" | "":
            return Tools("24.3.1", "75.3.0", "0.45.1", "1.24.4")
        case _:
            return Tools("24.3.1", "75.3.0", "0.45.1", "1.26.4")


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a framework."""

    name: str
    version: str
    cudas: tuple[str, ...]
    """PyTorch: the CUDA inside the wheels. TensorFlow: the CUDA that the image must have."""
    pythons: tuple[str, str]
    """The first and the last minor version it has wheels for."""
    packages: tuple[str, ...]
    """Pinned; `{cu}` stands for `cu118`, `{protobuf}` for the version that fits the Python."""
    where: tuple[str, ...] = ()
    """Options that say where pip finds them."""


_TORCH = "https://download.pytorch.org/whl"
_INDEX = ("--extra-index-url", f"{_TORCH}/{{cu}}")
_LISTING = ("-f", f"{_TORCH}/{{cu}}/torch_stable.html")
_OLD_LISTING = ("-f", f"{_TORCH}/torch_stable.html")


def _torch(
    release: str,
    vision: str,
    cudas: tuple[str, ...],
    pythons: tuple[str, str],
    where: tuple[str, ...],
) -> Release:
    packages = (f"torch=={release}+{{cu}}", f"torchvision=={vision}+{{cu}}")
    return Release("pytorch", release, cudas, pythons, packages, where)


def _tensorflow(
    release: str, cuda: str, pythons: tuple[str, str], numpy: str, *more: str
) -> Release:
    package = "tensorflow-gpu" if version(release) < (2, 12) else "tensorflow"
    packages = (f"{package}=={release}", f"numpy=={numpy}", *more)
    return Release("tensorflow", release, (cuda,), pythons, packages)


FRAMEWORKS = (
    _torch("2.6.0", "0.21.0", ("11.8", "12.4", "12.6"), ("3.9", "3.12"), _INDEX),
    _torch("2.5.1", "0.20.1", ("11.8", "12.1", "12.4"), ("3.9", "3.12"), _INDEX),
    _torch("2.4.1", "0.19.1", ("11.8", "12.1", "12.4"), ("3.8", "3.12"), _INDEX),
    _torch("2.3.1", "0.18.1", ("11.8", "12.1"), ("3.8", "3.12"), _INDEX),
    _torch("2.1.2", "0.16.2", ("11.8", "12.1"), ("3.8", "3.11"), _INDEX),
    _torch("2.0.1", "0.15.2", ("11.7", "11.8"), ("3.8", "3.11"), _INDEX),
    _torch("1.13.1", "0.14.1", ("11.6", "11.7"), ("3.7", "3.10"), _INDEX),
    _torch("1.12.1", "0.13.1", ("11.3", "11.6"), ("3.7", "3.10"), _INDEX),
    _torch("1.10.1", "0.11.2", ("11.1", "11.3"), ("3.6", "3.9"), _LISTING),
    _torch("1.8.1", "0.9.1", ("10.1", "11.1"), ("3.6", "3.9"), _OLD_LISTING),
    _torch("1.7.1", "0.8.2", ("10.1", "11.0"), ("3.6", "3.9"), _OLD_LISTING),
    _torch("1.4.0", "0.5.0", ("10.0",), ("3.6", "3.8"), _OLD_LISTING),
    _tensorflow("2.18.0", "12.6", ("3.9", "3.12"), "1.26.4"),
    _tensorflow("2.15.1", "12.2", ("3.9", "3.11"), "1.26.4"),
    _tensorflow("2.14.1", "11.8", ("3.9", "3.11"), "1.26.4"),
    _tensorflow("2.13.1", "11.8", ("3.8", "3.11"), "1.23.5"),
    _tensorflow("2.12.1", "11.8", ("3.8", "3.11"), "1.23.5"),
    _tensorflow("2.3.4", "10.1", ("3.6", "3.8"), "1.18.5", "protobuf=={protobuf}"),
    _tensorflow("1.15.5", "10.0", ("3.6", "3.7"), "1.18.5", "protobuf=={protobuf}"),
    _tensorflow("1.12.0", "9.0", ("3.6", "3.6"), "1.18.5", "protobuf=={protobuf}", "h5py==2.10.0"),
)


def protobuf(python: str) -> str:
    """The last one that reads what old TensorFlow generated."""
    return "3.19.6" if python == "3.6" else "3.20.3"


YIELDING = frozenset({"numpy", "protobuf", "h5py"})
"""Pins that keep a framework working, but give way to a person's own."""

PORTS = ("8888 6006", "8888", "6006", "")
"""Jupyter and TensorBoard."""

ALWAYS = (
    "build-essential",
    "ca-certificates",
    "curl",
    "git",
    "nfs-common",
    "openssh-server",
    "unzip",
    "vim",
    "wget",
)
"""What OpenPAI needs (mounting, SSH), and what people miss first inside a job."""
OPENCV = ("libgl1", "libglib2.0-0")
"""What `import cv2` asks for."""
SOURCE_LIBRARIES = (
    "libbz2-dev",
    "libffi-dev",
    "liblzma-dev",
    "libncurses-dev",
    "libreadline-dev",
    "libsqlite3-dev",
    "libssl-dev",
    "zlib1g-dev",
)
