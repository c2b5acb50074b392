"""The chat page's API shows what each person sees and lets them act."""

import asyncio
import json

import pytest
from aiohttp import FormData, web

from bot.demo.telegram import TelegramEmulator


class Page:
    def __init__(self, session):
        self.session = session

    async def get(self, path, **query):
        async with self.session.get(path, params=query) as answer:
            return answer.status, await answer.json()

    async def post(self, path, **body):
        async with self.session.post(path, json=body) as answer:
            return answer.status, await answer.json()

    async def events(self, person, since, count):
        """The first `count` events of the stream."""
        found = []
        async with (
            asyncio.timeout(20),
            self.session.get(
                "/chat/events", params={"person": person.id, "since": since}
            ) as answer,
        ):
            assert answer.content_type == "text/event-stream"
            async for line in answer.content:
                if line.startswith(b"data: "):
                    found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
        return found


@pytest.fixture
def page(api):
    return Page(api.session)


async def test_the_page_and_its_files_are_served(api):
    async with api.session.get("/") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    async with api.session.get("/static/index.html") as answer:
        assert answer.status == 200
    async with api.session.get("/static/../state.py") as answer:
        assert answer.status == 404


async def test_the_state_is_one_persons_view(ann, bob, lab, api, page):
    await ann.starts()
    await api.send(ann.id, "one")
    await api.send(lab.id, "two", disable_notification=True)
    _, state = await page.get("/chat/state", person=ann.id)
    assert [one["first_name"] for one in state["people"]] == ["Ann", "Bob"]
    assert state["people"][0]["role"] == "student"
    assert state["bot"] == {"id": 7000001, "first_name": "Pailot", "username": "pailot_bot"}
    private, group = state["chats"]
    assert (private["id"], private["type"], private["started"], private["unread"]) == (
        ann.id,
        "private",
        True,
        1,
    )
    assert private["last"]["text"] == "one"
    assert (group["title"], group["unread"], group["silent_unread"], group["members"]) == (
        "GPU lab",
        1,
        1,
        3,
    )
    assert group["topics"] == [{"id": lab.topic("jobs"), "name": "jobs"}]
    _, state = await page.get("/chat/state", person=bob.id)
    assert (state["chats"][0]["started"], state["chats"][0]["last"]) == (False, None)
    await page.post("/chat/read", person=bob.id, chat=lab.id, upto=999)
    _, state = await page.get("/chat/state", person=bob.id)
    assert state["chats"][1]["unread"] == 0


async def test_history_comes_in_pages_oldest_first(ann, api, page):
    for number in range(7):
        await ann.sends(str(number))
    _, newest = await page.get("/chat/history", person=ann.id, chat=ann.id, limit=3)
    assert ([one["text"] for one in newest["messages"]], newest["more"]) == (["4", "5", "6"], True)
    before = newest["messages"][0]["id"]
    _, older = await page.get("/chat/history", person=ann.id, chat=ann.id, limit=4, before=before)
    assert ([one["text"] for one in older["messages"]], older["more"]) == (
        ["0", "1", "2", "3"],
        False,
    )


async def test_a_topic_has_its_own_history(ann, lab, page):
    topic = lab.topic("jobs")
    await ann.sends("general", chat=lab)
    await ann.sends("in topic", chat=lab, topic=topic)
    _, inside = await page.get("/chat/history", person=ann.id, chat=lab.id, topic=topic)
    assert [one["text"] for one in inside["messages"] if not one["service"]] == ["in topic"]
    _, general = await page.get("/chat/history", person=ann.id, chat=lab.id, topic=0)
    assert [one["text"] for one in general["messages"]] == ["general"]


async def test_a_message_is_shown_whole(ann, api, page):
    asked = await ann.sends("/job 7")
    keyboard = [
        [
            {"text": "Stop", "callback_data": "s", "style": "danger"},
            {"text": "Portal", "url": "https://example.edu/"},
        ],
        [
            {"text": "SSH", "copy_text": {"text": "ssh a"}},
            {"text": "Up", "web_app": {"url": "https://example.edu/"}},
        ],
    ]
    await api.send(
        ann.id,
        "<b>job</b>",
        parse_mode="HTML",
        reply_markup={"inline_keyboard": keyboard},
        reply_parameters={"message_id": asked.id, "quote": "/job"},
    )
    await api(
        "setMessageReaction",
        chat_id=ann.id,
        message_id=asked.id,
        reaction=[{"type": "emoji", "emoji": "👀"}],
    )
    _, history = await page.get("/chat/history", person=ann.id, chat=ann.id)
    question, card = history["messages"]
    assert question["reactions"] == [{"emoji": "👀", "count": 1, "mine": False}]
    assert question["from"]["name"] == "Ann Lee"
    assert card["from"]["is_bot"]
    assert card["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert card["reply_to"] == {
        "id": asked.id,
        "name": "Ann Lee",
        "text": "/job 7",
        "quote": "/job",
    }
    assert card["keyboard"] == [
        [
            {"text": "Stop", "kind": "callback", "data": "s", "style": "danger"},
            {"text": "Portal", "kind": "url", "url": "https://example.edu/"},
        ],
        [
            {"text": "SSH", "kind": "copy", "copy": "ssh a"},
            {"text": "Up", "kind": "web_app", "url": "https://example.edu/"},
        ],
    ]
    assert (
        card["edited"],
        card["silent"],
        card["topic"],
        card["document"],
        card["photo"],
        card["service"],
    ) == (False, False, None, None, None, None)


async def test_people_write_start_and_send_files(ann, api, page):
    status, message = await page.post("/chat/start", person=ann.id, payload="abc")
    # Clients show what a deep link carries to the bot alone.
    assert (status, message["text"]) == (200, "/start")
    _, reply = await page.post(
        "/chat/send", person=ann.id, chat=ann.id, text="hello", reply_to=message["id"]
    )
    assert reply["reply_to"]["text"] == "/start"
    form = FormData(quote_fields=False)
    for name, value in {"person": ann.id, "chat": ann.id, "caption": "看"}.items():
        form.add_field(name, str(value))
    for name in ("一.yaml", "二.html"):
        form.add_field("file", b"<script>", filename=name)
    async with api.session.post("/chat/upload", data=form) as answer:
        sent = await answer.json()
    assert [(one["document"]["name"], one["text"]) for one in sent] == [
        ("一.yaml", "看"),
        ("二.html", ""),
    ]
    heard = [update["message"] for update in await api.updates()]
    assert [one.get("text") for one in heard] == ["/start abc", "hello", None, None]
    albums = {one.get("media_group_id") for one in heard[2:]}
    assert len(albums) == 1
    assert None not in albums
    async with api.session.get(f"/chat/file/{sent[1]['document']['file_id']}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_events_come_live_and_again_from_where_a_page_left_off(ann, bob, lab, api, page):
    await ann.starts()
    _, state = await page.get("/chat/state", person=ann.id)
    since = state["seq"]
    async with asyncio.TaskGroup() as tasks:
        stream = tasks.create_task(page.events(ann, since, 6))
        sent = await api.send(ann.id, "one")
        ids = {"chat_id": ann.id, "message_id": sent["message_id"]}
        await api("editMessageText", **ids, text="two")
        await api("setMessageReaction", **ids, reaction=[{"type": "emoji", "emoji": "👍"}])
        await api("sendChatAction", chat_id=ann.id, action="typing")
        await api("deleteMessage", **ids)
        await api("setMyCommands", commands=[{"command": "a", "description": "b"}])
    kinds = [one["kind"] for one in stream.result()]
    assert kinds == ["message", "edit", "reaction", "typing", "delete", "commands"]
    _, edit, reaction, typing, delete, _ = stream.result()
    assert edit["message"]["text"] == "two"
    assert reaction["reactions"] == [{"emoji": "👍", "count": 1, "mine": False}]
    assert (typing["action"], typing["chat"]) == ("typing", ann.id)
    assert delete == {"seq": since + 5, "kind": "delete", "chat": ann.id, "id": sent["message_id"]}
    again = await page.events(ann, since + 4, 2)
    assert [one["kind"] for one in again] == ["delete", "commands"]
    assert [one["kind"] for one in await page.events(bob, since, 1)] == ["commands"]
    assert [one["kind"] for one in await page.events(ann, 5, 1)] == ["reset"]


async def test_the_lab_publishes_on_the_same_stream(tg, ann, page):
    since = tg.feed.seq
    tg.feed.publish("lab", speed=10)
    tg.feed.publish("toast", text="node down")
    assert await page.events(ann, since, 2) == [
        {"seq": since + 1, "kind": "lab", "speed": 10},
        {"seq": since + 2, "kind": "toast", "text": "node down"},
    ]


async def test_a_press_waits_for_the_bots_answer(ann, api, page):
    await ann.starts()
    await api.confirm()
    sent = await api.send(
        ann.id, "job", reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    )
    async with asyncio.TaskGroup() as tasks:
        press = tasks.create_task(
            page.post(
                "/chat/press", person=ann.id, chat=ann.id, message=sent["message_id"], data="1"
            )
        )
        query = (await api.updates(timeout=5))[0]["callback_query"]
        await api("answerCallbackQuery", callback_query_id=query["id"], text="done")
    assert press.result() == (200, {"text": "done", "show_alert": False, "url": ""})


async def test_people_react_once_and_take_it_back(ann, api, page):
    await ann.starts()
    sent = await api.send(ann.id, "job done")

    async def react(emoji):
        here = {"person": ann.id, "chat": ann.id}
        body = {**here, "message": sent["message_id"], "emoji": emoji}
        assert (await page.post("/chat/react", **body))[0] == 200
        _, history = await page.get("/chat/history", **here)
        return history["messages"][-1]["reactions"]

    assert await react("👍") == [{"emoji": "👍", "count": 1, "mine": True}]
    assert await react("🎉") == [{"emoji": "🎉", "count": 1, "mine": True}]
    assert await react("") == []


async def test_the_language_of_a_persons_client_changes(ann, api, page):
    await page.post("/chat/person", id=ann.id, language_code="en-GB")
    await ann.sends("x")
    assert (await api.updates())[0]["message"]["from"]["language_code"] == "en-GB"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chat/send", {"person": 1, "chat": 1, "text": "x"}),
        ("/chat/send", {"chat": 1, "text": "x"}),
        ("/chat/send", {"person": "ANN", "chat": "BOB", "text": "x"}),
        ("/chat/send", {"person": "ANN", "chat": "ANN", "text": " "}),
        ("/chat/send", {"person": "ANN", "chat": "ANN", "text": 5}),
        ("/chat/start", {"person": "ANN", "payload": "a b"}),
        ("/chat/press", {"person": "ANN", "chat": "ANN", "message": 99, "data": "x"}),
        ("/chat/react", {"person": "ANN", "chat": "ANN", "message": 99, "emoji": "👍"}),
        ("/chat/person", {"id": 1, "language_code": "en"}),
    ],
)
async def test_nonsense_is_refused_with_an_error(ann, bob, page, path, body):
    named = {"ANN": ann.id, "BOB": bob.id}
    status, answer = await page.post(
        path, **{key: named.get(value, value) for key, value in body.items()}
    )
    assert status == 400
    assert answer["error"]


async def test_another_sites_page_may_not_post(ann, api):
    body = {"person": ann.id, "chat": ann.id, "text": "x"}
    async with api.session.post(
        "/chat/send", json=body, headers={"Origin": "https://evil.example.edu"}
    ) as answer:
        assert answer.status == 400


async def test_others_may_mount_their_routes():
    async def speed(request):
        return web.json_response({"speed": 1})

    emulator = TelegramEmulator()
    emulator.mount([web.get("/lab/state", speed)])
    await emulator.start()
    from aiohttp import ClientSession

    async with ClientSession(emulator.url) as session, session.get("/lab/state") as answer:
        assert await answer.json() == {"speed": 1}
    await emulator.stop()
