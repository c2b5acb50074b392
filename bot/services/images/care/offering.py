"""The disk after a bulk deletion: garbage collection is offered once it would free something."""

from datetime import datetime, timedelta

from bot.domain.messages import Button, Owed, Priority, Rows
from bot.domain.text import text
from db import UnitOfWork

YOUNG = timedelta(hours=2)
"""Harbor's garbage collection keeps what is younger (contracts/harbor.md 6)."""
BULK, BULK_BYTES = 3, 20 << 30
"""So many images, or so many bytes, are worth a run."""
_KEY = "gc.deleted"


def note_deleted(uow: UnitOfWork, size: int, now: datetime) -> None:
    """In the transaction that records the deletion."""
    count, bytes_ = _counted(uow)
    uow.meta.set(_KEY, f"{count + 1} {bytes_ + size}")
    uow.meta.set_time(f"{_KEY}.at", now)


def forget_deleted(uow: UnitOfWork) -> None:
    """Somebody collects: what was deleted before is dealt with, or will be by a later look."""
    uow.meta.set(_KEY, None)


def offer(uow: UnitOfWork, now: datetime) -> bool:
    """Two hours after the last deletion of many, tell every admin; whether they were told."""
    count, size = _counted(uow)
    last = uow.meta.time(f"{_KEY}.at")
    if last is None or (count < BULK and size < BULK_BYTES) or now - last < YOUNG:
        return False
    for admin in uow.people.admins():
        uow.outbox.owe(
            Owed(
                f"gc-offer:{last:%Y%m%d%H%M%S}:{admin.id}",
                admin.id,
                (text("gc-offer", count=count, size=size),),
                admin.language,
                gc_buttons(),
                admin.id,
                priority=Priority.ALERT,
                silent=True,
            ),
            now,
        )
    forget_deleted(uow)
    return True


def gc_buttons() -> Rows:
    """The run is dangerous only for pushes that are under way, yet it is one's own decision."""
    dry = Button(text("button-gc-dry"), "gc.dry", style="primary")
    run = Button(text("button-gc-run"), "gc.run", style="danger", once=True)
    return ((dry, run),)


def _counted(uow: UnitOfWork) -> tuple[int, int]:
    count, _, size = (uow.meta.get(_KEY) or "0 0").partition(" ")
    return int(count), int(size)
