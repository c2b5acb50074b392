"""A Bot API as thin as can be, and the people who write to it: the same for every bot that is measured."""

import asyncio
import contextlib
import subprocess
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

BOT = {
    "id": 7000001,
    "is_bot": True,
    "first_name": "Bench",
    "username": "bench_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
encode = msgspec.json.encode


@dataclass
class Double:
    """`ask` queues a command; `answered` maps a chat to the times of its answers."""

    command: str
    pending: deque[tuple[int, bytes]] = field(default_factory=deque)
    asked: dict[int, deque[float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    texts: dict[int, list[str]] = field(default_factory=dict)
    confirmed: dict[int, float] = field(default_factory=dict)
    signs: set[int] = field(default_factory=set)
    """Chats that were shown that somebody is at work."""
    url: str = ""
    again: bool = False
    """Whoever gets an answer asks once more (closed loop)."""
    _next: int = 1000
    _message: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def ask(self, user: int, text: str | None = None) -> int:
        self._next += 1
        self._message += 1
        now = int(time.time())
        person = {"id": user, "is_bot": False, "first_name": f"P{user}", "language_code": "en"}
        words = text or self.command
        length = len(words.split()[0])
        message = {
            "message_id": self._message,
            "from": person,
            "chat": {"id": user, "type": "private", "first_name": f"P{user}"},
            "date": now,
            "text": words,
            "entities": [{"type": "bot_command", "offset": 0, "length": length}],
        }
        body = encode({"update_id": self._next, "message": message})
        self.pending.append((self._next, body))
        self.asked.setdefault(user, deque()).append(time.perf_counter())
        self._wake.set()
        return self._next

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        params = await self._params(request)
        if method == "getUpdates":
            return await self._updates(params)
        if method == "sendMessage":
            return self._sent(params)
        if method == "getMe":
            return self._ok(BOT)
        if method in {"sendChatAction", "setMessageReaction"}:
            self.signs.add(int(params["chat_id"]))
        return self._ok(True)

    async def _params(self, request: web.BaseRequest) -> dict[str, str]:
        params = dict(request.query)
        raw = await request.read()
        if raw[:1] == b"{":
            params |= {k: str(v) for k, v in msgspec.json.decode(raw).items()}
        elif b"form-data" in raw[:300]:
            for part in raw.split(b'name="')[1:]:
                name, _, rest = part.partition(b'"')
                value = rest.partition(b"\r\n\r\n")[2].partition(b"\r\n--")[0]
                params[name.decode()] = value.decode()
        elif raw:
            params |= {k: v[0] for k, v in parse_qs(raw.decode(), keep_blank_values=True).items()}
        return params

    async def _updates(self, params: dict[str, str]) -> web.Response:
        offset = int(params.get("offset") or 0)
        now = time.perf_counter()
        while self.pending and self.pending[0][0] < offset:
            self.confirmed[self.pending.popleft()[0]] = now
        if not self.pending:
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(float(params.get("timeout") or 0), 20)):
                    await self._wake.wait()
        some = [body for _, body in list(self.pending)[: int(params.get("limit") or 100)]]
        return web.Response(
            body=b'{"ok":true,"result":[' + b",".join(some) + b"]}", content_type="application/json"
        )

    def _sent(self, params: dict[str, str]) -> web.Response:
        user = int(params["chat_id"])
        waiting = self.asked.get(user)
        if waiting:
            self.seconds.append(time.perf_counter() - waiting.popleft())
        self.texts.setdefault(user, []).append(params.get("text", ""))
        if self.again:
            self.ask(user)
        self._message += 1
        chat = {"id": user, "type": "private", "first_name": "P"}
        result = {"message_id": self._message, "date": int(time.time()), "chat": chat, "text": "x"}
        return self._ok(result)

    @staticmethod
    def _ok(result: object) -> web.Response:
        return web.Response(
            body=b'{"ok":true,"result":' + encode(result) + b"}", content_type="application/json"
        )


@contextlib.asynccontextmanager
async def listening(double: Double) -> AsyncIterator[Double]:
    runner = web.ServerRunner(web.Server(double.handle, access_log=None))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        await runner.cleanup()


async def first_answer(double: Double, process: subprocess.Popen[bytes], user: int = 1) -> None:
    """The bot is there once it answers."""
    double.ask(user)
    while not double.seconds:
        if process.poll() is not None:
            raise RuntimeError(f"the bot ended with {process.returncode}")
        await asyncio.sleep(0.02)
    double.seconds.clear()
