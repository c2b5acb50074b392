"""Delivery of updates to the bot's webhook: in order per chat, again until accepted."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.state import Json, PendingUpdate, State
from bot.demo.telegram.traffic.updates import UpdateQueue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
PORTS = (80, 88, 443, 8443)
LONGEST_WAIT_SECONDS = 60.0
LONGEST_RETRY_AFTER_SECONDS = 3600.0


def check_url(url: str) -> None:
    """400 for an address Telegram refuses; plain http is taken on loopback only, for tests."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("Bad webhook: URL host is invalid") from None
    if parts.hostname in ("127.0.0.1", "localhost", "::1"):
        return
    if parts.scheme != "https":
        raise bad_request("Bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (None, *PORTS):
        raise bad_request("Bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


class WebhookSender:
    """Posts pending updates while a webhook is set; one update of a chat is under way at a time."""

    def __init__(
        self,
        state: State,
        queue: UpdateQueue,
        clock: Callable[[], float],
        call: Callable[[str, Json], Awaitable[object]],
    ) -> None:
        self._state = state
        self._queue = queue
        self._clock = clock
        self._call = call
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._session: ClientSession | None = None
        self._places = asyncio.Semaphore(40)
        self.retry_seconds = 1.0

    def start(self, tasks: asyncio.TaskGroup, session: ClientSession) -> None:
        self._tasks, self._session = tasks, session
        if self._state.webhook.url:
            self.resume()

    def resume(self) -> None:
        """Begins delivery, of what is pending first; called again after each setWebhook."""
        self.pause()
        self._places = asyncio.Semaphore(self._state.webhook.max_connections)
        self._queue.on_push = self._wake
        for update in list(self._state.pending.values()):
            self._wake(update)

    def pause(self) -> None:
        self._queue.on_push = None
        for lane in self._lanes.values():
            lane.cancel()
        self._lanes.clear()

    def _wake(self, update: PendingUpdate) -> None:
        if self._tasks is not None and update.lane not in self._lanes:
            self._lanes[update.lane] = self._tasks.create_task(self._deliver(update.lane))

    async def _deliver(self, lane: int) -> None:
        try:
            while update := self._next(lane):
                await self._deliver_one(update)
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane]

    def _next(self, lane: int) -> PendingUpdate | None:
        self._queue.expire()
        return next((one for one in self._state.pending.values() if one.lane == lane), None)

    async def _deliver_one(self, update: PendingUpdate) -> None:
        wait = self.retry_seconds
        while update.id in self._state.pending:
            async with self._places:
                accepted, asked = await self._post(update)
            if accepted:
                self._queue.forget(update.id)
                return
            await asyncio.sleep(wait if asked is None else asked)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)
            self._queue.expire()

    async def _post(self, update: PendingUpdate) -> tuple[bool, float | None]:
        """Whether the bot took it, and how long it asked to wait."""
        hook = self._state.webhook
        headers = {SECRET_HEADER: hook.secret_token} if hook.secret_token else {}
        if self._session is None:
            raise RuntimeError("not started")
        try:
            async with self._session.post(
                hook.url,
                json=update.body(),
                headers=headers,
                timeout=ClientTimeout(total=60),
                allow_redirects=False,
            ) as answer:
                body = await answer.read()
                if answer.ok and answer.status < 300:
                    await self._call_in_answer(body)
                    return True, None
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return False, _retry_after(answer.headers.get("Retry-After", ""))
        except (ClientError, TimeoutError, OSError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
            return False, None

    async def _call_in_answer(self, body: bytes) -> None:
        """The answer of a webhook may itself be one method call; its result is not told."""
        try:
            call = json.loads(body)
        except ValueError:
            return
        if not isinstance(call, dict) or not isinstance(call.get("method"), str):
            return
        method = call.pop("method")
        if not method.lower().startswith("get") and method.lower() != "setwebhook":
            await self._call(method, call)

    def _note(self, error: str) -> None:
        self._state.webhook.last_error_date = int(self._clock())
        self._state.webhook.last_error_message = error


def _retry_after(header: str) -> float | None:
    if header.isdecimal():
        return min(float(header), LONGEST_RETRY_AFTER_SECONDS)
    return None
