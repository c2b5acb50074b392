"""The outbox: messages owed, each said once; and the cards they change."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, overload

from sqlalchemy import bindparam, delete, exists, func, insert, not_, or_, select, update

from bot.domain.messages import Attachment, Kind, Owed, Priority
from db.lists import among
from db.models import attachments, cards, outbox
from db.queries.chats import Chats
from db.queries.messages.buttons import Buttons, plan
from db.queries.messages.cards import Cards
from db.queries.messages.owing import Due, Sent, body_of, columns_of, due_of, read_body
from db.statements import Row, Statement, Transaction, add, given

LOADED_BYTES = 16 << 20
"""`due` stops after so many bytes of attachments."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is owed and not sent yet."""

    by_priority: dict[Priority, int] = field(default_factory=dict)
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        return sum(self.by_priority.values())


_DUE = outbox.c.state == "due"
_DUE_CARD = _DUE & (outbox.c.card != "") & (outbox.c.card == bindparam("of"))
_ROW = outbox.c.id == bindparam("row")
_OWE = add(outbox, without=["id"], returning=[outbox.c.id])
_EXISTS = Statement(select(outbox.c.id).where(outbox.c.once == bindparam("key")))
_ATTACH = Statement(
    insert(attachments).values(given(attachments, without=["id"])).returning(attachments.c.id)
)
_REPLACE = Statement(
    update(outbox)
    .where(_DUE_CARD, outbox.c.kind == "edit")
    .where(outbox.c.id < bindparam("row"))
    .values(state="replaced", body=None)
)
_earlier = outbox.alias("earlier")
_SELECT = (
    select(
        outbox.c.id,
        outbox.c.once,
        outbox.c.chat,
        outbox.c.topic,
        outbox.c.reply_to,
        outbox.c.language,
        outbox.c.kind,
        outbox.c.priority,
        outbox.c.silent,
        outbox.c.card,
        outbox.c.message,
        outbox.c.owner,
        outbox.c.body,
        outbox.c.attachment_id,
        outbox.c.tries,
        outbox.c.created_at,
        cards.c.message,
        cards.c.digest,
    )
    .select_from(outbox.outerjoin(cards, cards.c.card == outbox.c.card))
    .where(_DUE)
)
_LIST = Statement(
    _SELECT.where(
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now")),
        not_(among(outbox.c.chat, "except_chats")),
        not_(
            exists().where(
                _earlier.c.state == "due",
                _earlier.c.chat == outbox.c.chat,
                _earlier.c.priority == outbox.c.priority,
                _earlier.c.id < outbox.c.id,
                _earlier.c.not_before > bindparam("now"),
            )
        ),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most"))
)
_ONE = Statement(_SELECT.where(_ROW))
_ATTACHMENT = Statement(
    select(attachments.c.name, attachments.c.data, attachments.c.mime, attachments.c.recipe).where(
        attachments.c.id == bindparam("attachment")
    )
)
_WAITS = Statement(select(outbox.c.id).where(_DUE_CARD, outbox.c.kind != "delete").limit(1))
_NEXT = Statement(select(func.min(outbox.c.not_before)).where(_DUE))
_SENT = Statement(
    update(outbox)
    .where(_ROW)
    .values(
        state="sent",
        body=None,
        sent_message=bindparam("as_message"),
        sent_at=bindparam("now"),
        error="",
    )
)
_POSTPONE = Statement(
    update(outbox)
    .where(_ROW, _DUE)
    .values(not_before=bindparam("at"), error=bindparam("why"), tries=outbox.c.tries + 1)
)
_DEAD = Statement(
    update(outbox).where(_ROW, _DUE).values(state="dead", body=None, error=bindparam("why"))
)
_DEAD_CHAT = Statement(
    update(outbox)
    .where(_DUE, outbox.c.chat == bindparam("of"))
    .values(state="dead", body=None, error=bindparam("why"))
)
_BACKLOG = Statement(
    select(outbox.c.priority, func.count(), func.min(outbox.c.created_at))
    .where(_DUE)
    .group_by(outbox.c.priority)
)
_SWEEP = Statement(delete(outbox).where(not_(_DUE), outbox.c.created_at < bindparam("before")))
_LOOSE = not_(exists().where(outbox.c.attachment_id == attachments.c.id, _DUE))
_SWEEP_ATTACHMENTS = Statement(delete(attachments).where(_LOOSE))
_DETACH = Statement(
    delete(attachments).where(
        attachments.c.id == select(outbox.c.attachment_id).where(_ROW).scalar_subquery()
    )
)


class Outbox:
    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction
        self._buttons = Buttons(transaction)
        self._cards = Cards(transaction)

    @overload
    def owe(
        self, owed: Owed, now: datetime, *, hand_over: Literal[False] = False
    ) -> int | None: ...
    @overload
    def owe(self, owed: Owed, now: datetime, *, hand_over: Literal[True]) -> Due | None: ...
    def owe(self, owed: Owed, now: datetime, *, hand_over: bool = False) -> int | Due | None:
        """The id of the row; None if the same `once` is or was owed already, and then nothing changes.

        With `hand_over` what the sender needs comes back instead, so that it can send without reading,
        once the transaction is committed.
        """
        attachment = None
        if owed.attachment is not None:
            if self._tx.row(_EXISTS, key=owed.once):
                return None
            attachment = self._attach(owed.attachment)
        buttons, acting = plan(owed, now)
        row = self._tx.row(
            _OWE,
            **columns_of(owed, now),
            body=body_of(owed.lines, buttons),
            attachment_id=attachment,
        )
        if row is None:
            return None
        id_: int = row[0]
        if acting:
            self._buttons.keep(acting)
        if owed.card and owed.kind is Kind.EDIT:
            self._tx.run(_REPLACE, of=owed.card, row=id_)
        if not hand_over:
            return id_
        card = self._cards.get(owed.card) if owed.card else None
        where = (card.message, card.digest) if card else (None, "")
        return due_of(owed, buttons, id_=id_, card=where, now=now)

    def due(self, now: datetime, limit: int, exclude_chats: Collection[int] = ()) -> list[Due]:
        """What may be sent now, urgent first, then oldest.

        What follows a postponed message of the same chat and priority waits with it.
        """
        found: list[Due] = []
        loaded = 0
        for row in self._tx.rows(_LIST, now=now, most=limit, except_chats=exclude_chats):
            due = self._due(row)
            found.append(due)
            loaded += len(due.attachment.data) if due.attachment else 0
            if loaded > LOADED_BYTES:
                break
        return found

    def get(self, row: int) -> Due | None:
        """One message that is still owed, whenever that may be."""
        found = self._tx.row(_ONE, row=row)
        return None if found is None else self._due(found)

    def waits(self, card: str) -> bool:
        """Whether the message that becomes this card is still to be sent."""
        return self._tx.row(_WAITS, of=card) is not None

    def next_at(self) -> datetime | None:
        """When the first postponed message may be tried again."""
        row = self._tx.row(_NEXT)
        return row[0] if row else None

    def sent(self, due: Due, message: int | None, digest: str, now: datetime) -> None:
        self.sent_many([Sent(due, message, digest)], now)

    def sent_many(self, sent: Iterable[Sent], now: datetime) -> None:
        """Telegram has them: empty the rows, and remember where cards stand now."""
        rows = []
        for item in sent:
            due = item.due
            rows.append({"row": due.id, "as_message": item.message, "now": now})
            if due.attachment is not None:
                self._tx.run(_DETACH, row=due.id)
            if due.card and due.kind is Kind.DELETE:
                self._cards.drop(due.card)
            elif due.card and item.message is not None:
                self._cards.put(due.card, due.chat, item.message, item.digest, now)
        self._tx.many(_SENT, rows)

    def postpone(self, row: int, not_before: datetime, error: str) -> None:
        self._tx.run(_POSTPONE, row=row, at=not_before, why=error)

    def dead(self, row: int, error: str) -> None:
        """It can never be delivered."""
        self._tx.run(_DETACH, row=row)
        self._tx.run(_DEAD, row=row, why=error)

    def bury_chat(self, chat: int, reason: str, now: datetime) -> int:
        """The chat is gone, and all that is owed there; how much that was."""
        Chats(self._tx).bury(chat, reason, now)
        return self._tx.run(_DEAD_CHAT, of=chat, why=reason)

    def backlog(self) -> Backlog:
        rows = self._tx.rows(_BACKLOG)
        return Backlog(
            {Priority(priority): count for priority, count, _ in rows},
            min((oldest for _, _, oldest in rows), default=None),
        )

    def sweep(self, before: datetime) -> int:
        """Forget what was settled and is older; its `once` could be owed again after that."""
        self._tx.run(_SWEEP_ATTACHMENTS)
        return self._tx.run(_SWEEP, before=before)

    def _attach(self, attachment: Attachment) -> int:
        row = self._tx.row(
            _ATTACH,
            name=attachment.name,
            mime=attachment.mime,
            data=None if attachment.recipe else attachment.data,
            recipe=attachment.recipe or None,
        )
        assert row is not None  # noqa: S101 - RETURNING of a plain insert
        id_: int = row[0]
        return id_

    def _due(self, row: Row) -> Due:
        (id_, once, chat, topic, reply_to, language, kind, priority, silent, card, message) = row[
            :11
        ]
        owner, body, attachment, tries, created_at, card_message, card_digest = row[11:]
        lines, buttons = read_body(body)
        return Due(
            id_,
            once,
            chat,
            topic,
            reply_to,
            language,
            Kind(kind),
            Priority(priority),
            silent,
            card,
            message,
            owner,
            lines,
            buttons,
            self._attachment(attachment),
            tries,
            created_at,
            card_message,
            card_digest or "",
        )

    def _attachment(self, attachment: int | None) -> Attachment | None:
        if attachment is None:
            return None
        return self._tx.one(
            lambda name, data, mime, recipe: Attachment(
                name, data or b"", mime, tuple(recipe or ())
            ),
            _ATTACHMENT,
            attachment=attachment,
        )
