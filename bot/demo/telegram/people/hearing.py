"""What people heard: every message and edit of the bot, kept until a test or a story asks for it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.demo.telegram.state import Json
from bot.demo.telegram.state import Message as Stored
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.wire.text import utf16_slice

Found = TypeVar("Found")

HEARD_KEPT = 5_000
QUOTING = ("code", "pre", "blockquote", "expandable_blockquote")


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message."""

    name: str
    mime: str
    size: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stood when it was heard; `now` reads it again."""

    stored: Stored = field(repr=False)
    text: str
    tg: Telegram = field(repr=False, compare=False)

    @property
    def id(self) -> int:
        return self.stored.id

    @property
    def chat_id(self) -> int:
        return self.stored.chat_id

    @property
    def entities(self) -> list[Json]:
        return self.stored.entities

    @property
    def edits(self) -> int:
        return self.stored.edits

    @property
    def silent(self) -> bool:
        return self.stored.silent

    @property
    def topic(self) -> int | None:
        return self.stored.topic

    @property
    def reply_to(self) -> int | None:
        return self.stored.reply_to

    @property
    def keyboard(self) -> list[list[Json]]:
        return self.stored.keyboard or []

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def document(self) -> Document | None:
        return self._file(self.stored.document)

    @property
    def photo(self) -> Document | None:
        return self._file(self.stored.photo)

    def _file(self, file_id: str | None) -> Document | None:
        if file_id is None:
            return None
        file = self.tg.files.find(file_id)
        return Document(file.name, file.mime, file.size, self.tg.files.content(file))

    async def download(self) -> bytes:
        """The bytes of the document or picture."""
        file = self.document or self.photo
        if file is None:
            raise AssertionError(f"no file in the message {self.text!r}")
        return file.content

    @property
    def now(self) -> "Message | None":
        """The message as it stands now; None once it was deleted."""
        stored = self.tg.state.messages[self.chat_id].get(self.id)
        return None if stored is None else seen(self.tg, stored)

    def __contains__(self, fragment: str) -> bool:
        return fragment in self.text

    def quotes(self, fragment: str) -> bool:
        """Whether the fragment stands inside a code block or a quotation."""
        return any(
            fragment in utf16_slice(self.text, entity["offset"], entity["length"])
            for entity in self.entities
            if entity["type"] in QUOTING
        )


def seen(tg: Telegram, stored: Stored) -> Message:
    return Message(replace(stored, entities=list(stored.entities)), stored.text, tg)


@dataclass(slots=True)
class Sighting:
    message: Message
    heard_by: set[int] = field(default_factory=set)


class Ears:
    """Remembers what the bot said, and who has taken notice of it already."""

    def __init__(self, tg: Telegram) -> None:
        self._tg = tg
        self._sightings: deque[Sighting] = deque(maxlen=HEARD_KEPT)
        self._bell = asyncio.Event()
        tg.watch(self._hear)

    def _hear(self, event: Event) -> None:
        if event.kind in ("message", "edit") and event.message is not None:
            if event.message.sender_id != self._tg.state.bot.id:
                return
            self._sightings.append(Sighting(seen(self._tg, event.message)))
        self._bell.set()

    def clear(self) -> None:
        self._sightings.clear()

    def unheard(self, person_id: int, chat_id: int | None, *, new_only: bool) -> list[Sighting]:
        """What this person can see and has not taken notice of yet, oldest first."""
        chats = self._tg.state.chats
        return [
            one
            for one in self._sightings
            if (chat_id is None or one.message.chat_id == chat_id)
            and one.message.chat_id in chats
            and chats[one.message.chat_id].has(person_id)
            and not (new_only and person_id in one.heard_by)
        ]

    async def wait_until(self, found: Callable[[], Found], within: float) -> Found:
        """The first true result of `found`, asked again at each event; the last one in the end."""
        try:
            async with asyncio.timeout(within):
                while not (result := found()):
                    self._bell.clear()
                    await self._bell.wait()
                return result
        except TimeoutError:
            return found()
