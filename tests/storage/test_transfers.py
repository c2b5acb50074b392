"""/transfer in the words of the person, with a real SSH server that fetches from real servers."""

import os
import re
import shutil
import subprocess

import pytest

from tests import polling, servers
from tests.lab import opened
from tests.storage import archives_made
from tests.storage import sshd as real
from tests.storage.websites import website

NAME = "data.example.edu"


@pytest.fixture
def environ(sshd):
    for tool in ("curl", "git", "rsync"):
        if not shutil.which(tool):
            servers.missing(tool)
    return {
        "PAILOT_STORAGE__HOST": "127.0.0.1",
        "PAILOT_STORAGE__PORT": str(sshd.port),
        "PAILOT_STORAGE__USERNAME": real.PLAIN,
        "PAILOT_STORAGE__KEY_FILE": sshd.key_file,
        "PAILOT_STORAGE__HOST_KEY": sshd.host_key(),
        "PAILOT_STORAGE__ROOT": str(sshd.data),
        "PAILOT_STORAGE__TRANSFER_NETWORKS": "127.0.0.0/24",
    }


@pytest.fixture
async def lab(tmp_path, environ):
    async with opened(tmp_path) as lab:
        lab.environ |= environ
        await lab.start()
        yield lab


@pytest.fixture
async def eve(lab):
    eve = await lab.member("eve", "Eve Wong", "en")
    asked = await eve.asks("/ls")
    await eve.presses("evewong", on=asked)
    return eve


@pytest.fixture
def folder(eve, sshd):
    return sshd.data / "evewong"


@pytest.fixture
def site(sshd):
    sshd.knows(NAME, "127.0.0.1")
    with website() as site:
        yield site


async def test_a_file_is_fetched_after_a_yes(eve, folder, site, lab):
    site.files["/a/data set.bin"] = b"x" * 123_456
    site.redirects["/moved"] = "/a/data%20set.bin"
    address = f"http://ann:pa55word@{NAME}:{site.port}/moved?token=s3cr3t"
    plan = await eve.asks(f"/transfer {address} data/set.bin")
    assert "Download" in plan
    assert "120.6 KB" in plan.text or "121 KB" in plan.text
    assert "/mnt/data/set.bin" in plan
    assert "s3cr3t" not in plan.text
    assert "pa55word" not in plan.text
    assert site.gets() == []
    await eve.presses("Start", on=plan)
    said = await eve.hears("Fetched", within=20)
    assert "/mnt/data/set.bin" in said
    assert said.id == plan.id
    assert (folder / "data" / "set.bin").stat().st_size == 123_456
    await polling.until(lambda: not list((folder / ".pailot" / ".transfers").iterdir()))
    assert {login[:6] for _, _, login in site.visits} == {"Basic "}
    stored = b"".join(path.read_bytes() for path in lab.folder.glob("*.db*"))
    assert len(stored) > 10_000
    for secret in ("pa55word", "s3cr3t"):
        assert secret.encode() not in stored
        assert secret not in lab.log.getvalue()


@pytest.mark.slow
async def test_what_leads_inside_is_refused_at_every_step(eve, folder, site, sshd):
    with website("127.0.1.1") as inner:
        inner.files["/secret"] = b"x"
        sshd.knows("inside.example.edu", "127.0.1.1")
        for url in (
            f"http://127.0.1.1:{inner.port}/secret",
            f"http://inside.example.edu:{inner.port}/secret",
            f"http://[::ffff:127.0.1.1]:{inner.port}/secret",
            "http://169.254.169.254/latest/meta-data",
            f"https://inside.example.edu:{inner.port}/x.git",
            f"ann@inside.example.edu:/data port={inner.port}",
            f"scp ann@10.0.0.1:/data port={inner.port}",
        ):
            assert "own network" in await eve.asks(f"/transfer {url}")
        site.redirects["/r"] = f"http://inside.example.edu:{inner.port}/secret"
        assert "own network" in await eve.asks(f"/transfer http://{NAME}:{site.port}/r")
        # One that shows its other face only when it is fetched in earnest.
        site.files["/two-faced"] = b"x"
        plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/two-faced")
        site.redirects["/two-faced"] = f"http://inside.example.edu:{inner.port}/secret"
        await eve.presses("Start", on=plan)
        assert "own network" in await eve.hears("❌", within=20)
        # A name that means something else by the time of the tap.
        site.files["/x"] = b"x"
        sshd.knows("rebind.example.edu", "127.0.0.1")
        plan = await eve.asks(f"/transfer http://rebind.example.edu:{site.port}/x")
        sshd.knows("rebind.example.edu", "127.0.1.1")
        await eve.presses("Start", on=plan)
        await polling.until(lambda: "rebind" in eve.said()[-1] and "own network" in eve.said()[-1])
        assert inner.visits == []
    assert [entry.name for entry in folder.iterdir()] == [".pailot"]


@pytest.mark.slow
async def test_it_goes_on_while_pailot_is_away_and_is_not_begun_twice(eve, folder, site, lab):
    site.files["/slow"] = b"x" * 400_000
    plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/slow")
    await eve.presses("Start", on=plan)
    going = await eve.hears("of 391 KB", within=20)
    assert "50 %" in going
    await lab.stop()
    site.gate.set()
    await lab.start()
    await eve.hears("Fetched", within=20)
    assert site.gets() == ["/slow"]
    assert (folder / "slow").stat().st_size == 400_000


@pytest.mark.slow
async def test_one_that_was_started_but_not_noted_is_found_again(eve, folder, site, lab, sshd):
    """Killed between the start on the server and the note of it here."""
    site.files["/slow"] = b"x" * 400_000
    plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/slow")
    await eve.presses("Start", on=plan)
    await polling.until(site.gets, 20)
    await lab.stop()
    errand = (await _open(lab))[0]
    await _as_new(lab, errand)
    sshd.stop()
    sshd.start()
    await lab.start()
    site.gate.set()
    await eve.hears("Fetched", within=30)
    assert site.gets() == ["/slow"]


async def _open(lab):
    await lab.start()
    found = await lab.bot.db.read(lambda uow: uow.errands.open())
    await lab.stop()
    return found


async def _as_new(lab, errand):
    await lab.start()
    await lab.bot.db.write(lambda uow: uow.errands.move(errand.id, "running", "waiting"))
    await lab.stop()


@pytest.mark.slow
async def test_cancelling_ends_it_on_the_server_and_leaves_nothing(eve, folder, site, lab):
    site.files["/slow"] = b"x" * 400_000
    plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/slow")
    begun = await eve.presses("Start", on=plan)
    await polling.until(site.gets, 20)
    await eve.tg.presses("Cancel", begun)
    said = await eve.hears("Cancelled", within=20)
    assert "slow" in said
    transfers = folder / ".pailot" / ".transfers"
    assert not list(transfers.iterdir())
    assert not (folder / "slow").exists()
    left = transfers / "of-a-process-that-died.0"
    left.mkdir()
    os.chown(left, real.PLAIN_UID, real.GROUP_ID)
    await lab.bot.services.storage.transfers.expire()
    assert not left.exists()


@pytest.mark.slow
async def test_what_is_there_is_replaced_only_after_a_yes_and_goes_to_the_trash(eve, folder, site):
    site.files["/x.txt"] = b"new"
    (folder / "x.txt").write_text("old")
    plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/x.txt")
    assert "already" in plan
    await eve.presses("Replace", on=plan)
    await eve.hears("Fetched", within=20)
    assert (folder / "x.txt").read_text() == "new"
    assert "/mnt/x.txt" in await eve.asks("/trash")


@pytest.mark.slow
async def test_what_came_in_between_is_not_touched(eve, folder, site):
    site.files["/slow"] = b"x" * 4000
    plan = await eve.asks(f"/transfer http://{NAME}:{site.port}/slow")
    await eve.presses("Start", on=plan)
    await polling.until(site.gets, 20)
    (folder / "slow").write_text("mine")
    site.gate.set()
    said = await eve.hears("took the place", within=20)
    assert "/mnt/slow-" in said
    assert (folder / "slow").read_text() == "mine"


@pytest.mark.slow
async def test_a_directory_comes_by_rsync_with_the_persons_own_key(eve, folder, sshd):
    sshd.knows("lab.example.edu", "127.0.0.1")
    there = sshd.home / "theirs"
    there.mkdir(exist_ok=True)
    (there / "a.txt").write_text("a")
    line = f"/transfer {real.PLAIN}@lab.example.edu:{there} port={sshd.port}"
    plan = await eve.asks(line)
    assert sshd.fingerprint() in plan
    key = re.search(r"ssh-ed25519 \S+ pailot-transfers-\d+", plan.text)[0]
    await eve.presses("Start", on=plan)
    assert "does not accept your key" in await eve.hears("❌", within=20)
    known = sshd.home / "keys" / real.PLAIN
    before = known.read_text()
    known.write_text(before + key + "\n")
    try:
        plan = await eve.asks(line)
        assert key in plan.text
        await eve.presses("Start", on=plan)
        await eve.hears("Fetched", within=20)
    finally:
        known.write_text(before)
    assert (folder / "theirs" / "a.txt").read_text() == "a"


async def test_sftp_only_accounts_are_told_what_to_do_instead(lab, sshd):
    await lab.stop()
    lab.environ["PAILOT_STORAGE__USERNAME"] = real.CAGED
    lab.environ["PAILOT_STORAGE__ROOT"] = "/data"
    await lab.start()
    eve = await lab.member("eve", "Eve Wong", "en")
    await eve.presses("evewong", on=await eve.asks("/ls"))
    assert "/upload" in await eve.asks("/transfer https://example.edu/x")


async def test_the_words_of_the_command_are_checked_first(eve):
    assert "another computer" in await eve.asks("/transfer")
    assert "not fetched" in await eve.asks("/transfer file:///etc/passwd")
    assert "quote" in await eve.asks("/transfer https://example.edu/x 'a")
    assert "no address" in await eve.asks("/transfer https://nothing.invalid/x")
    for path in ("../bob", "/etc", ".pailot/.trash/x"):
        said = await eve.asks(f"/transfer http://127.0.0.1:9/x {path}")
        assert "❌" not in said.text or "own" in said.text


@pytest.mark.slow
async def test_an_archive_is_unpacked_so_that_jobs_can_use_it(eve, folder):
    """Thousands of small files and a large one, by an account with a shell."""
    files = {f"set/{n % 50}/图{n}.txt": b"x" * (n % 700) for n in range(3000)}
    files["set/big.bin"] = bytes(3_000_000)
    (folder / "set.zip").write_bytes(archives_made.zipped(files))
    plan = await eve.asks("/unpack set.zip")
    assert "3001 files" in plan.text.replace(",", "")
    await eve.presses("Start", on=plan)
    await eve.hears("Unpacked", within=30)
    for name, data in files.items():
        assert (folder / name).read_bytes() == data
    assert (folder / "set").stat().st_mode & 0o777 == 0o775
    assert (folder / "set" / "3").stat().st_mode & 0o777 == 0o775
    assert {(folder / name).stat().st_mode & 0o777 for name in files} == {0o664}
    assert (folder / "set" / "3").stat().st_gid == real.GROUP_ID


@pytest.mark.slow
@pytest.mark.skipif(servers.left_out(shutil.which("7z")), reason="p7zip is not installed")
async def test_7z_is_unpacked_by_the_servers_program_and_our_rules(eve, folder, tmp_path):
    work = tmp_path / "work" / "集"
    (work / "深" / "void").mkdir(parents=True)
    files = {"a.txt": b"a", "深/图 1.png": os.urandom(70_000), "空": b"", "big.bin": os.urandom(3_000_000), "z.py": b"z" * 99}  # fmt: skip
    for name, data in files.items():
        (work / name).write_bytes(data)
    (work / "door").symlink_to("/etc/passwd")
    line = ["7z", "a", "-snl", str(folder / "集.7z"), "集"]
    environ = os.environ | {"LC_ALL": "C.UTF-8"}
    subprocess.run(line, cwd=work.parent, check=True, capture_output=True, env=environ)
    plan = await eve.asks("/unpack 集.7z")
    assert "5 files" in plan
    assert "1 of its entries" in plan
    await eve.presses("Start", on=plan)
    assert "/mnt/集" in await eve.hears("Unpacked", within=20)
    assert {name: (folder / "集" / name).read_bytes() for name in files} == files
    assert (folder / "集" / "深" / "void").is_dir()
    assert not (folder / "集" / "door").is_symlink()
    (folder / "half.7z").write_bytes((folder / "集.7z").read_bytes()[:50_000])
    assert "damaged" in await eve.asks("/unpack half.7z")
    line = ["7z", "a", "-pword", "-mhe=on", str(folder / "locked.7z"), "集"]
    subprocess.run(line, cwd=work.parent, check=True, capture_output=True, env=environ)
    assert "needs a password" in await eve.asks("/unpack locked.7z")


@pytest.mark.slow
@pytest.mark.skipif(servers.left_out(shutil.which("zstd")), reason="zstd is not installed")
async def test_a_tar_in_zstd_is_unpacked_too(eve, folder):
    tar = archives_made.tarred({"x/a": b"a" * 5000, "x/b": b"b"})
    packed = subprocess.run(["zstd", "-q", "-c"], input=tar, check=True, capture_output=True).stdout
    (folder / "x.tar.zst").write_bytes(packed)
    await eve.presses("Start", on=await eve.asks("/unpack x.tar.zst"))
    await eve.hears("Unpacked", within=20)
    assert (folder / "x" / "a").read_bytes() == b"a" * 5000
