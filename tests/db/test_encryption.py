"""What is secret never reaches the disk in clear, and follows the keys."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import LargeBinary, type_coerce, update

from bot.domain.messages import Attachment, Button, Owed
from bot.domain.people import Token
from bot.domain.text import text
from db import Database, Unreadable, rotate
from db.models import inbox, metadata
from db.sealing import Broken, Seals
from db.secrets import Encrypted
from tests import databases

SECRET = "hunter2-hunter2-hunter2"
DAY = timedelta(days=1)


def write_secrets(uow, now):
    """One into every encrypted column."""
    uow.people.meet(1, "Ann", "ann", "en", now)
    uow.credentials.put(1, Token("openpai", "ann", SECRET), now)
    uow.drafts.create("k", 1, 1, "ann", "job", {"env": SECRET}, now, now + DAY)
    uow.inbox.accept(9, [(1, 1, SECRET.encode())], now)
    uow.dialogs.put(1, 1, "login", {"password": SECRET}, now + DAY)
    uow.trash.add("t1", 1, [SECRET], now)
    errand = uow.errands.plan("e", 1, "fetch", {"from": SECRET}, now)
    uow.errands.move(errand.id, "planned", "waiting")
    robot = uow.robots.begin("r", None, "lab", "robot", now, now + DAY)
    uow.robots.made(robot, 1, "robot$lab+robot", now + DAY, secret=SECRET)
    uow.held.keep(1, "failed", "once", [SECRET], now)
    uow.feeds.keep(-1, "quota", [SECRET], now)
    uow.outbox.owe(
        Owed(
            "k",
            1,
            (text("line", words=SECRET),),
            buttons=((Button(text("b"), "a.b", {"secret": SECRET}),),),
            attachment=Attachment("log.txt", SECRET.encode()),
        ),
        now,
    )


def read_secrets(uow, now):
    button = uow.outbox.due(now, 1)[0].buttons[0][0].id
    return [
        uow.credentials.get(1, "openpai").secret,
        uow.drafts.by_key("k").body["env"],
        uow.inbox.pending(9, 1, 1)[0].body.decode(),
        uow.dialogs.get(1, 1).data["password"],
        uow.held.people() and SECRET,
        uow.trash.get(1, "t1").origin[0],
        uow.robots.pulling("lab", now)[2],
        uow.errands.open()[0].spec["from"],
        uow.outbox.due(now, 1)[0].lines[0].args["words"],
        uow.outbox.due(now, 1)[0].attachment.data.decode(),
        uow.buttons.open(button, now).payload["secret"],
    ]


def encrypted_columns():
    return [c for t in metadata.sorted_tables for c in t.columns if isinstance(c.type, Encrypted)]


async def stored(db):
    """Every encrypted value as it stands in the tables."""

    def look(uow):
        return [
            bytes(value)
            for column in encrypted_columns()
            for (value,) in uow.transaction.core.exec_driver_sql(
                f"SELECT {column.name} FROM {column.table.name} WHERE {column.name} IS NOT NULL"
            )
        ]

    return await db.read(look)


async def test_secrets_come_back_and_never_stand_in_a_file(file, tmp_path, now):
    await file.write(lambda uow: write_secrets(uow, now))
    assert set(await file.read(lambda uow: read_secrets(uow, now))) == {SECRET}
    assert len(await stored(file)) == len(encrypted_columns())
    names = set()
    for path in tmp_path.iterdir():
        names.add(path.name)
        assert SECRET.encode() not in path.read_bytes(), path
    assert "pailot.db-wal" in names
    await file.close()
    for path in tmp_path.iterdir():
        assert SECRET.encode() not in path.read_bytes(), path


async def test_it_reads_with_an_older_key_and_writes_with_the_newest(url, now):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    for keys in ([old], [new, old]):
        database = Database(url, keys)
        await database.open()
        try:
            await database.write(lambda uow: write_secrets(uow, now))
            assert set(await database.read(lambda uow: read_secrets(uow, now))) == {SECRET}
        finally:
            await database.close()


async def test_rotation_leaves_nothing_to_the_old_key(url, now):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    first = Database(url, [old])
    await first.open()
    await first.write(lambda uow: write_secrets(uow, now))
    await first.write(
        lambda uow: uow.inbox.accept(9, [(n, 1, SECRET.encode()) for n in range(2, 500)], now)
    )
    await first.close()
    both = Database(url, [new, old])
    await both.open()
    try:
        assert await rotate(both) == len(encrypted_columns()) + 498
        assert await rotate(both) == 0
    finally:
        await both.close()
    last = Database(url, [new])
    await last.open()
    try:
        assert set(await last.read(lambda uow: read_secrets(uow, now))) == {SECRET}
        assert len(await last.read(lambda uow: uow.inbox.pending(9, 1, 600))) == 499
    finally:
        await last.close()


async def test_rotation_goes_on_where_it_was_stopped(url, now):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    first = Database(url, [old])
    await first.open()
    await first.write(lambda uow: write_secrets(uow, now))
    await first.close()
    both = Database(url, [new, old])
    await both.open()
    await both.write(lambda uow: uow.credentials.put(1, Token("openpai", "ann", "new"), now))
    try:
        assert await rotate(both) == len(encrypted_columns()) - 1
    finally:
        await both.close()


async def test_what_an_earlier_version_sealed_with_fernet_opens_and_rotates(db, url, now):
    token = Fernet(databases.KEY).encrypt(SECRET.encode())
    await db.write(lambda uow: uow.inbox.accept(9, [(1, 1, b"to be replaced")], now))
    earlier = update(inbox).values({inbox.c.body: type_coerce(token, LargeBinary)})
    await db.write(lambda uow: uow.transaction.core.execute(earlier))
    assert (await stored(db)) == [token]
    assert (await db.read(lambda uow: uow.inbox.pending(9, 1, 1)))[0].body == SECRET.encode()
    assert (await rotate(db), await rotate(db)) == (1, 0)
    assert (await stored(db)) != [token]
    assert (await db.read(lambda uow: uow.inbox.pending(9, 1, 1)))[0].body == SECRET.encode()


@pytest.mark.parametrize("at", [0, 1, 5, 13, 20, -1])
def test_a_changed_byte_opens_nothing(at):
    seals = Seals([databases.KEY])
    sealed = bytearray(seals.close(SECRET.encode()))
    sealed[at] ^= 1
    with pytest.raises(Broken):
        seals.open(bytes(sealed))
    assert not seals.is_newest(bytes(sealed))


@pytest.mark.parametrize("cut", [b"", b"\x01", b"\x01" + bytes(11), b"gAAAAA", b"\x01" + bytes(40)])
def test_what_was_never_sealed_opens_nothing(cut):
    with pytest.raises(Broken):
        Seals([databases.KEY]).open(cut)
    assert not Seals([databases.KEY]).is_newest(cut)


def test_the_same_words_are_never_sealed_the_same_way():
    seals = Seals([databases.KEY])
    assert len({seals.close(b"the same") for _ in range(100)}) == 100


async def test_a_wrong_key_says_nothing_of_the_content(db, url, now):
    await db.write(lambda uow: write_secrets(uow, now))
    stranger = Database(url, [Fernet.generate_key().decode()])
    await stranger.open()
    try:
        with pytest.raises(Unreadable) as raised:
            await stranger.read(lambda uow: uow.credentials.get(1, "openpai"))
        assert SECRET not in str(raised.value)
        assert not await stranger.read(lambda uow: uow.credentials.legible())
        assert await db.read(lambda uow: uow.credentials.legible())
        with pytest.raises(Unreadable):
            await rotate(stranger)
    finally:
        await stranger.close()


async def test_without_keys_nothing_encrypted_can_be_asked(url, now):
    blind = Database(url)
    await blind.open()
    try:
        await blind.write(lambda uow: uow.people.meet(1, "Ann", "", "", now))
        with pytest.raises(Unreadable):
            await blind.write(lambda uow: uow.inbox.accept(9, [(1, 1, b"x")], now))
    finally:
        await blind.close()


async def test_a_credential_moved_to_another_account_is_refused(db, now):
    def work(uow):
        for person in (1, 2):
            uow.people.meet(person, f"P{person}", "", "", now)
            uow.credentials.put(person, Token("openpai", f"u{person}", f"secret{person}"), now)

    await db.write(work)
    steal = (
        "UPDATE credentials SET secret = (SELECT secret FROM credentials WHERE person_id = 2) "
        "WHERE person_id = 1"
    )
    await db.write(lambda uow: uow.transaction.core.exec_driver_sql(steal))
    with pytest.raises(Unreadable):
        await db.read(lambda uow: uow.credentials.get(1, "openpai"))
    assert (await db.read(lambda uow: uow.credentials.get(2, "openpai"))).secret == "secret2"
    watching = await db.read(lambda uow: uow.credentials.for_watching("openpai", [], 5))
    assert [token.user for token in watching] == ["u2"]  # one broken row blinds nobody
    assert await db.read(lambda uow: uow.credentials.legible())


async def test_what_is_done_is_emptied(db, now):
    await db.write(lambda uow: write_secrets(uow, now))

    def settle(uow):
        uow.inbox.done(9, 1, now)
        uow.outbox.sent(uow.outbox.due(now, 1)[0], 5, "", now)
        uow.dialogs.drop(1, 1)
        uow.held.take(1)
        uow.feeds.take(-1)
        uow.trash.drop(1, "t1")
        uow.people.unlink(1)
        uow.drafts.cancel(uow.drafts.by_key("k").id, "k2")
        uow.errands.end(uow.errands.open()[0].id, "done")
        uow.robots.gone(uow.robots.pulling("lab", now)[0], now)

    await db.write(settle)
    left = await stored(db)
    payload_of_the_button = empty_errand = 1
    assert len(left) == payload_of_the_button + empty_errand


def test_the_test_key_is_a_key():
    assert Fernet(databases.KEY)
