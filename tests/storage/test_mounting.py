"""The mount block, run by a real bash with the programs around it played by small scripts."""

import subprocess

import pytest

from bot.domain.files.mounting import PLUGIN_POINT, Export, linking, mounting


@pytest.fixture
def run(tmp_path):
    """Runs the block and then a command, among programs that do as told; gives (exit, stdout, stderr)."""
    point, bin_ = tmp_path / "mnt point", tmp_path / "bin"
    bin_.mkdir()
    export = Export("storage.example.edu", "/data", "nolock", str(point), 0o002)

    def run(**programs):
        told = {"mountpoint": "exit 1", "mount.nfs": "exit 0", "mount": 'echo "$@" >&2'} | programs
        for name, body in told.items():
            if body is not None:
                (bin_ / name).write_text(f"#!/bin/sh\n{body}\n")
                (bin_ / name).chmod(0o755)
        script = f"set -euo pipefail\n{mounting(export, 'ann')}\necho begun; umask"
        for name in ("mkdir", "touch", "rm"):
            if not (bin_ / name).exists():
                (bin_ / name).symlink_to(f"/bin/{name}")
        done = subprocess.run(  # noqa: PLW1510 - the exit code is what is asked
            ["/bin/bash", "-c", script], capture_output=True, text=True, env={"PATH": str(bin_)}
        )
        return done.returncode, done.stdout, done.stderr

    run.point = point
    return run


def test_the_folder_is_mounted_and_the_command_begins(run):
    code, out, err = run()
    assert (code, out) == (0, "begun\n0002\n")
    assert err == f"-t nfs -o nolock storage.example.edu:/data/ann {run.point}\n"
    assert list(run.point.iterdir()) == []


def test_what_is_mounted_already_is_left_so(run):
    run.point.mkdir()
    code, _out, err = run(mountpoint="exit 0")
    assert (code, err) == (0, "")


def test_nfs_common_is_installed_only_where_it_is_missing(run):
    code, _, err = run(**{"mount.nfs": None, "apt-get": 'echo "apt $1" >&2'})
    assert code == 0
    assert err.startswith("apt update\napt install\n-t nfs")


@pytest.mark.parametrize(
    ("programs", "code", "words"),
    [
        ({"mount.nfs": None, "apt-get": "exit 100"}, 91, "nfs-common is not in the image"),
        ({"mount": "exit 32"}, 92, "could not be mounted"),
        ({"touch": "exit 1"}, 93, "read-only: the server maps root to nobody"),
    ],
)
def test_each_failure_ends_the_job_with_one_line_and_a_code_of_its_own(run, programs, code, words):
    found, out, err = run(**programs)
    assert (found, out) == (code, "")
    *_, last = err.splitlines()
    assert last.startswith("pailot: ")
    assert words in last
    assert err.count("pailot: ") == 1


@pytest.fixture
def link(tmp_path):
    """OpenPAI has mounted everybody's folders; runs the lines that show one of them."""
    point, storage = tmp_path / "mnt", tmp_path / "storage"
    (storage / "ann").mkdir(parents=True)
    point.mkdir()
    lines = linking(Export("", "/data", "", str(point), 0o002, "plugin"), "ann")
    script = f"set -euo pipefail\n{lines.replace(PLUGIN_POINT, str(storage))}\necho begun; umask"

    def link():
        done = subprocess.run(  # noqa: PLW1510 - the exit code is what is asked
            ["/bin/bash", "-c", script], capture_output=True, text=True
        )
        return done.returncode, done.stdout, done.stderr

    link.point, link.storage = point, storage
    return link


def test_one_folder_of_a_shared_storage_appears_at_the_mount_point(link):
    (link.storage / "ann" / "train.py").write_text("x")
    for _ in range(2):  # a retry of the job finds it done
        assert link() == (0, "begun\n0002\n", "")
    assert (link.point / "train.py").read_text() == "x"
    assert [path.name for path in (link.storage / "ann").iterdir()] == ["train.py"]


def test_what_an_image_has_at_the_mount_point_is_not_hidden_but_said(link):
    (link.point / "of the image").write_text("x")
    code, out, err = link()
    assert (code, out) == (92, "")
    assert err.splitlines()[-1].startswith("pailot: the personal folder could not be shown")


def test_a_folder_that_the_storage_does_not_have_is_said(link):
    (link.storage / "ann").rmdir()
    assert link()[0] == 92
