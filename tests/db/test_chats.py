"""Groups: allowed, dead, and under a new id."""

from datetime import timedelta

from bot.domain.messages import Button, Kind, Owed
from bot.domain.text import text
from db import Feed
from db.models import CHAT, metadata

OLD, NEW = -123, -1001234567890123
HOUR = timedelta(hours=1)


async def test_an_allowed_group_stays_allowed_until_denied(db, now):
    def work(uow):
        assert uow.chats.allow(OLD, "Lab", 1, now)
        assert not uow.chats.allow(OLD, "Lab 2", 2, now)
        assert [c.id for c in uow.chats.allowed()] == [OLD]
        chat = uow.chats.get(OLD)
        assert (chat.allowed_by, chat.allowed_at, chat.title, chat.allowed) == (
            1,
            now,
            "Lab 2",
            True,
        )
        return uow.chats.deny(OLD), uow.chats.deny(OLD), uow.chats.get(OLD).allowed

    assert await db.write(work) == (True, False, False)


async def test_a_dead_chat_that_speaks_lives_again(db, now):
    def work(uow):
        uow.chats.allow(OLD, "Lab", 1, now)
        uow.chats.bury(OLD, "kicked", now)
        uow.chats.bury(OLD, "again", now + HOUR)
        dead = uow.chats.get(OLD)
        assert (dead.dead_at, dead.dead_reason, dead.allowed) == (now, "kicked", False)
        assert uow.chats.allowed() == []
        return uow.chats.meet(OLD, "group", "Lab", now)

    back = await db.write(work)
    assert (back.dead_at, back.dead_reason, back.allowed) == (None, "", True)


async def test_a_chat_nobody_met_can_be_buried(db, now):
    await db.write(lambda uow: uow.chats.bury(55, "chat not found", now))
    assert (await db.read(lambda uow: uow.chats.get(55))).type == "private"


def fill(uow, now, chat=OLD):
    """A row for every column that holds a chat."""
    uow.chats.allow(chat, "Lab", 1, now)
    uow.chats.set_language(chat, "en")
    uow.people.meet(1, "Ann", "", "", now)
    uow.drafts.create("k", 1, chat, "ann", "x", {}, now, now + HOUR)
    uow.inbox.accept(9, [(1, chat, b"x")], now)
    uow.lanes.claim("me", [chat], now, now + HOUR)
    button = Button(text("b"), "a.b")
    uow.outbox.owe(Owed("1", chat, (text("x"),), buttons=((button,),), topic=4, reply_to=5), now)
    uow.outbox.owe(Owed("2", chat, (text("x"),), kind=Kind.EDIT, message=6), now)
    uow.outbox.owe(Owed("3", chat, kind=Kind.DELETE, message=7), now)
    uow.outbox.owe(Owed("4", chat, (text("x"),), kind=Kind.EDIT, card="c"), now)
    uow.cards.put("c", chat, 8, "d", now)
    uow.dialogs.put(1, chat, "run", {}, now + HOUR, message=9)
    uow.audit.add(now, 1, chat, "allow")
    uow.feeds.put(chat, 4, ["quota"])
    uow.feeds.keep(chat, "quota", ["x"], now)


def places(uow, chat):
    """Columns in which that id stands."""
    return {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info == CHAT
        and uow.transaction.core.execute(table.select().where(column == chat)).first()
    }


async def test_a_migrated_group_keeps_everything_under_its_new_id(db, now):
    await db.write(lambda uow: fill(uow, now))
    before = await db.read(lambda uow: places(uow, OLD))
    marked = {
        f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns if c.info == CHAT
    }
    assert before == marked
    await db.write(lambda uow: uow.chats.migrate(OLD, NEW))
    assert await db.read(lambda uow: places(uow, OLD)) == set()
    assert await db.read(lambda uow: places(uow, NEW)) == before - {"cards.chat"}
    chat = await db.read(lambda uow: uow.chats.get(NEW))
    assert (chat.language, chat.allowed) == ("en", True)


async def test_nothing_refers_to_messages_of_the_group_that_was(db, now):
    await db.write(lambda uow: fill(uow, now))
    await db.write(lambda uow: uow.chats.migrate(OLD, NEW))
    due = await db.read(lambda uow: uow.outbox.due(now, 9))
    assert [d.once for d in due] == ["1", "2", "4"]
    for d in due:
        assert (d.chat, d.message, d.reply_to, d.topic, d.card_message) == (
            NEW,
            None,
            None,
            None,
            None,
        )
    assert (await db.read(lambda uow: uow.dialogs.get(1, NEW))).message is None
    assert await db.read(lambda uow: uow.feeds.get(NEW)) == Feed(NEW, None, frozenset({"quota"}))


async def test_the_old_groups_choices_win_over_what_came_before_the_news(db, now):
    """A message of the new group may arrive before we hear that it is the old one."""

    def work(uow):
        fill(uow, now)
        uow.chats.meet(NEW, "supergroup", "Lab", now)
        uow.lanes.claim("you", [NEW], now, now + HOUR)
        uow.feeds.put(NEW, 3, [])
        uow.feeds.keep(NEW, "quota", ["y"], now)
        uow.dialogs.put(1, NEW, "login", {}, now + HOUR)
        uow.dialogs.put(2, NEW, "login", {}, now + HOUR)
        uow.inbox.accept(9, [(2, NEW, b"y")], now)
        uow.chats.migrate(OLD, NEW)

    await db.write(work)
    assert (await db.read(lambda uow: uow.chats.get(NEW))).allowed
    assert (await db.read(lambda uow: uow.dialogs.get(1, NEW))).name == "run"
    assert (await db.read(lambda uow: uow.dialogs.get(2, NEW))).name == "login"
    waiting = await db.read(lambda uow: uow.inbox.pending(9, NEW, 9))
    assert [w.update_id for w in waiting] == [1, 2]
    assert (await db.read(lambda uow: uow.feeds.get(NEW))).events == {"quota"}
    assert [line.body for line in await db.write(lambda uow: uow.feeds.take(NEW))] == [["x"], ["y"]]


async def test_migrating_twice_changes_nothing_more(db, now):
    await db.write(lambda uow: fill(uow, now))
    await db.write(lambda uow: uow.chats.migrate(OLD, NEW))
    await db.write(lambda uow: uow.cards.put("c", NEW, 8, "d", now))
    await db.write(lambda uow: uow.chats.migrate(OLD, NEW))
    assert (await db.read(lambda uow: uow.cards.get("c"))).message == 8
