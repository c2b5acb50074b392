"""Cards: messages that are edited in place, and where they stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from db.models import cards
from db.statements import Statement, Transaction, put


@dataclass(frozen=True, slots=True)
class Card:
    """Where a card stands and what it shows."""

    card: str
    chat: int
    message: int
    digest: str
    updated_at: datetime


_CARD = Statement(select(cards).where(cards.c.card == bindparam("name")))
_PUT_CARD = put(cards, change=["chat", "message", "digest", "updated_at"])
_DROP_CARD = Statement(delete(cards).where(cards.c.card == bindparam("name")))
_SWEEP_CARDS = Statement(delete(cards).where(cards.c.updated_at < bindparam("before")))


class Cards:
    """Messages that are edited in place."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def get(self, card: str) -> Card | None:
        return self._tx.one(Card, _CARD, name=card)

    def put(self, card: str, chat: int, message: int, digest: str, now: datetime) -> None:
        self._tx.run(
            _PUT_CARD, card=card, chat=chat, message=message, digest=digest, updated_at=now
        )

    def drop(self, card: str) -> None:
        """Its message is gone: the next edit is sent as a new one."""
        self._tx.run(_DROP_CARD, name=card)

    def sweep(self, before: datetime) -> int:
        return self._tx.run(_SWEEP_CARDS, before=before)
