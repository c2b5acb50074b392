"""A key of one's own to the storage server: made, admitted by an admin, tried, used, given up."""

import re

import pytest


def line_of(said):
    return re.search(r"ssh-ed25519 \S+ pailot-\S+", said.text)[0]


@pytest.fixture
async def offered(eve):
    said = await eve.asks("/login storage")
    assert "log in as evewong" in said
    return said


async def test_a_key_is_made_admitted_tried_and_used(eve, admin, folder, storage, offered, shelved):
    assert 'restrict,command="internal-sftp" ssh-ed25519' in offered.text
    assert (
        "Match User evewong\n    ChrootDirectory /data\n    ForceCommand internal-sftp"
        in offered.text
    )
    assert line_of(await eve.asks("/login storage")) == line_of(offered), (
        "asked again it is the same"
    )
    refused = await eve.presses("Test", on=offered)
    assert "refuses" in refused
    assert "with the site's account" in await eve.asks("/me")
    await eve.presses("Ask an admin", on=offered)
    asked = await admin.hears("Eve Wong wants to reach /data/evewong")
    storage.admit("evewong", line_of(asked))
    said = await eve.presses("Test", on=offered)
    assert "file transfer only" in said
    (folder / "mine").write_text("x")
    assert "/mnt/mine" in await eve.asks("/ls")
    assert "evewong" in storage.accounts_seen
    assert "with your own key as evewong" in await eve.asks("/me")
    private = await shelved.bot.db.read(lambda uow: uow.credentials.get(eve.id, "storage").secret)
    assert "OPENSSH PRIVATE KEY" in private
    for file in shelved.folder.glob("pailot.db*"):
        assert b"OPENSSH PRIVATE KEY" not in file.read_bytes()
    assert "PRIVATE" not in shelved.log.getvalue()


async def test_a_key_that_was_taken_out_is_named_and_giving_it_up_helps(
    eve, admin, folder, storage, offered, shelved
):
    await eve.presses("Ask an admin", on=offered)
    await admin.hears("wants to reach")
    storage.admit("evewong", line_of(offered))
    await eve.presses("Test", on=offered)
    storage.turn_away()
    await shelved.restart()
    said = await eve.asks("/ls")
    assert "refuses your own key" in said
    said = await eve.asks("/logout storage")
    assert line_of(said) == line_of(offered)
    assert "authorized_keys" in said
    assert "Nothing in here yet" in await eve.asks("/ls")
    assert "no key of your own" in await eve.asks("/logout storage")
    first = line_of(offered)
    offered = await eve.asks("/login storage")
    assert line_of(offered) != first
    await eve.presses("Ask an admin", on=offered)
    assert line_of(await admin.hears("wants to reach")) == line_of(offered)


async def test_another_account_may_be_named_but_not_any_words(eve, folder):
    said = await eve.asks("/login storage eve.w")
    assert "~eve.w/.ssh" in said
    for bad in ("../root", "Eve", "a b", "-oProxyCommand=x", "x" * 40):
        assert "can't be an account" in await eve.asks(f"/login storage {bad}")


async def test_another_host_key_is_told_to_admins_once_and_that_it_is_right_again(
    eve, admin, folder, storage, shelved
):
    from bot.demo.storage import StorageEmulator

    trust = shelved.bot.services.storage.trust
    moment = trust._clock()  # wrong and right again within one second
    trust._clock = lambda: moment
    await trust.tick()
    port, right = storage.port, storage._given_key
    await storage.stop()
    storage._given_key = StorageEmulator.make_host_key()
    await storage.start(port)
    for _ in range(2):
        assert "another host key" in await eve.asks("/ls")
        await trust.tick()
    alert = await admin.hears("another host key")
    assert f"agreed upon is {shelved.environ['PAILOT_STORAGE__HOST_KEY']}" in alert.text
    assert alert.text.count("SHA256:") == 1
    await shelved.restart()
    trust = shelved.bot.services.storage.trust
    trust._clock = lambda: moment
    admin.tg.forgets()
    await trust.tick()
    await admin.hears_nothing()
    await storage.stop()
    await trust.tick()
    await admin.hears_nothing(0.2)
    storage._given_key = right
    await storage.start(port)
    shelved.bot.services.storage.folders.store._site._connections._failure = None
    await trust.tick()
    await admin.hears("agreed host key again")
    assert "Nothing in here yet" in await eve.asks("/ls")
