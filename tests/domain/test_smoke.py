"""The test of an image: its script in a real bash with what an image may have or lack, and how it is read."""

import os
import shutil
import subprocess
import sys

import pytest

from bot.domain.files.mounting import Export, mounting
from bot.domain.images import smoke
from bot.domain.images.smoke import Result, Step

STRICT = "set -o errexit -o nounset -o pipefail\n"
CARD = "Tesla V100-SXM2-32GB, 32510 MiB, 470.161.03"
NEEDED = ("cat", "rm", "timeout", "touch", "mkdir", "uname")
TORCH = """
__version__ = "1.13.1+cu117"
class version: cuda = "11.7"
class Tensor:
    def cuda(self): return self
    def __mul__(self, n): return self
    def sum(self): return self
    def cpu(self): return {result}
def ones(n): return Tensor()
class cuda:
    @staticmethod
    def is_available(): return {available}
"""


class Container:
    """A folder of programs that stands for an image."""

    def __init__(self, folder):
        self.folder, self.programs, self.modules = folder, folder / "bin", folder / "modules"
        self.mount = folder / "mnt"
        for each in (self.programs, self.modules, self.mount):
            each.mkdir()
        for name in NEEDED:
            self.link(name, shutil.which(name))

    def link(self, name, target):
        (self.programs / name).symlink_to(target)

    def program(self, name, lines):
        path = self.programs / name
        path.write_text(f"#!{shutil.which('bash')}\n{lines}\n")
        path.chmod(0o755)

    def module(self, name, code):
        (self.modules / f"{name}.py").write_text(code)

    def runs(self, lines="", **env):
        done = subprocess.run(
            [shutil.which("bash"), "-c", STRICT + smoke.script(lines, str(self.mount))],
            env={"PATH": str(self.programs), "PYTHONPATH": str(self.modules), **env},
            capture_output=True, text=True, timeout=50, check=False,
        )  # fmt: skip
        return done.returncode, smoke.read(done.stdout.splitlines()), done

    def complete(self):
        self.program("nvidia-smi", f"echo '{CARD}'")
        self.link("python", sys.executable)
        self.module("torch", TORCH.format(result=2000.0, available=True))
        return self


@pytest.fixture
def container(tmp_path):
    return Container(tmp_path)


def test_a_good_image_passes_every_step(container):
    code, result, _ = container.complete().runs("true", CUDA_VERSION="11.7.1")
    assert code == 0
    assert result.works is True
    assert {step.name: step.state for step in result.steps} == {
        "start": "ok", "gpu": "ok", "cuda": "ok", "python": "ok", "torch": "ok", "tensorflow": "none",
        "mount": "ok", "write": "ok",
    }  # fmt: skip
    assert result.gpu == "Tesla V100-SXM2-32GB"
    version = ".".join(map(str, sys.version_info[:3]))
    assert result.versions == (("Python", version), ("PyTorch", "1.13.1"), ("CUDA", "11.7.1"))
    assert list(container.mount.iterdir()) == []


def test_an_image_with_nothing_in_it_says_so_and_ends_by_itself(container):
    code, result, _ = container.runs()
    assert result.ended
    assert result.of("python").state == "none"
    assert result.of("torch").state == "none"
    assert result.of("gpu") in {Step("gpu", "fail", "no-device"), Step("gpu", "none")}
    assert code == (smoke.FAILED if result.works is False else 0)


def test_a_driver_that_fails_is_told_in_its_own_words(container):
    container.complete().program("nvidia-smi", "echo first; echo 'NVML: Driver mismatch'; exit 18")
    code, result, _ = container.runs()
    assert (code, result.works) == (smoke.FAILED, False)
    assert result.of("gpu") == Step("gpu", "fail", "NVML: Driver mismatch")


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (TORCH.format(result=2000.0, available=False), "1.13.1+cu117 cuda=11.7 no-gpu"),
        (TORCH.format(result=1.0, available=True), "1.13.1+cu117 cuda=11.7"),
        ("import torch_of_nobody", "ModuleNotFoundError: No module named 'torch_of_nobody'"),
        ("raise OSError('libcudnn.so: no\\nsuch file')", "OSError: libcudnn.so: no such file"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "crashed 132"),
        ("raise SystemExit(0)", "silent"),
    ],
)
def test_a_framework_that_does_not_work_is_no_end_of_the_test(container, code, detail):
    container.complete().module("torch", code)
    exit_code, result, _ = container.runs()
    assert (exit_code, result.works, result.ended) == (smoke.FAILED, False, True)
    assert result.of("torch").state == "fail"
    assert result.of("torch").detail == detail


def test_an_old_tensorflow_is_asked_in_its_own_way(container):
    container.complete().module(
        "tensorflow",
        "__version__ = '1.15.0'\nclass test:\n  @staticmethod\n  def is_gpu_available(): return True\n",
    )
    _, result, _ = container.runs()
    assert result.of("tensorflow") == Step("tensorflow", "ok", "1.15.0")


def test_a_broken_python_is_told(container):
    container.program("nvidia-smi", f"echo '{CARD}'")
    container.program("python", "echo 'libpython3.8.so: cannot open' >&2; exit 127")
    _, result, _ = container.runs()
    assert result.of("python") == Step("python", "fail", "libpython3.8.so: cannot open")
    assert result.of("torch").state == "none"


@pytest.mark.parametrize(
    ("lines", "works", "steps"),
    [
        ("exit 91", False, [Step("mount", "fail", "nfs-common")]),
        (
            "echo 'mount.nfs: access denied by server' >&2; echo 'pailot: no' >&2; exit 92",
            True,
            [Step("mount", "fail", "mount.nfs: access denied by server")],
        ),
        ("exit 93", True, [Step("mount", "ok", "MNT"), Step("write", "fail", "read-only")]),
        ("rmdir MNT", True, [Step("mount", "ok", "MNT"), Step("write", "fail", "refused")]),
    ],
)
def test_the_server_is_not_the_images_fault(container, lines, works, steps):
    at = str(container.mount)
    container.link("rmdir", shutil.which("rmdir"))
    code, result, _ = container.complete().runs(lines.replace("MNT", at))
    assert code == smoke.FAILED
    assert result.works is works
    assert list(result.steps[-len(steps) :]) == [
        Step(step.name, step.state, step.detail.replace("MNT", at)) for step in steps
    ]


def test_the_lines_that_really_mount_end_in_a_step_of_their_own(container):
    """Without apt and mount in the container, nfs-common can't be had."""
    export = Export("192.0.2.4", "/data", "nolock", str(container.mount), 0o002)
    _, result, done = container.complete().runs(mounting(export, "ann's"))
    assert result.of("mount") == Step("mount", "fail", "nfs-common")
    assert "nfs-common is not in the image" in done.stderr
    assert result.ended


def test_other_lines_and_forged_ones_are_passed_over():
    result = smoke.read(
        ["pailot-test", "pailot-test rm ok x", "xpailot-test gpu ok", "pailot-test gpu great", "",
         "\x1b[1mpailot-test gpu ok", "10%\rpailot-test python ok 3.8\r", f"pailot-test cuda ok {'9' * 999}"]
    )  # fmt: skip
    assert [step.name for step in result.steps] == ["cuda", "python"]
    assert len(result.of("cuda").detail) == smoke.DETAIL_LENGTH
    assert result.works is None


def test_a_test_that_was_cut_short_says_nothing_of_the_image():
    assert Result().works is None
    assert smoke.read(["pailot-test start ok h", "pailot-test gpu ok V100"]).works is None
    assert smoke.read(["pailot-test torch fail crashed 132"]).works is False


def test_the_script_is_plain_ascii_and_fits_into_a_job():
    script = smoke.script("true")
    assert script.isascii()
    assert len(script) < 8000
    assert os.linesep == "\n"
