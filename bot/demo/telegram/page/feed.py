"""The stream of events for the chat page: numbered, kept for a while, sent as server-sent events."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.demo.telegram.page.views import Json, chat_view, message_view, reactions_view
from bot.demo.telegram.state import Message, User
from bot.demo.telegram.telegram import Event, Telegram

EVENTS_KEPT = 2_000
COMMENT_SECONDS = 10.0
EVERYWHERE = ("commands", "reset")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the feed; `page` holds what others (the lab, the tour) publish as it is."""

    seq: int
    event: Event
    page: Json | None = None


class Feed:
    """Keeps the latest events; each reader gets those of the chats they are in."""

    def __init__(self, tg: Telegram) -> None:
        self._tg = tg
        self._entries: deque[Entry] = deque(maxlen=EVENTS_KEPT)
        self._waiting: set[asyncio.Event] = set()
        self._closed = False
        # Starts at the clock, so that a page left open over a restart sees that it missed events.
        self.seq = int(tg.clock() * 1000)
        tg.watch(self._take)

    def _take(self, event: Event) -> None:
        self._add(event, None)

    def publish(self, kind: str, **values: object) -> None:
        """An event of somebody else (lab, tour, toast) for everybody who looks at the page."""
        self._add(Event(kind, 0), dict(values))

    def _add(self, event: Event, page: Json | None) -> None:
        self.seq += 1
        self._entries.append(Entry(self.seq, event, page))
        for reader in self._waiting:
            reader.set()

    def close(self) -> None:
        """Ends all streams; a page reconnects by itself when a server is there again."""
        self._closed = True
        for reader in self._waiting:
            reader.set()

    async def stream(self, request: web.Request, reader: User, since: int) -> web.StreamResponse:
        """Answers with the events after `since` and then each as it comes, until closed."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        bell = asyncio.Event()
        self._waiting.add(bell)
        try:
            await self._run(response, reader, since, bell)
        except ConnectionError:
            pass  # The page was closed.
        finally:
            self._waiting.discard(bell)
        return response

    async def _run(
        self, response: web.StreamResponse, reader: User, since: int, bell: asyncio.Event
    ) -> None:
        if not self._covers(since):
            await self._send(response, {"seq": self.seq, "kind": "reset"})
            since = self.seq
        else:
            await response.write(b": connected\n\n")
        while not self._closed:
            bell.clear()
            for entry in self._after(since):
                since = entry.seq
                shown = self._shown(entry, reader)
                if shown is not None:
                    await self._send(response, shown)
            if since < self.seq or self._closed:
                continue
            try:
                async with asyncio.timeout(COMMENT_SECONDS):
                    await bell.wait()
            except TimeoutError:
                await response.write(b": still here\n\n")

    @staticmethod
    async def _send(response: web.StreamResponse, event: Json) -> None:
        text = json.dumps(event, ensure_ascii=False)
        await response.write(b"data: " + text.encode("utf-8", "replace") + b"\n\n")

    def _covers(self, since: int) -> bool:
        oldest = self._entries[0].seq if self._entries else self.seq + 1
        return oldest - 1 <= since <= self.seq

    def _after(self, since: int) -> list[Entry]:
        if since >= self.seq or not self._entries:
            return []
        first = max(0, since + 1 - self._entries[0].seq)
        return [self._entries[index] for index in range(first, len(self._entries))]

    def _shown(self, entry: Entry, reader: User) -> Json | None:
        """The event in this reader's eyes; None if it happened where they are not."""
        event, state = entry.event, self._tg.state
        start: Json = {"seq": entry.seq, "kind": event.kind}
        if entry.page is not None:
            return start | entry.page
        if event.kind in EVERYWHERE:
            return start
        chat = state.chats.get(event.chat_id)
        if chat is None or not chat.has(reader.id):
            return None
        start["chat"] = chat.id
        message = event.message
        if message is None:
            if event.kind == "chat":
                start["chat"] = chat_view(state, chat, reader)
            return start | event.detail
        render = self._renderers().get(event.kind)
        return None if render is None else start | render(message, reader)

    def _renderers(self) -> dict[str, Callable[[Message, User], Json]]:
        state = self._tg.state

        def whole(message: Message, reader: User) -> Json:
            return {"message": message_view(state, message, reader.id)}

        return {
            "message": whole,
            "edit": whole,
            "delete": lambda message, _: {"id": message.id},
            "reaction": lambda message, reader: {
                "id": message.id,
                "reactions": reactions_view(message, reader.id),
            },
        }
