"""Updates for the bot: the queue, getUpdates as Telegram does it, what is asked for."""

import asyncio
import random
from collections.abc import Callable

from bot.demo.telegram.errors import ApiError, conflict
from bot.demo.telegram.state import Json, PendingUpdate, State

KEPT_SECONDS = {"callback_query": 150.0}
ORDINARY_KEPT_SECONDS = 86_400.0
NOT_BY_DEFAULT = ("chat_member", "message_reaction", "message_reaction_count")
LONGEST_POLL_SECONDS = 50
CONFLICT_PAUSE_SECONDS = 3.0


def first_update_id() -> int:
    """Telegram starts a bot's ids, or a bot's ids after a silent week, at a random number."""
    return random.randrange(100_000_000, 900_000_000)


class ConnectionCut(Exception):
    """The call's connection is to be broken without an answer."""


class UpdateQueue:
    """Pending updates, oldest first; one is forgotten when confirmed or too old.

    Confirmed means: asked for with a larger offset, or accepted by the webhook. `on_push` is told
    of each new one while a webhook is set.
    """

    def __init__(self, state: State, clock: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock
        self._poll: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_start = -10.0
        self._next_conflict = 0.0
        self.on_push: Callable[[PendingUpdate], None] | None = None

    def wanted(self, kind: str) -> bool:
        allowed = self._state.allowed_updates
        return kind in allowed if allowed else kind not in NOT_BY_DEFAULT

    def push(self, kind: str, content: Json, lane: int) -> PendingUpdate | None:
        """Queues an update unless the bot did not ask for its kind."""
        if not self.wanted(kind):
            return None
        expires = self._clock() + KEPT_SECONDS.get(kind, ORDINARY_KEPT_SECONDS)
        update = PendingUpdate(self._state.next_update_id, kind, content, expires, lane)
        self._state.next_update_id += 1
        self._state.pending[update.id] = update
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.on_push is not None:
            self.on_push(update)
        return update

    def expire(self) -> None:
        now = self._clock()
        pending = self._state.pending
        # Ids grow, but kinds live differently long, so each is looked at.
        for late in [update.id for update in pending.values() if update.expires <= now]:
            del pending[late]

    def set_allowed(self, kinds: list[str] | None) -> None:
        """None keeps the earlier choice, an empty list means the default kinds."""
        if kinds is not None:
            self._state.allowed_updates = list(kinds)

    def forget(self, update_id: int) -> None:
        self._state.pending.pop(update_id, None)

    def clear(self) -> None:
        self._state.pending.clear()

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates is waiting for the next update."""
        return self._poll is not None and not self._poll.done()

    def cut_poll(self) -> None:
        """Breaks the connection of a waiting getUpdates."""
        self._end_poll(ConnectionCut())

    def end_poll_for_webhook(self) -> None:
        self._end_poll(conflict("terminated by setWebhook request"))

    async def get(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """getUpdates; of two at once the older ends with 409."""
        if self._state.webhook.url:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        limit = min(max(limit, 1), 100)
        seconds = min(max(seconds, 0), LONGEST_POLL_SECONDS)
        self._end_poll(
            conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        )
        seconds, limit = self._slowed(offset, limit, seconds)
        if (batch := self._batch(offset, limit)) or seconds == 0:
            return batch
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            return []
        except ApiError as error:
            await self._pause_conflict(error)
            raise
        finally:
            if self._poll is poll:
                self._poll = None
        return self._batch(offset, limit)

    def _slowed(self, offset: int, limit: int, seconds: int) -> tuple[int, int]:
        """A bot that asks for the same again and again gets less, more slowly."""
        now = asyncio.get_running_loop().time()
        if offset == self._last_offset:
            if seconds < 3 and now < self._last_start + 3.0:
                seconds = 3
            if now < self._last_start + 0.5:
                limit = 1
        self._last_offset, self._last_start = offset, now
        return seconds, limit

    def _batch(self, offset: int, limit: int) -> list[Json]:
        self.expire()
        pending = self._state.pending
        if offset < 0:
            for old in list(pending)[: max(0, len(pending) + offset)]:
                del pending[old]
        elif offset > 0:
            for old in [update_id for update_id in pending if update_id < offset]:
                del pending[old]
        return [update.body() for update, _ in zip(pending.values(), range(limit), strict=False)]

    def _end_poll(self, reason: Exception) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(reason)
        self._poll = None

    async def _pause_conflict(self, error: ApiError) -> None:
        """The first 409 comes at once, further ones within three seconds come late."""
        now = asyncio.get_running_loop().time()
        if error.status == 409 and now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE_SECONDS)
        else:
            self._next_conflict = now + CONFLICT_PAUSE_SECONDS
