"""Buttons act once, dialogs have one place per chat, kept-back alerts come out once."""

import asyncio
from datetime import timedelta

from bot.domain.messages import Button, Owed
from bot.domain.text import text

HOUR = timedelta(hours=1)


async def press(db, now, **button):
    owed = Owed(
        "k", 5, (text("x"),), buttons=((Button(text("b"), "job.stop", **button),),), owner=3
    )
    due = await db.write(lambda uow: uow.outbox.owe(owed, now, hand_over=True))
    return due.buttons[0][0].id


async def test_what_stands_behind_a_button_comes_back(db, now):
    payload = {"job": "ann~消融", "page": 2, "share": 0.5, "yes": True}
    id_ = await press(db, now, payload=payload, once=True, lives_seconds=60)
    assert len(id_) == 16
    assert id_.isalnum()
    pressed = await db.read(lambda uow: uow.buttons.open(id_, now))
    assert (pressed.owner, pressed.anyone, pressed.action, pressed.payload) == (
        3,
        False,
        "job.stop",
        payload,
    )
    assert (pressed.once, pressed.used_by, pressed.expired, pressed.chat) == (True, None, False, 5)
    minute = timedelta(seconds=60)
    assert (await db.read(lambda uow: uow.buttons.open(id_, now + minute))).expired
    assert await db.write(lambda uow: uow.buttons.sweep(now + minute + minute)) == 1
    assert await db.read(lambda uow: uow.buttons.open(id_, now)) is None
    assert await db.read(lambda uow: uow.buttons.open("'; --", now)) is None


async def test_one_update_uses_a_button_and_may_come_again(db, now):
    id_ = await press(db, now, once=True)
    keys = [f"1:{n}:0" for n in range(20)]
    used = await asyncio.gather(
        *(db.write(lambda uow, key=key: uow.buttons.use(id_, key)) for key in keys)
    )
    assert sum(used) == 1
    winner = keys[used.index(True)]
    assert await db.write(lambda uow: uow.buttons.use(id_, winner))
    assert (await db.read(lambda uow: uow.buttons.open(id_, now))).used_by == winner
    assert not await db.write(lambda uow: uow.buttons.use("nothing", winner))


async def test_a_ticket_is_opened_like_a_button(db, now):
    await db.write(
        lambda uow: uow.buttons.create(
            "pabc", 3, "again", {"line": "/jobs"}, chat=5, now=now, lives_seconds=60, once=True
        )
    )
    pressed = await db.read(lambda uow: uow.buttons.open("pabc", now))
    assert (pressed.owner, pressed.payload) == (3, {"line": "/jobs"})


async def test_a_person_has_one_dialog_per_chat(db, now):
    def work(uow):
        uow.dialogs.put(1, 1, "login", {"user": "ann"}, now + HOUR, step="password", nonce="n")
        uow.dialogs.put(1, 2, "run", {}, now + HOUR)
        uow.dialogs.put(1, 1, "submit", {"名": ["a", 1]}, now + HOUR, message=2**40)

    await db.write(work)
    dialog = await db.read(lambda uow: uow.dialogs.get(1, 1))
    assert (dialog.name, dialog.step, dialog.data) == ("submit", "", {"名": ["a", 1]})
    assert (dialog.message, dialog.expires_at) == (2**40, now + HOUR)
    assert await db.write(lambda uow: (uow.dialogs.drop(1, 1), uow.dialogs.drop(1, 1))) == (
        True,
        False,
    )
    assert await db.write(lambda uow: uow.dialogs.sweep(now + 2 * HOUR)) == 1


async def test_what_was_kept_back_comes_out_once_and_in_order(db, now):
    def keep(uow):
        for person in (2, 1):
            uow.people.meet(person, "P", "", "", now)
        kept = [uow.held.keep(1, "started", f"k{n}", ["line", {"n": n}], now) for n in (0, 1, 1)]
        uow.held.keep(2, "failed", "k", "x", now)
        return kept

    assert await db.write(keep) == [True, True, False]
    assert await db.read(lambda uow: uow.held.people()) == [1, 2]
    taken = await db.write(lambda uow: uow.held.take(1))
    assert [(h.event, h.once, h.body, h.at) for h in taken] == [
        ("started", "k0", ["line", {"n": 0}], now),
        ("started", "k1", ["line", {"n": 1}], now),
    ]
    assert await db.write(lambda uow: uow.held.take(1)) == []
    assert await db.read(lambda uow: uow.held.people()) == [2]
