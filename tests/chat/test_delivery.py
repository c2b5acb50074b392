"""A message Telegram objects to is mended, and nothing is dropped that could be said."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.chat.exchange import schedule
from bot.domain.messages import Attachment, Button, Kind, Priority
from bot.domain.text import text
from tests.chat.office import ann_of, eventually, html, office, owed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALERT, CARD = Priority.ALERT, Priority.CARD


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "FIRST_PAUSE_SECONDS", 0.05)


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    return file.getvalue()


async def test_a_long_message_whose_second_half_was_refused_goes_on_from_there(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        first, second = "a" * 3000, "b" * 3000
        await place.owes(owed(ann, "hello"))
        await place.settled()
        place.tg.faults.slow("sendMessage", 0.1)
        await place.owes(owed(ann, first, second))
        await eventually(lambda: first in place.texts(ann))
        place.tg.faults.answer("sendMessage", 500)
        await place.settled()

        assert place.texts(ann) == ["hello", first, second]


async def test_broken_markup_is_said_plainly(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        button = ((Button(text("go"), "job.stop"),),)
        await place.owes(owed(ann, html("<b>a &lt; b <c>"), buttons=button))
        heard = await ann.hears("a < b")

        assert heard.entities == []
        assert heard.buttons == ["go"]


async def test_a_button_telegram_refuses_does_not_take_the_words_with_it(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        row = (Button(text("portal"), url="no address"), Button(text("stop"), "job.stop"))
        await place.owes(owed(ann, "words", buttons=(row,)))
        heard = await ann.hears("words")

        assert heard.buttons == ["stop"]


async def test_a_reply_to_a_deleted_message_is_sent_all_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "answer", reply_to=99999))

        assert (await ann.hears("answer")).reply_to is None


async def test_a_deleted_topic_is_answered_in_the_group(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        lab = place.tg.group("Lab", members=[ann], admins=[ann], topics=["jobs"])
        topic = lab.topic("jobs")
        await place.owes(owed(lab, "in the topic", topic=topic))
        assert (await ann.hears("in the topic", chat=lab)).topic == topic
        lab.deletes_topic("jobs")
        await place.owes(owed(lab, "all the same", topic=topic))
        heard = await ann.hears("all the same", chat=lab)

        assert heard.topic is None
        assert heard.silent


async def test_a_message_refused_for_good_does_not_stop_the_next(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        place.tg.faults.answer("sendMessage", 400, times=3, description="Bad Request: no way")
        rows = await place.owes(owed(ann, "one"), owed(ann, "two"))
        await place.settled()
        found = await place.rows()

        assert found[rows[0]][0] == "dead"  # with, without decorations, and as plain words
        assert "no way" in found[rows[0]][2]
        assert place.texts(ann) == ["two"]


async def test_a_decoration_the_server_does_not_know_costs_the_decoration_only(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        place.tg.faults.answer(
            "sendMessage", 400, description="Bad Request: link_preview_options is not supported"
        )
        rows = await place.owes(owed(ann, "one"))
        await place.settled()

        assert (await place.rows())[rows[0]][0] == "sent"
        assert place.texts(ann) == ["one"]


async def test_a_message_that_cannot_be_written_down_does_not_stop_the_next(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        impossible = Attachment("x.txt", recipe=("explode",))  # the recipe is broken: a bug of ours
        with capture_logs() as logs:
            rows = await place.owes(
                owed(ann, "one", attachment=impossible, kind=Kind.DOCUMENT), owed(ann, "two")
            )
            await place.settled()
        found = await place.rows()

        assert place.texts(ann) == ["two"]
        assert found[rows[0]] == ("dead", None, "IndexError")
        assert [log["outbox"] for log in logs if log["log_level"] == "error"] == [rows[0]]


async def test_a_card_is_changed_in_place_and_only_when_it_changes(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "v1", card="c"))
        await place.owes(owed(ann, "v2", card="c", kind=Kind.EDIT))
        await place.settled()
        edits = len(place.tg.calls_of("editMessageText"))
        await place.owes(owed(ann, "v2", card="c", kind=Kind.EDIT))
        await place.settled()

        assert place.texts(ann) == ["v2"]
        assert edits == 1
        assert len(place.tg.calls_of("editMessageText")) == 1, "nothing changed, nothing sent"


async def test_a_card_is_known_after_a_restart(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "v1", card="c"))
        await place.settled()
        place.sender._delivery.shown.cards.clear()  # what a restart does to memory
        await place.owes(owed(ann, "v2", card="c", kind=Kind.EDIT))
        await place.settled()

        assert place.texts(ann) == ["v2"]


async def test_edits_of_a_card_that_wait_are_replaced_by_the_newest(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "v0", card="c"))
        await place.settled()
        edits = [owed(ann, f"v{n}", card="c", kind=Kind.EDIT, priority=CARD) for n in range(1, 20)]
        place.tg.faults.slow("sendMessage", 0.2)
        await place.owes(owed(ann, "busy"), *edits[:10])
        await place.owes(*edits[10:])
        await place.settled()

        assert place.texts(ann) == ["v19", "busy"]
        assert len(place.tg.calls_of("editMessageText")) <= 2


async def test_an_edit_that_telegram_held_does_not_overwrite_the_last_words(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "begun", card="c"))
        await place.settled()
        place.tg.faults.away(hang=True)
        await place.owes(owed(ann, "half", card="c", kind=Kind.EDIT, priority=CARD))
        await eventually(lambda: place.sender._schedule.busy)
        await place.owes(owed(ann, "done", card="c", kind=Kind.EDIT, priority=ALERT))
        place.tg.faults.back()
        await place.settled()
        await eventually(lambda: not place.sender._schedule.count + place.sender._schedule.busy)

        assert place.texts(ann) == ["done"]


async def test_a_card_that_a_press_turned_is_turned_back(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "page 1", card="c"))
        await place.settled()
        message = (await ann.hears("page 1")).id
        await place.owes(owed(ann, "page 2", kind=Kind.EDIT, message=message))
        await place.settled()
        await place.owes(owed(ann, "page 1", card="c", kind=Kind.EDIT))
        await place.settled()

        assert place.texts(ann) == ["page 1"]


async def test_an_edit_of_a_message_that_is_gone_is_sent_as_a_new_one(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "never sent", card="other", kind=Kind.EDIT))
        await place.owes(owed(ann, "v1", card="c"))
        await place.settled()
        heard = await ann.hears("v1")
        place.tg.telegram.delete(heard.stored)
        await place.owes(owed(ann, "v2", card="c", kind=Kind.EDIT))
        await place.owes(owed(ann, "v3", card="c", kind=Kind.EDIT))
        await place.settled()

        assert place.texts(ann) == ["never sent", "v3"]


async def test_an_edit_to_the_same_words_is_success(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "same"))
        await place.settled()
        message = (await ann.hears("same")).id
        await place.owes(owed(ann, "same", kind=Kind.EDIT, message=message))
        await place.settled()

        assert [state for state, _, _ in (await place.rows()).values()] == ["sent", "sent"]


@pytest.mark.parametrize("cut", ["cut_before", "cut_after"])
async def test_edits_and_deletions_are_repeated_without_harm(tmp_path: Path, cut: str) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        await place.owes(owed(ann, "v1"), owed(ann, "to delete"))
        await place.settled()
        one, two = (await ann.hears("v1")).id, (await ann.hears("to delete")).id
        getattr(place.tg.faults, cut)("*", times=1)
        await place.owes(owed(ann, "v2", kind=Kind.EDIT, message=one))
        await place.settled()
        getattr(place.tg.faults, cut)("*", times=1)
        await place.owes(owed(ann, kind=Kind.DELETE, message=two))
        await place.settled()

        assert place.texts(ann) == ["v2"]


async def test_a_picture_is_edited_by_its_caption(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        plot = Attachment("plot.png", picture(), "image/png")
        await place.owes(owed(ann, "v1", kind=Kind.PHOTO, attachment=plot, card="p"))
        await place.owes(owed(ann, "v2", kind=Kind.EDIT, card="p"))
        await place.settled()

        assert [call.method for call in place.tg.calls if call.ok][-2:] == [
            "sendPhoto",
            "editMessageCaption",
        ]


async def test_a_picture_telegram_cannot_read_is_sent_as_a_file(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        odd = Attachment("plot.png", b"no picture at all", "image/png")
        await place.owes(owed(ann, "see", kind=Kind.PHOTO, attachment=odd))
        heard = await ann.hears("see")

        assert heard.document is not None
        assert await heard.download() == b"no picture at all"


async def test_documents_come_from_bytes_or_from_a_recipe(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        kept = Attachment("日志 1.txt", b"bytes", "text/plain")
        fetched = Attachment("2.txt", recipe=("log", "ann~job"))
        gone = Attachment("3.txt", recipe=("gone", "ann~job"))
        await place.owes(
            *(owed(ann, f"file {n}", kind=Kind.DOCUMENT, attachment=file)
              for n, file in enumerate((kept, fetched, gone)))
        )  # fmt: skip
        await place.settled()
        heard = [await ann.hears(f"file {n}") for n in range(3)]

        assert heard[0].document is not None
        assert heard[0].document.name == "日志 1.txt"
        assert await heard[1].download() == b"log of ann~job"
        assert heard[2].document is None
        assert "error-not-found" in heard[2].text, "the words come, and why the file does not"


async def test_a_file_too_large_for_telegram_leaves_its_words_and_is_said_to_be_missing(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as place:
        ann = await ann_of(place)
        place.tg.faults.answer("sendDocument", 413, body="<html>too large</html>")
        await place.owes(
            owed(ann, "the log", kind=Kind.DOCUMENT, attachment=Attachment("a.txt", b"x"))
        )
        await place.settled()

        (said,) = place.texts(ann)
        assert said.startswith("the log")
        assert "file-not-taken" in said
