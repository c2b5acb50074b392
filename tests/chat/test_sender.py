"""What is owed arrives: in order, once, and whatever Telegram says on the way."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.chat.exchange import schedule
from bot.domain.messages import Kind, Priority
from tests.chat.office import ann_of, eventually, office, owed, refusing, sending

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALERT, CARD = Priority.ALERT, Priority.CARD


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "FIRST_PAUSE_SECONDS", 0.05)


async def test_what_is_handed_over_is_sent_and_noted(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "first < & >"), owed(ann, "second"))
        await place.settled()

        assert place.texts(ann) == ["first < & >", "second"]
        assert [state for state, _, _ in (await place.rows()).values()] == ["sent", "sent"]


async def test_what_was_owed_before_the_start_is_sent_at_the_start(tmp_path: Path) -> None:
    async with office(tmp_path, run=False) as place:
        ann = await ann_of(place)
        await place.owes(*(owed(ann, f"{n}") for n in range(30)))
        async with sending(place.sender):
            await place.settled()

        assert place.texts(ann) == [f"{n}" for n in range(30)]


async def test_a_chat_hears_in_order_however_messages_reach_the_sender(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        for n in range(0, 60, 3):
            await place.owes(owed(ann, f"{n}"), owed(ann, f"{n + 1}"), hand_over=n % 2 == 0)
            await place.owes(owed(ann, f"{n + 2}"))
        await place.settled()

        assert place.texts(ann) == [f"{n}" for n in range(60)]


async def test_more_than_fits_into_memory_arrives_in_order_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LOW", "_BATCH"):
        monkeypatch.setattr(f"bot.chat.exchange.sender.{name}", 10)
    async with office(tmp_path, paced=False, run=False) as place:
        ann, bob = await ann_of(place), place.tg.person("Bob")
        await bob.starts()
        await place.owes(*(owed(who, f"{n}") for n in range(60) for who in (ann, bob)))
        async with sending(place.sender):
            await place.owes(owed(ann, "last"), owed(bob, "last"))
            await place.settled()

        assert place.texts(ann) == place.texts(bob) == [*(f"{n}" for n in range(60)), "last"]


async def test_an_answer_overtakes_news_that_waits_for_its_pace(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        # Five at once, then one a second: the last is a good while off.
        await place.owes(*(owed(ann, f"news {n}", priority=ALERT) for n in range(25)))
        await place.owes(owed(ann, "answer"))
        await eventually(lambda: "answer" in place.texts(ann))

        assert len(place.texts(ann)) < 26


async def test_news_go_before_edits_of_cards_and_every_chat_gets_its_turn(tmp_path: Path) -> None:
    async with office(tmp_path, run=False) as place:
        people = [place.tg.person(f"P{n}") for n in range(10)]
        for person in people:
            await person.starts()
        await place.owes(*(owed(person, "card", priority=CARD) for person in people))
        await place.owes(*(owed(person, "news", priority=ALERT) for person in people))
        async with sending(place.sender):
            await place.settled()

        said = [call.params["text"] for call in place.tg.calls_of("sendMessage")]
        assert said == ["news"] * 10 + ["card"] * 10


async def longest_halt(until: asyncio.Event) -> float:
    """For how long the machine let nothing happen here, at most (s)."""
    clock = asyncio.get_running_loop().time
    longest, last = 0.0, clock()
    while not until.is_set():
        await asyncio.sleep(0.005)
        longest, last = max(longest, clock() - last), clock()
    return longest


async def test_telegrams_limits_are_kept_while_news_are_many(tmp_path: Path) -> None:
    """What was sent in time arrives bunched after a halt of the machine: then the limits are tried again."""
    async with office(tmp_path, flood=True) as place:
        for again in range(20):
            people = [place.tg.person(f"P{again}-{n}") for n in range(40)]
            for person in people:
                await person.starts()
            before, settled = len(place.tg.calls_of("sendMessage")), asyncio.Event()
            async with asyncio.TaskGroup() as group:
                halt = group.create_task(longest_halt(settled))
                await place.owes(*(owed(person, "news", priority=ALERT) for person in people))
                await place.settled()
                settled.set()
            calls = place.tg.calls_of("sendMessage")[before:]
            assert len(calls) >= len(people)
            if all(call.ok for call in calls) or halt.result() < 0.04:
                break
        assert all(call.ok for call in calls)


async def test_a_429_holds_its_own_chat_and_keeps_the_order(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann, bob = await ann_of(place), place.tg.person("Bob")
        await bob.starts()
        place.tg.faults.answer("sendMessage", 429, retry_after=2)
        await place.owes(owed(ann, "one"), owed(ann, "two"))
        await eventually(lambda: place.tg.calls_of("sendMessage"))
        await place.owes(owed(ann, "three"), owed(bob, "hello"))
        await eventually(lambda: place.texts(bob) == ["hello"])

        assert place.texts(ann) == []
        await place.settled()
        assert place.texts(ann) == ["one", "two", "three"]


@pytest.mark.parametrize("trouble", ["html 502", "500", "cut before", "away", "401"])
async def test_a_passing_failure_loses_nothing_and_repeats_nothing(
    tmp_path: Path, trouble: str
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        faults = place.tg.faults
        match trouble:
            case "html 502":
                faults.bad_gateway("sendMessage", times=2)
            case "500":
                faults.answer("sendMessage", 500, times=1)
            case "cut before":
                faults.cut_before("sendMessage")
            case "401":
                faults.answer("sendMessage", 401, description="Unauthorized")
            case _:
                faults.away(0.3)
        await place.owes(owed(ann, "one"), owed(ann, "two"))
        await place.settled()

        assert place.texts(ann) == ["one", "two"]


async def test_a_message_whose_answer_was_cut_is_sent_again(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        place.tg.faults.cut_after("sendMessage")
        await place.owes(owed(ann, "one"), owed(ann, "two"))
        await place.settled()

        assert place.texts(ann) == ["one", "one", "two"]


async def test_a_migrated_group_gets_what_it_was_owed_and_so_does_everybody_after(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        old = place.tg.group("Lab", members=[ann], admins=[ann], supergroup=False)
        await place.owes(owed(old, "card v1", card="board"))
        await place.settled()
        new = old.migrates()
        await place.owes(
            owed(old, "one", reply_to=1),
            owed(old, "card v2", card="board", kind=Kind.EDIT),
            owed(old, "three"),
        )
        await place.settled()
        await place.owes(owed(new, "card v3", card="board", kind=Kind.EDIT))
        await place.settled()

        assert place.texts(new) == ["one", "card v3", "three"]


@pytest.mark.parametrize("end", ["blocked", "kicked", "never opened"])
async def test_a_dead_chat_is_remembered_and_nothing_is_tried_again(
    tmp_path: Path, end: str
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.db.write(lambda uow: uow.people.meet(ann.id, "Ann", "", "en", NOW))
        chat: Any = ann
        match end:
            case "blocked":
                ann.blocks_bot()
            case "kicked":
                chat = place.tg.group("Lab", members=[ann], admins=[ann])
                chat.kicks_bot()
            case _:
                chat = place.tg.person("Bob")
        rows = await place.owes(owed(chat, "one"), owed(chat, "two"), owed(chat, "three"))
        await place.settled()
        found = await place.rows()
        row = await place.db.read(lambda uow: uow.chats.get(chat.id))
        person = await place.db.read(lambda uow: uow.people.row(ann.id))

        assert {found[number][0] for number in rows} == {"dead"}
        assert len(place.tg.calls_of("sendMessage")) == 1
        assert row is not None
        assert row.dead_at is not None
        assert person is not None
        assert (person.blocked_at is not None) == (end == "blocked")


async def test_after_an_outage_every_chat_is_served_as_soon_as_one_gets_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "FIRST_PAUSE_SECONDS", 60.0)
    async with office(tmp_path) as place:
        ann, bob = await ann_of(place), place.tg.person("Bob")
        await bob.starts()
        port = int(place.tg.url.rpartition(":")[2])
        await place.tg.stop()
        await place.owes(owed(ann, "one"))
        await eventually(lambda: ann.id in place.sender._schedule.full())  # tried, and held
        await place.tg.start(port=port)
        await place.owes(owed(bob, "two"))
        await eventually(lambda: place.texts(ann) == ["one"])  # well before her pause is over


async def test_a_stop_finishes_and_notes_what_was_begun(tmp_path: Path) -> None:
    async with office(tmp_path, run=False) as place:
        ann = await ann_of(place)
        async with sending(place.sender) as stop:
            await place.owes(owed(ann, "warm"))
            await place.settled()
            place.tg.faults.slow("sendMessage", 0.3)
            await place.owes(owed(ann, "one"), owed(ann, "two"))
            await eventually(lambda: place.tg.faults.used["sendMessage"])
            stop.set()
        rows = await place.rows()
        async with sending(place.sender):
            await place.settled()

        assert [state for state, _, _ in rows.values()] == ["sent", "sent", "sent"]
        assert place.texts(ann) == ["warm", "one", "two"]


async def test_what_a_refusing_database_could_not_note_is_not_sent_twice(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "one"), owed(ann, "two"), hand_over=False)
        place.db.write, honest = refusing, place.db.write  # type: ignore[method-assign]
        await eventually(lambda: place.texts(ann) == ["one", "two"])
        await asyncio.sleep(1.2)  # the outbox is read meanwhile, and shows them as due
        place.db.write = honest  # type: ignore[method-assign]
        await place.settled()

        assert place.texts(ann) == ["one", "two"]
