"""What jobs write belongs to another uid: commands cope, or say why not and what an admin runs; by chat, on a real server."""

import os
import re
import shlex
import subprocess

import aiohttp
import pytest

from tests.storage import sshd as real


@pytest.fixture
async def eve(closed_lab, admin, sshd):
    closed_lab.environ |= {
        "PAILOT_STORAGE__HOST": "127.0.0.1",
        "PAILOT_STORAGE__PORT": str(sshd.port),
        "PAILOT_STORAGE__USERNAME": real.PLAIN,
        "PAILOT_STORAGE__KEY_FILE": sshd.key_file,
        "PAILOT_STORAGE__HOST_KEY": sshd.host_key(),
        "PAILOT_STORAGE__ROOT": str(sshd.data),
        "PAILOT_WEB__PUBLIC_URL": "http://pailot.example.edu",
    }
    await closed_lab.start()
    eve = await closed_lab.member("eve", "Eve Wong", "en")
    await eve.presses("evewong", on=await eve.asks("/ls"))
    return eve


@pytest.fixture
def folder(eve, sshd):
    return sshd.data / "evewong"


def writes(path, *, mode, group=real.GROUP_ID):
    """A job's own directory with a file in it; an export maps the job's root to nobody."""
    path.mkdir()
    (path / "model.pt").write_text("x")
    for one in (path, path / "model.pt"):
        os.chown(one, real.JOBS_UID, group)
    path.chmod(mode)
    (path / "model.pt").chmod(mode & 0o666)


def admin_runs(said, account=real.PLAIN):
    """The command the answer shows, as root of this machine; the account exists on the server only."""
    command = re.search(r"sudo (.+)", said.text)[1].replace(account, str(real.PLAIN_UID))
    subprocess.run(shlex.split(command), check=True)


async def test_what_the_groups_rights_allow_just_works(eve, folder):
    """So it is with the mode of the folder and the umask that /run gives to jobs."""
    assert folder.stat().st_mode & 0o7777 == 0o2777
    writes(folder / "out", mode=0o2775)
    assert "/mnt/kept" in await eve.asks("/mv out kept")
    assert "in the trash" in await eve.asks("/rm kept/model.pt")
    assert "in the trash" in await eve.asks("/rm kept")
    await eve.presses("Remove for good", on=await eve.asks("/trash empty"))
    assert list((folder / ".pailot" / ".trash").iterdir()) == []


async def test_what_a_job_kept_to_itself_is_said_with_the_command_that_helps(eve, folder):
    writes(folder / "my out", mode=0o755, group=real.JOBS_UID)
    (folder / "sub").mkdir()
    (folder / "sub").chmod(0o777)
    for command in ("/rm my out", "/rm my out/model.pt", '/mv "my out" sub'):
        said = await eve.asks(command)
        assert "does not let Pailot's account (plain)" in said
        assert "chmod -R a+rwX '/mnt/my out'" in said.text
        assert f"sudo chown -R plain '{folder}/my out'" in said.text
    assert (folder / "my out" / "model.pt").exists()
    admin_runs(said)
    assert "in the trash" in await eve.asks("/rm my out")


async def test_a_directory_that_may_be_entered_but_not_read_is_not_called_empty(eve, folder):
    writes(folder / "out", mode=0o711, group=real.JOBS_UID)
    said = await eve.asks("/ls out")
    assert "does not let" in said.text or "sudo chown" in said.text


async def test_a_large_file_that_nobody_may_read_gets_no_link_and_an_old_link_says_why(
    eve, folder, closed_lab
):
    writes(folder / "out", mode=0o755, group=real.JOBS_UID)
    os.truncate(folder / "out" / "model.pt", 60 << 20)
    link = re.search(r"/d/[\w-]+", (await eve.asks("/get out/model.pt")).text)[0]
    (folder / "out" / "model.pt").chmod(0o600)
    assert "sudo chown" in await eve.asks("/get out/model.pt")
    url = f"http://127.0.0.1:{closed_lab.bot.web_port}{link}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 403
        assert "does not allow" in await answer.text()


async def test_the_chmod_that_is_shown_helps_when_the_job_runs_it(eve, folder):
    writes(folder / "out", mode=0o755, group=real.JOBS_UID)
    said = await eve.asks("/rm out")
    command = re.search(r"chmod -R a\+rwX .+", said.text)[0].replace("/mnt", str(folder))
    subprocess.run(["setpriv", f"--reuid={real.JOBS_UID}", f"--regid={real.JOBS_UID}", "--clear-groups", *shlex.split(command)], check=True)  # fmt: skip
    assert "in the trash" in await eve.asks("/rm out")


async def test_what_cannot_be_emptied_stays_in_the_trash_with_the_admins_command(eve, folder):
    (folder / "mine").mkdir()
    os.chown(folder / "mine", real.PLAIN_UID, real.GROUP_ID)
    writes(folder / "mine" / "out", mode=0o755, group=real.JOBS_UID)
    assert "in the trash" in await eve.asks("/rm mine")
    said = await eve.presses("Remove for good", on=await eve.asks("/trash empty"))
    assert "Not removed: /mnt/mine" in said
    assert "/mnt/mine" in await eve.asks("/trash")
    admin_runs(said)
    said = await eve.presses("Remove for good", on=await eve.asks("/trash empty"))
    assert "Not removed" not in said.text
    assert list((folder / ".pailot" / ".trash").iterdir()) == []


@pytest.mark.parametrize("name", ["-rf", "it's", 'quo"te', "🚢 空格", "$(id)"])
async def test_odd_names_go_through_all_commands(eve, folder, name):
    path = folder / name
    path.write_text("x")
    os.chown(path, real.PLAIN_UID, real.GROUP_ID)
    quoted = f"'{name}'" if '"' in name else f'"{name}"'
    assert "/mnt/dir" in await eve.asks(f"/mv {quoted} dir-{ord(name[0])}")
    (folder / f"dir-{ord(name[0])}").rename(path)
    assert (await eve.asks(f"/get {name}")).document.content == b"x"
    thrown = await eve.asks(f"/rm {name}")
    assert "in the trash" in thrown
    assert not path.exists()
    await eve.presses("Restore", on=thrown)
    assert path.exists()
    assert "There already" in await eve.asks(f"/mkdir {name}")
