"""What is said to Telegram at once and never stored: signs of life, toasts, deletions, downloads."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram import Bot, ReactionTypeEmoji
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.chat.incoming import Incoming
from bot.domain.errors import Unavailable

log = structlog.get_logger(__name__)

FIRST_SIGN_SECONDS = 0.2
"""An answer that comes sooner needs no sign before it (and costs Telegram no second call)."""
NEXT_SIGN_SECONDS = 4.5
"""Telegram shows a chat action for 5 seconds."""
DOWNLOAD_LIMIT_BYTES = 20 << 20
"""Larger files Telegram does not hand over to bots."""
SEEN = "👀"
DONE = "👌"


@dataclass(slots=True)
class _Waiting:
    question: Incoming
    due: float


@dataclass(slots=True)
class Direct:
    """Best effort: nothing here may delay or fail an answer."""

    bot: Bot
    spawn: Callable[[str, Coroutine[Any, Any, None]], object]
    """Starts a coroutine that nobody waits for (bot.supervise)."""
    _waiting: dict[int, _Waiting] = field(default_factory=dict)

    def expect(self, question: Incoming) -> None:
        """The question was accepted: unless `answered` comes soon, its chat shows that somebody is at work."""
        due = asyncio.get_running_loop().time() + FIRST_SIGN_SECONDS
        self._waiting[question.update_id] = _Waiting(question, due)

    def answered(self, update_id: int) -> None:
        self._waiting.pop(update_id, None)

    async def signs(self) -> None:
        """The loop that gives signs of life; runs until it is cancelled."""
        while True:
            now = asyncio.get_running_loop().time()
            for waiting in list(self._waiting.values()):
                if waiting.due <= now:
                    waiting.due = now + NEXT_SIGN_SECONDS
                    self.spawn("typing", self.typing(waiting.question))
            await asyncio.sleep(0.05 if self._waiting else 0.1)

    async def typing(self, question: Incoming) -> None:
        with suppress(TelegramError):
            await self.bot.send_chat_action(
                question.chat, ChatAction.TYPING, message_thread_id=question.topic
            )

    async def react(self, question: Incoming, emoji: str) -> None:
        if question.message is not None:
            with suppress(TelegramError):
                await self.bot.set_message_reaction(
                    question.chat, question.message, ReactionTypeEmoji(emoji)
                )

    async def toast(
        self, press: str, words: str = "", *, alert: bool = False, url: str = ""
    ) -> None:
        """Answer a press; too late or twice is no matter."""
        with suppress(TelegramError):
            await self.bot.answer_callback_query(
                press, words[:200] or None, show_alert=alert or None, url=url or None
            )

    async def delete(self, chat: int, message: int) -> bool:
        """Whether the message is gone now; one that was gone before counts."""
        try:
            async with asyncio.timeout(5):
                return bool(await self.bot.delete_message(chat, message))
        except TelegramError as cause:
            return "message to delete not found" in str(cause).lower()
        except TimeoutError:
            return False

    async def download(self, file_id: str) -> bytes:
        """A file somebody sent, up to Telegram's 20 MB. Raises Unavailable."""
        try:
            file = await self.bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except TelegramError as cause:
            raise Unavailable("telegram", str(cause)) from cause
