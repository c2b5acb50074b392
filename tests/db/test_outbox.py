"""What is owed is kept, once, in order, until it is sent."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.messages import Attachment, Button, Kind, Owed, Priority
from bot.domain.text import text

MINUTE = timedelta(minutes=1)
LINE = text("job-line", name="a<b>", nested=text("gpu", count=2))


def owed(once, chat=7, **more):
    return Owed(once, chat, (LINE,), **more)


async def test_it_reads_back_what_was_handed_over(db, now):
    buttons = (
        (
            Button(text("stop"), "job.stop", {"job": "a~b"}),
            Button(text("web"), url="https://example.edu/"),
        ),
        (Button(text("copy"), copy="ssh -p 22"),),
    )
    message = owed(
        "k",
        topic=3,
        reply_to=4,
        language="en",
        buttons=buttons,
        owner=2**50,
        kind=Kind.DOCUMENT,
        priority=Priority.ALERT,
        silent=True,
        attachment=Attachment("日志.txt", b"\0data", "text/plain"),
    )
    due = await db.write(lambda uow: uow.outbox.owe(message, now, hand_over=True))
    assert due is not None
    assert due.lines == (LINE,)
    assert await db.read(lambda uow: uow.outbox.due(now, 10)) == [due]
    assert await db.read(lambda uow: uow.outbox.get(due.id)) == due


async def test_it_owes_an_occurrence_once(db, now):
    def twice(uow):
        return uow.outbox.owe(owed("k"), now), uow.outbox.owe(owed("k", chat=8), now)

    first, second = await db.write(twice)
    assert first is not None
    assert second is None
    due = await db.read(lambda uow: uow.outbox.due(now, 10))
    await db.write(lambda uow: uow.outbox.sent(due[0], 99, "d", now))
    assert await db.write(lambda uow: uow.outbox.owe(owed("k"), now)) is None
    assert await db.read(lambda uow: uow.outbox.due(now, 10)) == []


async def test_it_leaves_no_buttons_behind_of_what_was_owed_already(db, now):
    message = owed("k", buttons=((Button(text("x"), "a.b"),),), attachment=Attachment("a", b"1"))
    await db.write(lambda uow: [uow.outbox.owe(message, now) for _ in range(3)])
    tables = "SELECT (SELECT count(*) FROM buttons), (SELECT count(*) FROM attachments)"
    counts = await db.read(lambda uow: tuple(uow.transaction.core.exec_driver_sql(tables).one()))
    assert counts == (1, 1)


async def test_it_sends_the_urgent_first_and_then_the_oldest(db, now):
    def owe(uow):
        for once, priority in (("c", 3), ("b1", 1), ("a1", 0), ("b2", 1), ("a2", 0)):
            uow.outbox.owe(owed(once, priority=Priority(priority)), now)

    await db.write(owe)
    due = await db.read(lambda uow: uow.outbox.due(now, 4))
    assert [d.once for d in due] == ["a1", "a2", "b1", "b2"]
    assert (await db.read(lambda uow: uow.outbox.backlog())).by_priority == {0: 2, 1: 2, 3: 1}


async def test_a_postponed_message_holds_back_what_follows_it_in_its_chat(db, now):
    def owe(uow):
        ids = [uow.outbox.owe(owed(f"k{n}", chat=n % 2), now) for n in range(4)]
        uow.outbox.owe(owed("urgent later", chat=0, priority=Priority.ALERT), now)
        uow.outbox.postpone(ids[0], now + MINUTE, "502")

    await db.write(owe)
    due = await db.read(lambda uow: uow.outbox.due(now, 10))
    assert [d.once for d in due] == ["k1", "k3", "urgent later"]
    due = await db.read(lambda uow: uow.outbox.due(now + MINUTE, 10, [1]))
    assert [(d.once, d.tries) for d in due] == [("k0", 1), ("k2", 0), ("urgent later", 0)]
    assert await db.read(lambda uow: uow.outbox.next_at()) == now + MINUTE


async def test_an_edit_replaces_the_unsent_edit_of_its_card(db, now):
    def owe(uow):
        uow.outbox.owe(owed("send", card="job:a"), now)
        uow.outbox.owe(owed("other", card="job:b", kind=Kind.EDIT), now)
        for n in range(3):
            uow.outbox.owe(owed(f"edit{n}", card="job:a", kind=Kind.EDIT), now)

    await db.write(owe)
    due = await db.read(lambda uow: uow.outbox.due(now, 10))
    assert [d.once for d in due] == ["send", "other", "edit2"]


async def test_a_sent_card_is_known_to_its_next_edit(db, now):
    send = await db.write(lambda uow: uow.outbox.owe(owed("s", card="c"), now, hand_over=True))
    await db.write(lambda uow: uow.outbox.sent(send, 41, "first", now))
    edit = await db.write(
        lambda uow: uow.outbox.owe(owed("e", card="c", kind=Kind.EDIT), now, hand_over=True)
    )
    assert (edit.card_message, edit.card_digest) == (41, "first")
    assert await db.read(lambda uow: uow.outbox.due(now, 10)) == [edit]
    drop = await db.write(
        lambda uow: uow.outbox.owe(owed("d", card="c", kind=Kind.DELETE), now, hand_over=True)
    )
    await db.write(lambda uow: uow.outbox.sent(drop, None, "", now))
    assert await db.read(lambda uow: uow.cards.get("c")) is None


async def test_an_unchanged_card_keeps_its_buttons(db, now):
    button = Button(text("stop"), "job.stop", {"job": "a~b"}, once=True)
    message = owed("1", card="c", kind=Kind.EDIT, buttons=((button,),), owner=5)

    def owe(uow, once, **change):
        return uow.outbox.owe(replace(message, once=once, **change), now, hand_over=True)

    first = await db.write(lambda uow: owe(uow, "1"))
    id_ = first.buttons[0][0].id
    assert await db.write(lambda uow: uow.buttons.use(id_, "1:1:0"))
    second = await db.write(lambda uow: owe(uow, "2"))
    assert second.buttons == first.buttons
    assert (await db.read(lambda uow: uow.buttons.open(id_, now))).used_by is None
    other = await db.write(lambda uow: owe(uow, "3", owner=6))
    assert other.buttons != first.buttons


async def test_it_keeps_nothing_of_what_is_settled(db, now):
    def owe(uow):
        return [
            uow.outbox.owe(owed(f"k{n}", attachment=Attachment("a", b"x")), now, hand_over=True)
            for n in range(2)
        ]

    sent, dead = await db.write(owe)
    await db.write(lambda uow: uow.outbox.sent(sent, 1, "", now))
    await db.write(lambda uow: uow.outbox.dead(dead.id, "chat not found"))
    left = "SELECT state, body FROM outbox ORDER BY id"
    rows = await db.read(lambda uow: uow.transaction.core.exec_driver_sql(left).fetchall())
    assert [tuple(row) for row in rows] == [("sent", None), ("dead", None)]
    files = "SELECT count(*) FROM attachments"
    assert await db.read(lambda uow: uow.transaction.core.exec_driver_sql(files).scalar()) == 0
    assert await db.write(lambda uow: uow.outbox.sweep(now + MINUTE)) == 2


async def test_a_dead_chat_is_owed_nothing_more(db, now):
    await db.write(lambda uow: [uow.outbox.owe(owed(f"k{n}", chat=n % 2), now) for n in range(4)])
    assert await db.write(lambda uow: uow.outbox.bury_chat(0, "blocked", now)) == 2
    assert [d.chat for d in await db.read(lambda uow: uow.outbox.due(now, 10))] == [1, 1]
    chat = await db.read(lambda uow: uow.chats.get(0))
    assert (chat.dead_at, chat.dead_reason) == (now, "blocked")


async def test_a_recipe_stays_a_recipe(db, now):
    attachment = Attachment("log.txt", recipe=("log", "ann", "ann~job", "stdout"))
    due = await db.write(
        lambda uow: uow.outbox.owe(owed("k", attachment=attachment), now, hand_over=True)
    )
    assert due.attachment == attachment
    assert (await db.read(lambda uow: uow.outbox.due(now, 1)))[0].attachment == attachment
