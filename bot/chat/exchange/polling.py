"""Asks Telegram for updates for ever, and confirms them only once they are on disk."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.chat.exchange.intake import ALLOWED_UPDATES, LARGEST_ID, Intake
from bot.chat.exchange.request import AiohttpRequest, form
from bot.chat.exchange.telegram_errors import Failure, Fault, Unanswered, classify
from bot.lease import Lease
from db import DatabaseRefused

log = structlog.get_logger()

POLL_SECONDS = 30
WATCHDOG_SECONDS = 90.0
LONGEST_PAUSE_SECONDS = 60.0
_SILENCE = timedelta(days=6)


class _Answer(msgspec.Struct):
    """The updates stay as Telegram wrote them: one that cannot be understood must not spoil the others."""

    result: list[msgspec.Raw]


_ANSWER = msgspec.json.Decoder(_Answer)


def _now() -> datetime:
    return datetime.now(UTC)


class Backoff:
    """0.5 s, then twice as long each time, up to a minute."""

    def __init__(self, first: float = 0.5, longest: float = LONGEST_PAUSE_SECONDS) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def pause(self) -> float:
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause

    def reset(self) -> None:
        self._next = self._first


class _Complaints:
    """Says each trouble once, in one line, and when it is over."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._fault: Fault | None = None

    def of(self, failure: Failure) -> None:
        if failure.fault is self._fault:
            return
        self._fault = failure.fault
        bot_id = self._bot.token.partition(":")[0]
        match failure.fault:
            case Fault.UNAUTHORISED:
                log.error(
                    "Telegram refuses the bot token: check telegram.token and telegram.api_url; trying again",
                    bot=bot_id,
                    telegram=failure.words,
                )
            case Fault.CONFLICT:
                log.error(
                    "another instance is polling with this bot's token; trying again",
                    bot=bot_id,
                    telegram=failure.words,
                )
            case _:
                log.warning("no answer from Telegram; trying again", telegram=failure.words)

    def over(self) -> None:
        if self._fault is not None:
            self._fault = None
            log.info("Telegram answers again")


async def introduce(bot: Bot) -> None:
    """Opens the bot's connections and learns its name, however long Telegram is away."""
    backoff, complaints = Backoff(), _Complaints(bot)
    while True:
        try:
            await bot.initialize()
        except TelegramError as error:
            complaints.of(classify(error))
            await asyncio.sleep(backoff.pause())
        else:
            complaints.over()
            return


async def _persist(bot: Bot, method: str, **params: str) -> None:
    backoff, complaints = Backoff(), _Complaints(bot)
    while True:
        try:
            await bot._post(method, dict(params))
        except TelegramError as error:
            failure = classify(error)
            complaints.of(failure)
            await asyncio.sleep(max(backoff.pause(), failure.retry_after))
        else:
            complaints.over()
            return


async def receive_by_webhook(bot: Bot, url: str, secret: str) -> None:
    """Has Telegram post updates to `url`; waiting ones are kept."""
    allowed = json.dumps(ALLOWED_UPDATES)
    await _persist(bot, "setWebhook", url=url, secret_token=secret, allowed_updates=allowed)


class Poller:
    """One long poll after the other, on connections of its own (`request`, opened and closed here).

    `last_good_poll` is what health is judged by. After 90 s without a good poll the connections are made
    anew, because a cut tunnel may leave one that looks alive for ever.
    """

    def __init__(
        self,
        bot: Bot,
        request: AiohttpRequest,
        intake: Intake,
        *,
        lease: Lease | None = None,
        poll_seconds: float = POLL_SECONDS,
        watchdog_seconds: float = WATCHDOG_SECONDS,
        longest_pause_seconds: float = LONGEST_PAUSE_SECONDS,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._bot = bot
        self._request = request
        self._intake = intake
        self._lease = lease
        self._poll_seconds = poll_seconds
        self._watchdog_seconds = watchdog_seconds
        self._clock = clock
        self._backoff = Backoff(longest=longest_pause_seconds)
        self._complaints = _Complaints(bot)
        self._offset: int | None = None
        self._doubtful = True
        """Whether Telegram answers is not known: the next poll asks it not to wait for updates."""
        self._last_update = self._sound_at = clock()
        self.last_good_poll: datetime | None = None

    async def run(self) -> None:
        """Until cancelled. What was taken in but not confirmed then is delivered again, and known."""
        await self._request.initialize()
        try:
            if self._lease is None:
                await self._poll_for_ever()
            else:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._lease.hold())
                    group.create_task(self._poll_for_ever())
        finally:
            await self._request.shutdown()

    async def _poll_for_ever(self) -> None:
        await self._wait_for_lease()
        # Waiting updates are kept: a command sent while Pailot was down is still a command.
        await _persist(self._bot, "deleteWebhook")
        self._sound_at = self._clock()
        while True:
            await self._wait_for_lease()
            try:
                async with asyncio.timeout(self._watchdog_seconds):
                    await self._poll()
            except (TelegramError, DatabaseRefused, TimeoutError) as error:
                await self._recover_from(error)
            else:
                self._sound_at = self._clock()

    async def _wait_for_lease(self) -> None:
        if self._lease is not None and not self._lease.held:
            await self._lease.wait()

    async def _poll(self) -> None:
        if self._clock() - self._last_update > _SILENCE:
            # After a week of silence Telegram goes on from a random number, perhaps below this one.
            self._offset = None
        waits = 0 if self._doubtful else int(self._poll_seconds)
        params = {
            "timeout": str(waits),
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if self._offset is not None:
            params["offset"] = str(self._offset)
        _, payload = await self._request.exchange(
            "POST",
            f"{self._bot.base_url}/getUpdates",
            form(params),
            seconds=self._poll_seconds + 15,
        )
        batch = _updates(payload)
        if batch:
            await self._intake.accept(batch)
            highest = max(_number(raw) for raw in batch)
            if highest < 0:
                raise Unanswered("Telegram sends updates that have no number")
            self._offset = highest + 1
            self._last_update = self._clock()
        self.last_good_poll = self._clock()
        self._doubtful = False
        self._backoff.reset()
        self._complaints.over()

    async def _recover_from(self, error: Exception) -> None:
        pause = self._backoff.pause()
        failure = None
        if isinstance(error, DatabaseRefused):
            log.error("updates stay with Telegram: the database refused them", error=str(error))
        else:
            failure = classify(error)
            self._complaints.of(failure)
            # Two pollers end each other's waits: a poll that is over at once would prove nothing.
            self._doubtful = failure.fault is not Fault.CONFLICT
            pause = max(pause, failure.retry_after)
        if (self._clock() - self._sound_at).total_seconds() >= self._watchdog_seconds:
            log.warning("no good poll for too long; connecting anew")
            self._sound_at = self._clock()
            await self._request.rebuild()
        await asyncio.sleep(pause)
        if failure and failure.fault is Fault.CONFLICT and "webhook" in failure.words:
            await _persist(self._bot, "deleteWebhook")


def _updates(payload: bytes) -> list[bytes]:
    """Each as its own JSON, whatever is in it; Unanswered if this is no answer of Telegram's."""
    try:
        return [bytes(raw) for raw in _ANSWER.decode(payload).result]
    except msgspec.DecodeError:
        pass
    # One odd number among the updates must not keep all others from coming, again and again.
    try:
        found = json.loads(payload.decode("utf-8", "replace"))["result"]
    except (ValueError, LookupError, TypeError):
        found = None
    if not isinstance(found, list):
        raise Unanswered("what came back is no answer of Telegram's")
    return [json.dumps(update).encode() for update in found]


class _Numbered(msgspec.Struct):
    update_id: int = -1


_NUMBERED = msgspec.json.Decoder(_Numbered)


def _number(raw: bytes) -> int:
    """What has no number cannot be confirmed by it, and goes with its neighbours."""
    try:
        number = _NUMBERED.decode(raw).update_id
    except msgspec.DecodeError:
        return -1
    return number if number <= LARGEST_ID else -1
