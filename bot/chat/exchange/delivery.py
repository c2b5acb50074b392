"""One owed message on its way: its calls, what went wrong with them, and what can be mended at once."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.chat.exchange.rendering import Call, Renderer, deletion, digest
from bot.chat.exchange.telegram_errors import Failure, Fault, classify
from bot.domain.errors import UserError
from bot.domain.messages import Attachment, Kind
from bot.domain.text import text
from db import Due, Sent

log = structlog.get_logger()

Post = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""Makes a call of the Bot API and returns its result as JSON: `bot._post`."""
Fetch = Callable[[tuple[str, ...]], Awaitable[bytes]]
"""Gets the bytes an attachment's recipe stands for; a UserError is told instead of the file."""


@dataclass(slots=True)
class Parcel:
    """An owed message and how far it has come: a call that Telegram answered is not made again."""

    due: Due
    calls: list[Call] | None = None
    message: int | None = None
    digest: str = ""
    spent: int = 0
    """Calls that counted against the pace."""

    def sent(self) -> Sent:
        return Sent(self.due, self.message, self.digest)

    def moved(self, chat: int) -> "Parcel":
        """To a migrated group; the old group's messages and topics do not exist there."""
        due = replace(
            self.due, chat=chat, topic=None, reply_to=None, message=None, card_message=None
        )
        return Parcel(due)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands: the digest of what it shows (empty: not known), and the row that said so."""

    chat: int
    message: int
    digest: str
    row: int


@dataclass(slots=True)
class Shown:
    """Where cards stand, as far as it may not be in the database yet."""

    cards: dict[str, Standing] = field(default_factory=dict)
    _places: dict[tuple[int, int], str] = field(default_factory=dict)
    """The card that a chat's message is."""

    def of(self, due: Due) -> tuple[int | None, str]:
        """The message to change, and the digest of what it shows."""
        if not due.card:
            return due.message, ""
        if (known := self._standing(due)) is not None:
            return known.message, known.digest
        return (due.card_message or due.message, due.card_digest)

    def outdated(self, due: Due) -> bool:
        """A later edit of its card was faster, being more urgent: what this one says is over."""
        known = self._standing(due) if due.card and due.kind is Kind.EDIT else None
        return known is not None and known.row > due.id

    def _standing(self, due: Due) -> Standing | None:
        known = self.cards.get(due.card)
        return known if known is not None and known.chat == due.chat else None

    def note(self, sent: Sent) -> None:
        due = sent.due
        if sent.message is None:
            if due.card and due.kind is Kind.DELETE:
                self.cards.pop(due.card, None)
            return
        if due.card:
            self._make_room()
            self.cards.pop(due.card, None)
            self.cards[due.card] = Standing(due.chat, sent.message, sent.digest, due.id)
            self._places[due.chat, sent.message] = due.card
            return
        card = self._places.get((due.chat, sent.message), "")
        if due.kind is Kind.EDIT and card in self.cards:  # a press changed it, as a mere message
            self.cards[card] = Standing(due.chat, sent.message, "", due.id)

    def _make_room(self) -> None:
        if len(self.cards) > 5000:
            for oldest in list(self.cards)[:1000]:
                del self.cards[oldest]
            self._places = {at: card for at, card in self._places.items() if card in self.cards}


class Delivery:
    def __init__(self, post: Post, renderer: Renderer, fetch: Fetch) -> None:
        self._post = post
        self._renderer = renderer
        self._fetch = fetch
        self.shown = Shown()

    async def deliver(self, parcel: Parcel) -> Failure | None:
        """None when Telegram has it all. After a Failure it may be called again, and goes on from there.

        Other exceptions mean that the message cannot even be written down.
        """
        if self.shown.outdated(parcel.due):
            parcel.message, parcel.digest = self.shown.of(parcel.due)
            return None
        if parcel.calls is None:
            parcel.calls = await self._written(parcel)
        while parcel.calls:
            call = parcel.calls[0]
            parcel.spent += 1
            try:
                result = await self._post(call.method, call.params)
            except TelegramError as error:
                failure = classify(error)
                instead = self._mended(parcel, call, failure)
                if instead is None:
                    return failure
                log.info(
                    "sent otherwise", outbox=parcel.due.id, call=call.method, why=failure.words
                )
                parcel.calls[:1] = instead
                continue
            parcel.calls.pop(0)
            if isinstance(result, Mapping):
                parcel.message = result.get("message_id")
            if parcel.due.card:
                parcel.digest = digest(call)
        self.shown.note(parcel.sent())
        return None

    async def _written(self, parcel: Parcel) -> list[Call]:
        due = parcel.due
        match due.kind:
            case Kind.EDIT:
                return self._edit(parcel)
            case Kind.DELETE:
                message, _ = self.shown.of(due)
                return [] if message is None else [deletion(due, message)]
            case _ if due.attachment is not None:
                return await self._with_file(due, due.attachment)
            case _:
                return self._renderer.sends(due)

    def _edit(self, parcel: Parcel) -> list[Call]:
        due = parcel.due
        message, shows = self.shown.of(due)
        if message is None:
            return self._renderer.sends(due)
        parcel.message = message
        calls = self._renderer.edits(due, message)
        if calls and shows and digest(calls[0]) == shows:
            # Telegram would refuse it, and count it.
            parcel.digest = shows
            return calls[1:]
        return calls

    async def _with_file(self, due: Due, attachment: Attachment) -> list[Call]:
        data = attachment.data
        if attachment.recipe:
            try:
                data = await self._fetch(attachment.recipe)
            except UserError as error:
                return self._renderer.sends(replace(due, lines=(*due.lines, error.text)))
        return self._renderer.file(due, attachment.name, data)

    def _mended(self, parcel: Parcel, call: Call, failure: Failure) -> list[Call] | None:
        """What to call instead; None when nothing here can help. Each step leaves out something refused."""
        due = parcel.due
        editing = call.method.startswith("edit")
        match failure.fault:
            case Fault.UNMODIFIED:
                parcel.digest = digest(call) if due.card else ""
                return []
            case Fault.MARKUP | Fault.TOO_LONG if "parse_mode" in call.params:
                return [call.plain()]
            case Fault.KEYBOARD if "reply_markup" in call.params:
                return [call.without_links()]
            case Fault.REPLY_MISSING if "reply_parameters" in call.params:
                return [call.without("reply_parameters")]
            case Fault.THREAD_MISSING if "message_thread_id" in call.params:
                return [call.without("message_thread_id")]
            case Fault.MESSAGE_MISSING if call.method == "deleteMessage":
                return []
            case Fault.MESSAGE_MISSING if editing:
                parcel.message = None
                # What follows the edited message is said by the new one.
                parcel.calls = [call]
                return self._renderer.sends(replace(due, reply_to=None))
            case Fault.NO_TEXT if editing:
                caption = call.params["text"]
                return [
                    replace(
                        call.without("text", "link_preview_options").changed(caption=caption),
                        method="editMessageCaption",
                    )
                ]
            case Fault.TOO_LARGE | Fault.PERMANENT if call.method == "sendPhoto":
                # Too many pixels, or a picture only to us: as a file it can still be had.
                document = call.params["photo"]
                return [
                    replace(call.without("photo").changed(document=document), method="sendDocument")
                ]
            case Fault.TOO_LARGE | Fault.PERMANENT if call.method == "sendDocument":
                log.warning(
                    "a file is refused; its words go alone", outbox=due.id, why=failure.words
                )
                missing = text("file-not-taken", name=due.attachment.name if due.attachment else "")
                said = due.lines if "caption" in call.params else ()
                return self._renderer.sends(replace(due, lines=(*said, missing)))
            case Fault.PERMANENT if "text" in call.params and (barer := call.barer()) is not None:
                # A server that does not know something we decorate with: the words must arrive all the same.
                return [barer]
        return None
