"""The chat page and its API: what the browser asks for, and what people do in it."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.menus import commands_for
from bot.demo.telegram.page.feed import Feed
from bot.demo.telegram.page.views import chat_view, message_view, person_view, visible_chats
from bot.demo.telegram.people.crowd import CannotWrite, Crowd
from bot.demo.telegram.state import Chat, Message, User
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.wire.body import read_multipart
from bot.demo.telegram.wire.types import table

STATIC = Path(__file__).parent.parent / "static"
PRESS_SECONDS = 15.0
HISTORY_LIMIT = 200
ALBUM = 10
SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """A request of the page that makes no sense; the text goes into `error`."""


@web.middleware
async def speak_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals of the page's API are `{"error": …}`; other sites' pages may not post to it."""
    if not request.path.startswith("/chat/"):
        return await handler(request)
    try:
        if request.method == "POST":
            check_origin(request)
        return await handler(request)
    except (Refused, CannotWrite) as error:
        return web.json_response({"error": str(error)}, status=400)
    except ApiError as error:
        return web.json_response({"error": error.description}, status=error.status)


def check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Refused("this page belongs to another site")


class Page:
    """Serves the page, its files, its API and its stream of events.

    `on_visit` hears the languages of a browser (`Accept-Language`) before it gets the page.
    """

    def __init__(self, tg: Telegram, crowd: Crowd, feed: Feed) -> None:
        self._tg = tg
        self._crowd = crowd
        self._feed = feed
        self.on_visit: Callable[[str], Awaitable[None]] | None = None

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/", self._index),
            web.static("/static", STATIC),
            web.get("/chat/state", self._state),
            web.get("/chat/history", self._history),
            web.get("/chat/events", self._events),
            web.get("/chat/commands", self._commands),
            web.get("/chat/file/{file_id}", self._file),
            web.post("/chat/send", self._send),
            web.post("/chat/upload", self._upload),
            web.post("/chat/press", self._press),
            web.post("/chat/react", self._react),
            web.post("/chat/start", self._start),
            web.post("/chat/read", self._read),
            web.post("/chat/person", self._person),
        ]

    # Reading

    async def _index(self, request: web.Request) -> web.StreamResponse:
        if self.on_visit is not None:
            await self.on_visit(request.headers.get("Accept-Language", ""))
        return web.FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    async def _state(self, request: web.Request) -> web.Response:
        state = self._tg.state
        reader = self._someone(request.query)
        people = [person_view(user) for user in state.users.values() if not user.is_bot]
        bot = {
            "id": state.bot.id,
            "first_name": state.bot.first_name,
            "username": state.bot.username,
        }
        chats = [chat_view(state, chat, reader) for chat in visible_chats(state, reader)]
        return web.json_response(
            {"people": people, "bot": bot, "chats": chats, "seq": self._feed.seq}
        )

    async def _history(self, request: web.Request) -> web.Response:
        reader = self._someone(request.query)
        chat = self._chat(request.query, reader)
        before = number(request.query, "before", default=0)
        limit = min(max(number(request.query, "limit", default=50), 1), HISTORY_LIMIT)
        topic = request.query.get("topic")
        known = list(self._tg.state.messages[chat.id].values())
        found: list[Message] = []
        more = False
        for message in reversed(known):
            if before and message.id >= before:
                continue
            if topic is not None and (message.topic or 0) != number(request.query, "topic"):
                continue
            if len(found) == limit:
                more = True
                break
            found.append(message)
        views = [message_view(self._tg.state, one, reader.id) for one in reversed(found)]
        return web.json_response({"messages": views, "more": more})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        reader = self._someone(request.query)
        since = number(request.query, "since", default=self._feed.seq)
        return await self._feed.stream(request, reader, since)

    async def _commands(self, request: web.Request) -> web.Response:
        reader = self._someone(request.query)
        chat = self._chat(request.query, reader)
        return web.json_response(commands_for(self._tg.state, chat, reader))

    async def _file(self, request: web.Request) -> web.Response:
        file = self._tg.files.find(request.match_info["file_id"])
        # Anything that could run as a page is only ever offered for saving.
        inline = file.mime in SHOWN_INLINE
        disposition = "inline" if inline else "attachment"
        return web.Response(
            body=self._tg.files.content(file),
            content_type=file.mime,
            headers={
                "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(file.name)}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
                "Cache-Control": "private, max-age=86400, immutable",
            },
        )

    # Doing

    async def _send(self, request: web.Request) -> web.Response:
        given = await fields(request)
        writer = self._someone(given)
        message = self._crowd.say(
            writer,
            self._chat(given, writer),
            string(given, "text"),
            topic=number(given, "topic", default=0) or None,
            reply_to=number(given, "reply_to", default=0) or None,
        )
        return self._shown(message, writer)

    async def _upload(self, request: web.Request) -> web.Response:
        given, files = await read_multipart(request)
        writer = self._someone(given)
        chat = self._chat(given, writer)
        if not files:
            raise Refused("no file was sent")
        photos = given.get("as") == "photo"
        albums = album_ids(len(files))
        sent = [
            self._crowd.send_file(
                writer,
                chat,
                file.name,
                file.content,
                mime=file.mime,
                caption=given.get("caption", "") if first else "",
                photo=photos and file.mime.startswith("image/"),
                topic=number(given, "topic", default=0) or None,
                reply_to=number(given, "reply_to", default=0) or None,
                album=album,
            )
            for first, album, file in zip(
                [True] + [False] * (len(files) - 1), albums, files.values(), strict=True
            )
        ]
        return web.json_response(
            [message_view(self._tg.state, message, writer.id) for message in sent]
        )

    async def _press(self, request: web.Request) -> web.Response:
        """Waits for the bot's answer; an empty object means that it gave none in time."""
        given = await fields(request)
        presser = self._someone(given)
        chat = self._chat(given, presser)
        message = self._tg.message(chat, number(given, "message"))
        if message is None:
            raise Refused("this message is gone")
        query = self._crowd.press(presser, message, string(given, "data"))
        try:
            answer = await asyncio.wait_for(asyncio.shield(query.answer), PRESS_SECONDS)
        except TimeoutError:
            return web.json_response({})
        return web.json_response(answer)

    async def _react(self, request: web.Request) -> web.Response:
        """One reaction of each person, as Telegram has it; an empty one takes it back."""
        given = await fields(request)
        person = self._someone(given)
        message = self._tg.message(self._chat(given, person), number(given, "message"))
        emoji = string(given, "emoji")
        if message is None:
            raise Refused("this message is gone")
        if emoji and emoji not in table().reactions:
            raise Refused("Telegram has no such reaction")
        self._tg.react(message, person.id, [emoji] if emoji else [])
        return web.json_response({})

    async def _start(self, request: web.Request) -> web.Response:
        given = await fields(request)
        person = self._someone(given)
        message = self._crowd.start(person, string(given, "payload", default=""))
        return self._shown(message, person)

    async def _read(self, request: web.Request) -> web.Response:
        given = await fields(request)
        reader = self._someone(given)
        chat = self._chat(given, reader)
        chat.read[reader.id] = max(chat.read.get(reader.id, 0), number(given, "upto"))
        return web.json_response({})

    async def _person(self, request: web.Request) -> web.Response:
        given = await fields(request)
        user = self._tg.state.users.get(number(given, "id"))
        if user is None:
            raise Refused("there is no such person")
        user.language_code = string(given, "language_code")[:16]
        self._feed.publish("commands")
        return web.json_response({})

    # Who and where

    def _someone(self, given: Any) -> User:
        user = self._tg.state.users.get(number(given, "person"))
        if user is None:
            raise Refused("there is no such person")
        return user

    def _chat(self, given: Any, reader: User) -> Chat:
        chat = self._tg.state.chats.get(number(given, "chat"))
        if chat is None or not chat.has(reader.id):
            raise Refused("there is no such chat")
        return chat

    def _shown(self, message: Message, reader: User) -> web.Response:
        return web.json_response(message_view(self._tg.state, message, reader.id))


def album_ids(count: int) -> list[str | None]:
    """Files that are sent together are albums of up to ten; one alone is none."""
    albums: list[str | None] = []
    while (left := count - len(albums)) > 0:
        size = min(left, ALBUM)
        albums += [str(secrets.randbelow(10**11)) if size > 1 else None] * size
    return albums


async def fields(request: web.Request) -> dict[str, Any]:
    try:
        given = json.loads(await request.read())
    except ValueError:
        raise Refused("the body is not JSON") from None
    if not isinstance(given, dict):
        raise Refused("the body is not a JSON object")
    return given


def number(given: Any, name: str, default: int | None = None) -> int:
    value = given.get(name)
    if value in (None, "") and default is not None:
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused(f"{name} is not a number") from None


def string(given: Any, name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise Refused(f"{name} is not a text")
    return value
