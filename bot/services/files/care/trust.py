"""The storage server shows another host key: everything stops, and the admins are told, once."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.domain.errors import UserError
from bot.domain.files.ports import Doorway
from bot.domain.messages import Owed, Priority
from bot.domain.text import Text, text
from db import Database, UnitOfWork

log = structlog.get_logger(__name__)

TOLD = "storage.host_key"


class Trust:
    """`agreed` is the key as the settings have it."""

    def __init__(
        self, db: Database, door: Doorway | None, agreed: str, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._door = door
        self._agreed = agreed
        self._clock = clock

    async def tick(self) -> None:
        """Costs nothing while all is well: only after an alarm the server is asked again."""
        if self._door is None:
            return
        told = await self._db.read(lambda uow: uow.meta.get(TOLD)) or ""
        if told:
            try:
                await self._door.space()
            except UserError:
                if not self._door.shown_key:
                    return  # nobody answered: that says nothing about its key
        shown = self._door.shown_key
        if shown != told:
            log.warning("the storage server's host key", shown=shown or "the agreed one")
            await self._db.write(lambda uow: self._tell(uow, told, shown))

    def _tell(self, uow: UnitOfWork, told: str, shown: str) -> None:
        if (uow.meta.get(TOLD) or "") != told:
            return  # another process was faster
        uow.meta.set(TOLD, shown or None)
        now = self._clock()
        line: Text = (
            text("host-key-changed", shown=shown, agreed=self._agreed)
            if shown
            else text("host-key-right")
        )
        for admin in uow.people.admins():
            once = f"host-key:{admin.id}:{shown or 'right'}:{now.isoformat()}"
            owed = Owed(
                once, admin.id, (line,), admin.language, owner=admin.id, priority=Priority.ALERT
            )
            uow.outbox.owe(owed, now)
