"""One update as it is read: who, where, what; oddities are left alone."""

from datetime import UTC, datetime

import pytest

from bot.chat import incoming

ANN = {
    "id": 7,
    "first_name": "Ann",
    "last_name": "Lee",
    "language_code": "zh-hans",
    "is_bot": False,
}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -100, "type": "supergroup", "title": "Lab"}


def message(**parts):
    return {"message": {"message_id": 5, "date": 0, "from": ANN, "chat": PRIVATE, **parts}}


def test_a_message_says_who_where_and_when():
    read = incoming.read(1, message(text="/jobs", unheard_of={"by": "us"}))
    assert (read.sender.id, read.sender.name, read.sender.language_code) == (
        7,
        "Ann Lee",
        "zh-hans",
    )
    assert (read.chat, read.private, read.message, read.text) == (7, True, 5, "/jobs")
    assert read.at == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_caption_is_what_goes_with_a_file():
    document = {"file_id": "f", "file_name": "job.yaml", "file_size": 3, "mime_type": "text/yaml"}
    read = incoming.read(1, message(document=document, caption="please"))
    assert (read.file.id, read.file.name, read.text) == ("f", "job.yaml", "please")


def test_pictures_and_films_are_files_too():
    """Telegram's apps send them so, unless one asks for a file; a picture comes in several sizes."""
    sizes = [{"file_id": f"p{n}", "width": n, "height": n, "file_size": n} for n in (90, 800, 320)]
    picture = incoming.read(1, message(photo=sizes, caption="data/")).file
    assert (picture.id, picture.name, picture.mime) == ("p800", "photo-5.jpg", "image/jpeg")
    film = {"file_id": "v", "file_size": 7, "mime_type": "video/mp4"}
    assert incoming.read(1, message(video=film)).file.name == "video-5.mp4"
    song = {"file_id": "a", "file_name": "我.flac", "file_size": 7}
    assert incoming.read(1, message(audio=song)).file.name == "我.flac"


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"poll": {"id": "1"}},
        message(),
        message(pinned_message={"message_id": 4}),
        message(chat={"id": -1, "type": "channel"}, text="/jobs"),
        {"callback_query": {"id": "1", "from": ANN, "inline_message_id": "x", "data": "y"}},
    ],
)
def test_what_nobody_wrote_to_us_means_nothing(update):
    assert incoming.read(1, update) is None


@pytest.mark.parametrize(
    "parts",
    [
        {"from": {**ANN, "id": incoming.ANONYMOUS_ADMIN}},
        {"from": {**ANN, "id": incoming.CHANNEL_POST}},
        {"from": ANN, "sender_chat": GROUP},
        {"from": {**ANN, "is_bot": True}},
        {"from": None},
    ],
)
def test_whoever_hides_is_nobody(parts):
    assert incoming.read(1, message(chat=GROUP, text="/allow", **parts)).sender.nobody


def test_a_thread_is_a_topic_only_in_a_forum():
    assert incoming.read(1, message(chat=GROUP, text="x", message_thread_id=3)).topic is None
    in_forum = message(chat=GROUP, text="x", message_thread_id=3, is_topic_message=True)
    assert incoming.read(1, in_forum).topic == 3


def test_a_press_on_a_message_telegram_forgot_cannot_be_edited():
    query = {
        "id": "q",
        "from": ANN,
        "data": "d",
        "message": {"message_id": 5, "chat": GROUP, "date": 0},
    }
    read = incoming.read(1, {"callback_query": query})
    assert (read.press, read.data, read.reachable) == ("q", "d", False)


@pytest.mark.parametrize("status", ["kicked", "left", "member", "administrator"])
def test_the_bots_own_standing_is_told(status):
    change = {"chat": GROUP, "from": ANN, "new_chat_member": {"status": status}}
    assert incoming.read(1, {"my_chat_member": change}).member == status


@pytest.mark.parametrize(
    "broken", [{"message": {}}, {"message": {"chat": {"id": 1}}}, {"message": 3}]
)
def test_a_broken_update_is_refused(broken):
    with pytest.raises((LookupError, TypeError, AttributeError, ValueError)):
        incoming.read(1, broken)
