"""The storage server fetching with git, rsync and scp: pinned, with its own key only, with nothing of ours run."""

import os
import subprocess

import pytest

from bot.domain.files.transfers import sources
from bot.domain.files.transfers.fetching import KeyPair, result
from tests.storage import sshd as real
from tests.storage.fetched import HERE, end_of, order
from tests.storage.websites import certificate, website

# git over https


@pytest.fixture
def repository(tmp_path):
    """A bare repository that any web server can give out, with a hook and a submodule in it."""
    work, bare = tmp_path / "work", tmp_path / "site" / "project.git"
    git(tmp_path, "init", "-q", "-b", "main", str(work))
    (work / "train.py").write_text("print(1)\n")
    (work / ".gitmodules").write_text(
        '[submodule "inner"]\n\tpath = inner\n\turl = http://127.0.0.1:9/inner.git\n'
    )
    git(work, "add", ".")
    git(work, "-c", "user.name=a", "-c", "user.email=a@example.edu", "commit", "-q", "-m", "one")
    bare.parent.mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    git(bare, "update-server-info")
    return bare


def git(where, *words):
    environ = {"PATH": os.environ["PATH"], "HOME": str(where), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=where, check=True, capture_output=True, env=environ)


@pytest.fixture
def forge(sshd, repository, tmp_path):
    """A site that serves the repository over https, with a certificate that the storage server trusts."""
    context, pem = certificate(tmp_path, "git.example.edu")
    sshd.trusts(pem)
    sshd.knows("git.example.edu", "127.0.0.1")
    with website(folder=repository.parent, tls=context) as site:
        yield site


@pytest.mark.slow
async def test_a_repository_is_cloned(fetcher, folder, forge):
    source = sources.source(f"https://bob:t0k3n@git.example.edu:{forge.port}/project.git")
    await fetcher.start("ann", "one", order(source))
    state = await end_of(fetcher, "one")
    assert (state.end, state.directory) == ("done", True), state
    clone = folder / str(result("one"))
    assert (clone / "train.py").read_text() == "print(1)\n"
    assert not list((clone / ".git" / "hooks").glob("*"))
    assert any(login for _, _, login in forge.visits)
    kept = [f for f in (folder / ".pailot").rglob("*") if f.is_file()]
    assert not [f for f in kept if b"t0k3n" in f.read_bytes()]


@pytest.mark.slow
async def test_git_follows_no_redirect_and_only_its_pin(fetcher, forge, site, sshd):
    forge.redirects["/moved.git/info/refs"] = f"http://127.0.0.1:{site.port}/project.git/info/refs"
    source = sources.source(f"https://git.example.edu:{forge.port}/moved.git")
    await fetcher.start("ann", "one", order(source))
    state = await end_of(fetcher, "one")
    assert state.end == "failed"
    assert site.visits == []
    # The name leads elsewhere by now; git goes where it was told to.
    sshd.knows("git.example.edu", "127.0.0.9")
    source = sources.source(f"https://git.example.edu:{forge.port}/project.git")
    await fetcher.start("ann", "two", order(source))
    assert (await end_of(fetcher, "two")).end == "done"


# rsync, scp, git over ssh


@pytest.fixture
def own_key(sshd, tmp_path):
    real._keygen("ed25519", tmp_path / "own")
    public = (tmp_path / "own.pub").read_text()
    known = sshd.home / "keys" / real.PLAIN
    before = known.read_text()
    known.write_text(before + public)
    yield KeyPair((tmp_path / "own").read_text(), public)
    known.write_text(before)


@pytest.fixture
def elsewhere(sshd):
    """What lies on the other host; it is the same machine, by another name."""
    sshd.knows("lab.example.edu", "127.0.0.1")
    there = sshd.home / "elsewhere" / "data"
    if not there.exists():
        (there / "deep").mkdir(parents=True)
        (there / "deep" / "数据.txt").write_text("found")
        (there / "link").symlink_to("/etc/passwd")
    return there


@pytest.mark.slow
@pytest.mark.parametrize("way", ["rsync", "scp"])
async def test_a_directory_comes_from_another_host(fetcher, folder, sshd, own_key, elsewhere, way):
    source = sources.source(f"{real.PLAIN}@lab.example.edu:{elsewhere}", way, sshd.port)
    host_key = await fetcher.host_key(HERE, sshd.port)
    assert host_key == sshd.host_key()
    await fetcher.start("ann", "one", order(source, host_key=host_key, key=own_key))
    state = await end_of(fetcher, "one")
    assert (state.end, state.directory) == ("done", True), state
    there = folder / str(result("one"))
    assert (there / "deep" / "数据.txt").read_text() == "found"
    assert not (there / "link").is_symlink()
    assert not (there.parent / "key").exists()


@pytest.mark.slow
async def test_another_host_key_than_the_agreed_one_stops_it(
    fetcher, folder, sshd, own_key, elsewhere
):
    source = sources.source(f"{real.PLAIN}@lab.example.edu:{elsewhere}", "rsync", sshd.port)
    other = " ".join(own_key.public.split()[:2])
    await fetcher.start("ann", "one", order(source, host_key=other, key=own_key))
    state = await end_of(fetcher, "one")
    assert state.end == "failed"
    assert "Host key verification failed" in state.said


@pytest.mark.slow
async def test_a_key_that_the_host_does_not_know_is_said(fetcher, sshd, elsewhere, tmp_path):
    real._keygen("ed25519", tmp_path / "new")
    key = KeyPair((tmp_path / "new").read_text(), "")
    source = sources.source(f"{real.PLAIN}@lab.example.edu:{elsewhere}", "scp", sshd.port)
    await fetcher.start("ann", "one", order(source, host_key=sshd.host_key(), key=key))
    state = await end_of(fetcher, "one")
    assert state.end == "failed"
    assert "Permission denied" in state.said


@pytest.mark.slow
async def test_a_repository_comes_over_ssh(fetcher, folder, sshd, own_key, elsewhere, repository):
    bare = sshd.home / "elsewhere" / "project.git"
    subprocess.run(["cp", "-r", str(repository), str(bare)], check=True)
    subprocess.run(["chown", "-R", str(real.PLAIN_UID), str(bare)], check=True)
    source = sources.source(f"{real.PLAIN}@lab.example.edu:{bare}", "", sshd.port)
    assert source.way == "git"
    await fetcher.start("ann", "one", order(source, host_key=sshd.host_key(), key=own_key))
    state = await end_of(fetcher, "one")
    assert state.end == "done", state
    assert (folder / str(result("one")) / "train.py").exists()
