"""The storage server fetching by itself: web, git, rsync and scp, pinned, watched, and found again."""

import os
import subprocess
from ipaddress import ip_address
from pathlib import Path

import pytest

from bot.domain.errors import UserError
from bot.domain.files import FilePath
from bot.domain.files.errors import Exists, Missing
from bot.domain.files.transfers import sources
from bot.domain.files.transfers.fetching import result
from bot.storage import scripts, shell
from tests import polling
from tests.storage import sshd as real
from tests.storage.fetched import HERE, NAME, end_of, order
from tests.storage.websites import website


def runs(pid):
    """Whether the process still does anything: nobody may have taken note of its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def url(site, path, login=""):
    return sources.source(f"http://{login}{NAME}:{site.port}{path}")


async def test_names_are_resolved_where_they_will_be_used(fetcher, sshd):
    sshd.knows("inside.example.edu", "192.168.7.7")
    found = await fetcher.resolve("inside.example.edu", "nothing.invalid", "127.0.0.1")
    assert [str(a) for a in found.names["inside.example.edu"]] == ["192.168.7.7"]
    assert "nothing.invalid" not in found.names
    assert [str(a) for a in found.names["127.0.0.1"]] == ["127.0.0.1"]


@pytest.mark.slow
async def test_the_server_says_what_it_can_do(fetcher):
    assert {"url", "git", "rsync", "scp", "ssh"} <= await fetcher.tools()


async def test_a_file_is_fetched_whole(fetcher, folder, site):
    site.files["/a b.bin"] = os.urandom(300_000)
    source = url(site, "/a b.bin")
    answer = await fetcher.ask(source, HERE)
    assert (answer.status, answer.size_bytes) == (200, 300_000)
    await fetcher.start("ann", "one", order(source))
    state = await end_of(fetcher, "one")
    assert (state.end, state.total_bytes, state.directory) == ("done", 300_000, False)
    assert (folder / str(result("one"))).read_bytes() == site.files["/a b.bin"]


async def test_a_script_that_ended_before_it_was_told_anything_says_why(fetcher, monkeypatch):
    begun = shell._begun

    async def begun_and_ended(*how):
        process = await begun(*how)
        await process.wait_closed()
        return process

    monkeypatch.setattr(shell, "_begun", begun_and_ended)
    with pytest.raises(Exists):
        await fetcher._shell.run(f"exit {scripts.EXISTS}", path="one", told=b"secret")


@pytest.mark.slow
async def test_nothing_is_started_twice(fetcher, site):
    site.files["/slow"] = b"x" * 200_000
    await fetcher.start("ann", "one", order(url(site, "/slow")))
    with pytest.raises(Exists):
        await fetcher.start("ann", "one", order(url(site, "/slow")))
    await polling.until(site.gets)
    assert site.gets() == ["/slow"]
    site.gate.set()
    assert (await end_of(fetcher, "one")).end == "done"


@pytest.mark.slow
async def test_it_goes_on_without_the_connection_that_started_it(connect, folder, site):
    site.files["/slow"] = b"x" * 200_000
    first = connect()
    await first.make_folder("ann")
    await (await first.fetcher()).start("ann", "one", order(url(site, "/slow")))
    await first.close()
    site.gate.set()
    second = await connect().fetcher()
    assert (await end_of(second, "one")).end == "done"


@pytest.mark.slow
async def test_it_outlives_the_ssh_server(connect, sshd, site):
    site.files["/slow"] = b"x" * 200_000
    first = connect()
    await first.make_folder("ann")
    await (await first.fetcher()).start("ann", "one", order(url(site, "/slow")))
    sshd.stop()
    sshd.start()
    site.gate.set()
    assert (await end_of(await connect().fetcher(), "one")).end == "done"


@pytest.mark.slow
async def test_a_login_stands_in_no_process_list_and_in_no_file(fetcher, folder, site):
    site.files["/slow"] = b"x" * 200_000
    source = url(site, "/slow", login="ann:s3cr3t%20word@")
    await fetcher.start("ann", "one", order(source))
    await polling.until(site.gets)
    assert site.visits[0][2].startswith("Basic ")
    seen = b"".join(
        (entry / name).read_bytes()
        for entry in Path("/proc").iterdir()
        for name in ("cmdline",)
        if entry.name.isdecimal() and int(entry.name) != os.getpid() and (entry / name).exists()
    )
    assert b"data.example.edu" not in seen
    assert b"s3cr3t" not in seen
    kept = folder / ".pailot" / ".transfers" / "one"
    assert kept.stat().st_mode & 0o7777 & 0o077 == 0
    assert not [f for f in kept.rglob("*") if f.is_file() and b"s3cr3t" in f.read_bytes()]
    site.gate.set()
    await end_of(fetcher, "one")


async def test_a_redirect_is_told_and_not_followed(fetcher, folder, site):
    site.files["/secret"] = b"of the loopback"
    site.redirects["/there"] = f"http://127.0.0.1:{site.port}/secret"
    source = url(site, "/there")
    assert (await fetcher.ask(source, HERE)).location == site.redirects["/there"]
    await fetcher.start("ann", "one", order(source))
    state = await end_of(fetcher, "one")
    assert (state.end, state.http_status) == ("redirect", 302)
    assert state.location == site.redirects["/there"]
    assert "/secret" not in site.gets()
    assert not (folder / str(result("one"))).exists()


@pytest.mark.slow
async def test_a_name_that_means_something_else_by_now_does_not_matter(fetcher, sshd, site):
    """DNS rebinding: the name was judged by one address, and leads to another when it is used."""
    with website("127.0.0.9") as inner:
        inner.files["/x"] = b"of the inner one"
        site.files["/x"] = b"of the one that was judged"
        source = sources.source(f"http://rebind.example.edu:{site.port}/x")
        sshd.knows("rebind.example.edu", "127.0.0.9")
        await fetcher.start("ann", "one", order(source, HERE))
        assert (await end_of(fetcher, "one")).end == "done"
        assert inner.visits == []
        assert site.gets() == ["/x"]


@pytest.mark.slow
async def test_what_is_not_there_is_said(fetcher, site):
    await fetcher.start("ann", "one", order(url(site, "/gone")))
    state = await end_of(fetcher, "one")
    assert (state.end, state.http_status) == ("failed", 404)
    closed = sources.source("http://127.0.0.1:9/x")
    await fetcher.start("ann", "two", order(closed))
    state = await end_of(fetcher, "two")
    assert (state.end, state.http_status, state.exit_status) == ("failed", None, 7)
    with pytest.raises(Missing):
        await fetcher.state("ann", "three")


@pytest.mark.slow
async def test_more_than_agreed_is_not_fetched(fetcher, folder, site):
    site.files["/big"] = b"x" * 400_000
    await fetcher.start("ann", "one", order(url(site, "/big"), limit_bytes=100_000))
    assert (await end_of(fetcher, "one")).end in {"large", "failed"}
    site.files["/endless"] = b"x" * 65536
    await fetcher.start("ann", "two", order(url(site, "/endless"), limit_bytes=4_000_000))
    state = await end_of(fetcher, "two")
    assert state.end in {"large", "failed"}
    assert state.bytes < 8_000_000
    assert not (folder / str(result("two"))).exists()


@pytest.mark.slow
async def test_it_stops_before_the_disk_is_full_and_when_it_takes_too_long(fetcher, site):
    site.files["/slow"] = b"x" * 200_000
    await fetcher.start("ann", "one", order(url(site, "/slow"), reserve_bytes=1 << 60))
    assert (await end_of(fetcher, "one")).end == "full"
    await fetcher.start("ann", "two", order(url(site, "/slow"), seconds=1))
    assert (await end_of(fetcher, "two")).end == "late"


@pytest.mark.slow
async def test_a_cancelled_one_leaves_nothing_running(fetcher, folder, site):
    site.files["/slow"] = b"x" * 200_000
    await fetcher.start("ann", "one", order(url(site, "/slow")))
    await polling.until(site.gets)
    worker = int((folder / ".pailot/.transfers/one/worker").read_text().split()[0])
    await fetcher.cancel("ann", "one")
    assert (await fetcher.state("ann", "one")).end == "cancelled"
    assert not runs(worker)
    await fetcher.cancel("ann", "one")


@pytest.mark.slow
async def test_one_that_was_killed_is_known_to_be_dead(fetcher, folder, site):
    site.files["/slow"] = b"x" * 200_000
    await fetcher.start("ann", "one", order(url(site, "/slow")))
    runner = int((folder / ".pailot/.transfers/one/pid").read_text().split()[0])
    os.kill(runner, 9)
    state = await end_of(fetcher, "one")
    assert (state.alive, state.end) == (False, "")
    worker = int((folder / ".pailot/.transfers/one/worker").read_text().split()[0])
    await fetcher.cancel("ann", "one")
    await polling.until(lambda: not runs(worker))


async def test_a_directory_that_somebody_else_made_is_not_believed(fetcher, folder, site):
    """Whoever may write in the folder could name any process for us to kill."""
    await fetcher.start("ann", "one", order(url(site, "/gone")))
    await end_of(fetcher, "one")
    forged = folder / ".pailot" / ".transfers" / "forged"
    forged.mkdir()
    os.chmod(forged, 0o777)
    victim = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        born = Path(f"/proc/{victim.pid}/stat").read_text().split()[21]
        (forged / "pid").write_text(f"{victim.pid} {born}\n")
        for call in (fetcher.cancel("ann", "forged"), fetcher.state("ann", "forged")):
            with pytest.raises(UserError):
                await call
        assert victim.poll() is None
    finally:
        victim.kill()
        victim.wait()


async def test_an_account_without_a_shell_can_fetch_nothing(connect):
    with pytest.raises(UserError):
        await connect(real.CAGED).fetcher()


@pytest.mark.slow
async def test_a_host_written_as_an_address_needs_no_name(fetcher, site):
    site.files["/x"] = b"x"
    source = sources.source(f"http://127.0.0.1:{site.port}/x")
    assert (await fetcher.ask(source, HERE)).size_bytes == 1
    await fetcher.start("ann", "one", order(source))
    assert (await end_of(fetcher, "one")).end == "done"
    with website("::1") as six:
        six.files["/x"] = b"six"
        source = sources.source(f"http://[::1]:{six.port}/x")
        await fetcher.start("ann", "two", order(source, ip_address("::1")))
        assert (await end_of(fetcher, "two")).end == "done"


@pytest.mark.slow
async def test_a_neighbour_who_swaps_directories_for_links_gains_nothing(
    fetcher, folder, site, sshd
):
    """Whoever may write in the folder turns Pailot's own directory into a link while a transfer runs."""
    site.files["/slow"] = b"x" * 200_000
    bob = sshd.data / "bob"
    bob.mkdir(mode=0o777)
    os.chmod(bob, 0o777)
    own = folder / ".pailot"
    await fetcher.start("ann", "one", order(url(site, "/slow")))
    own.rename(folder / ".away")
    own.symlink_to(bob)
    for call in (
        fetcher.start("ann", "two", order(url(site, "/slow"))),
        fetcher.state("ann", "one"),
        fetcher.cancel("ann", "one"),
        fetcher.bring("ann", "one", FilePath(("x",))),
    ):
        with pytest.raises(UserError):
            await call
    await fetcher.clear("ann", "one")  # there is nothing of it at this place
    site.gate.set()
    await polling.until((folder / ".away/.transfers/one/end").exists, 20)
    assert os.listdir(bob) == []
    own.unlink()
    (folder / ".away").rename(own)
    assert (await fetcher.state("ann", "one")).end == "done"
    target = folder / "sub"
    target.symlink_to(bob)
    with pytest.raises(UserError):
        await fetcher.bring("ann", "one", FilePath(("sub", "x")))
    assert os.listdir(bob) == []
    await fetcher.bring("ann", "one", FilePath(("x",)))
    assert (folder / "x").stat().st_size == 200_000
