"""From what is owed to what the sender needs, and the stored form in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.messages import Attachment, Kind, Owed, Priority
from bot.domain.text import Text


@dataclass(frozen=True, slots=True)
class DueButton:
    """A button as it goes out: `id` is its callback data; empty for `url` and `copy`."""

    label: Text
    id: str = ""
    url: str = ""
    copy: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One message that is owed now, with everything the sender needs."""

    id: int
    once: str
    chat: int
    topic: int | None
    reply_to: int | None
    language: str
    kind: Kind
    priority: Priority
    silent: bool
    card: str
    message: int | None
    """Of an EDIT or DELETE that names no card."""
    owner: int | None
    lines: tuple[Text, ...]
    buttons: tuple[tuple[DueButton, ...], ...]
    attachment: Attachment | None
    tries: int
    created_at: datetime
    card_message: int | None = None
    """Where the card stands now; None if it was never sent or is gone."""
    card_digest: str = ""
    """Of what the card shows now."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message Telegram has. `message` is its id (None for a deletion), `digest` of what it shows."""

    due: Due
    message: int | None = None
    digest: str = ""


def body_of(lines: Sequence[Text], buttons: Sequence[Sequence[DueButton]]) -> list[Any]:
    """The encrypted part of an outbox row."""
    return [
        [line.to_json() for line in lines],
        [[[b.label.to_json(), b.id, b.url, b.copy, b.style] for b in row] for row in buttons],
    ]


def read_body(
    body: list[Any] | None,
) -> tuple[tuple[Text, ...], tuple[tuple[DueButton, ...], ...]]:
    lines, rows = body or ((), ())
    return (
        tuple(Text.from_json(line) for line in lines),
        tuple(
            tuple(DueButton(Text.from_json(label), *rest) for label, *rest in row) for row in rows
        ),
    )


def due_of(
    owed: Owed,
    buttons: tuple[tuple[DueButton, ...], ...],
    *,
    id_: int,
    card: tuple[int | None, str],
    now: datetime,
) -> Due:
    """What `Outbox.due` would read back, without reading."""
    return Due(
        id=id_,
        once=owed.once,
        chat=owed.chat,
        topic=owed.topic,
        reply_to=owed.reply_to,
        language=owed.language,
        kind=owed.kind,
        priority=owed.priority,
        silent=owed.silent,
        card=owed.card,
        message=owed.message,
        owner=owed.owner,
        lines=owed.lines,
        buttons=buttons,
        attachment=owed.attachment,
        tries=0,
        created_at=now,
        card_message=card[0],
        card_digest=card[1],
    )


def columns_of(owed: Owed, now: datetime) -> dict[str, Any]:
    """A new row of the outbox, but for what is encrypted or elsewhere."""
    return {
        "once": owed.once,
        "chat": owed.chat,
        "topic": owed.topic,
        "reply_to": owed.reply_to,
        "language": owed.language,
        "kind": owed.kind.value,
        "priority": int(owed.priority),
        "silent": owed.silent,
        "card": owed.card,
        "message": owed.message,
        "owner": owed.owner,
        "state": "due",
        "not_before": None,
        "tries": 0,
        "sent_message": None,
        "error": "",
        "created_at": now,
        "sent_at": None,
    }
