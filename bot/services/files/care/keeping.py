"""The end of a failed job's log, kept in its owner's folder: the platform forgets logs, and nodes go down.

Owed by the watcher in the transaction that owes the alert, done afterwards, so no alert waits for it. What was
done lies under its final name on the storage server, so doing it again after a death is harmless.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import NotFound, UserError
from bot.domain.files.errors import Exists, LeadsOut, Missing, WrongKind
from bot.domain.files.paths import OWN, FilePath
from bot.domain.jobs import JobDetail, JobRef, JobState, Task
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.services.files.folders import Folders
from bot.services.tokens import Tokens
from db import Database, KeptLog, UnitOfWork

log = structlog.get_logger(__name__)

KEPT_BYTES = 256 << 10
STREAMS = ("stdout", "stderr")
AT_ONCE = 4
CLEANED_AT_ONCE = 50
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
GIVE_UP = timedelta(days=2)
NO_LOG_TRIES = 4
"""A log that is not there a minute after the failure never was: the container did not start."""
KEPT = timedelta(days=30)


class Keeping:
    def __init__(
        self,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        folders: Folders,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._cluster = cluster.yielding()
        self._tokens = tokens
        self._folders = folders
        self._clock = clock

    async def tick(self) -> None:
        """Keep what is due, one after another: the storage server and OpenPAI have better to do."""
        now = self._clock()
        for row in await self._db.read(lambda uow: uow.kept_logs.due(now, AT_ONCE)):
            try:
                kept = await self._keep(row)
            except (NotFound, Missing, LeadsOut, WrongKind) as error:
                await self._postpone(row, error, hopeless=row.tries + 1 >= NO_LOG_TRIES)
            except UserError as error:
                await self._postpone(row, error, hopeless=now - row.failed_at > GIVE_UP)
            else:
                await self._settle(row, kept=kept)

    async def expire(self) -> None:
        """Logs kept for a month are removed; called by the clock."""
        if not self._folders.configured:
            return
        now, store = self._clock(), self._folders.store
        for row in await self._db.read(lambda uow: uow.kept_logs.outlived(now, CLEANED_AT_ONCE)):
            folder, place = await self._folder(row.person_id), _place(row.ref)
            if folder is not None:
                try:
                    for stream in STREAMS:
                        with suppress(Missing):
                            await store.remove(folder, place / stream)
                    if not await store.entries(folder, place):
                        await store.remove(folder, place)
                except Missing:  # the owner has tidied up
                    pass
                except UserError as error:
                    log.warning("a kept log stays for now", job=str(row.ref), why=error.text.key)
                    continue
            await self._forget(row.ref)

    async def read(self, ref: JobRef, stream: str) -> bytes | None:
        """What was kept of a job's log; None when nothing was, or it can't be had. `all` is both streams."""
        row = await self._db.read(lambda uow: uow.kept_logs.get(ref))
        folder = None if row is None or row.state != "kept" else await self._folder(row.person_id)
        if folder is None or not self._folders.configured:
            return None
        wanted = (stream,) if stream in STREAMS else STREAMS
        found = [await self._read(folder, _place(ref) / name) for name in wanted]
        pieces = [piece for piece in found if piece is not None]
        return b"\n".join(pieces) if pieces else None

    async def _read(self, folder: str, path: FilePath) -> bytes | None:
        data = bytearray()
        try:
            async with self._folders.store.read(folder, path, count=KEPT_BYTES) as (_, chunks):
                async for chunk in chunks:
                    data += chunk
        except UserError:
            return None
        return bytes(data)

    async def _keep(self, row: KeptLog) -> bool:
        """False: there is nothing to keep. Raises UserError."""
        ref = row.ref

        def look(uow: UnitOfWork) -> tuple[Person | None, str | None]:
            return uow.people.get(row.person_id), uow.folders.of(row.person_id)

        person, folder = await self._db.read(look)
        if person is None or folder is None:
            return False
        token = await self._tokens.of(person)
        detail = await self._cluster.job(ref, token)
        task = _to_blame(detail)
        ends = {name: await self._end(ref, token, detail, task, name) for name in STREAMS}
        store, place = self._folders.store, _place(ref)
        kept = False
        for name, data in ends.items():
            if not data:
                continue
            await store.make_directory(folder, place)
            await self._write(folder, place, name, data)
            kept = True
        return kept

    async def _end(
        self, ref: JobRef, token: Token, detail: JobDetail, task: Task, stream: str
    ) -> bytes:
        async def piece(*, start: int | None) -> tuple[bytes, int | None]:
            text = await self._cluster.log(
                ref, token, role=task.role, index=task.index, attempt=task.attempt,
                job_attempt=detail.attempt or 0, name=stream, start=start, max_bytes=KEPT_BYTES,
            )  # fmt: skip
            return text.data, text.size

        tail, size = await piece(start=None)
        if size is None or size <= len(tail):
            return tail
        whole, _ = await piece(start=max(0, size - KEPT_BYTES))
        return whole[-KEPT_BYTES:] or tail

    async def _write(self, folder: str, place: FilePath, name: str, data: bytes) -> None:
        """Under its name once it is whole; what lies there already was written by an earlier try."""
        store, part = self._folders.store, place / f".{name}.pailot-part"
        with suppress(Missing):  # of a try that was cut
            await store.remove(folder, part)
        await store.write(folder, part, _once(data), private=True)
        try:
            await store.move(folder, part, place / name)
        except Exists:
            await store.remove(folder, part)

    async def _postpone(self, row: KeptLog, error: UserError, *, hopeless: bool) -> None:
        why = error.text.key
        if hopeless:
            log.warning("a failed job's log is not kept", job=str(row.ref), why=why)
            await self._forget(row.ref)
            return
        log.info("a failed job's log is kept later", job=str(row.ref), why=why, tries=row.tries + 1)
        wait = min(FIRST_WAIT * 2 ** min(row.tries, 20), LONGEST_WAIT)
        when = self._clock() + wait
        await self._db.write(lambda uow: uow.kept_logs.later(row.ref, when))

    async def _settle(self, row: KeptLog, *, kept: bool) -> None:
        if not kept:
            await self._forget(row.ref)
            return
        until = self._clock() + KEPT
        await self._db.write(lambda uow: uow.kept_logs.kept(row.ref, until))

    async def _forget(self, ref: JobRef) -> None:
        await self._db.write(lambda uow: uow.kept_logs.drop(ref))

    async def _folder(self, person: int) -> str | None:
        return await self._db.read(lambda uow: uow.folders.of(person))


def _place(ref: JobRef) -> FilePath:
    """OpenPAI's names are made of letters, digits, `-` and `_`; those of an older cluster may not be."""
    return FilePath((OWN, ref.name.lstrip(".").replace("/", "_") or "_"))


def _to_blame(detail: JobDetail) -> Task:
    """The task that failed, else the first. Raises NotFound when none was ever started."""
    failed = [task for task in detail.tasks if task.state is JobState.FAILED]
    if not detail.tasks:
        raise NotFound("log", detail.job.ref.name)
    return (failed or list(detail.tasks))[0]


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
