"""One of several processes at a time: a named lease in the database, renewed while it is held."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from db import Database, DatabaseRefused

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


def this_process() -> str:
    """An owner's name that no other process has, nor a later one with the same number."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid())}"


def is_gone(owner: str) -> bool:
    """Whether that owner certainly lives no more; only a process of this machine can be judged."""
    machine, _, rest = owner.partition("/")
    pid, _, started = rest.partition("/")
    if machine != _machine() or not pid.isdecimal():
        return False
    return _started(int(pid)) != started


def _machine() -> str:
    # Containers may share a host name; what tells them apart is the space their process numbers live in.
    space = ""
    with suppress(OSError):
        space = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    return f"{socket.gethostname().replace('/', '_')}:{space}"


def _started(pid: int) -> str:
    """When the process started, in clock ticks since boot; empty when there is none."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The second field is the program's name in brackets and may hold anything; field 22 is the start.
    return words.rpartition(")")[2].split()[19]


class Lease:
    """`hold` takes and renews it for as long as it runs; `held` says whether it is ours right now.

    A process that died without letting go loses it at once to one on the same machine, and after
    `seconds` to one elsewhere.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        owner: str,
        *,
        seconds: float = 30,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._database = database
        self._name = name
        self._owner = owner
        self._seconds = seconds
        self._clock = clock
        self._until = datetime.min.replace(tzinfo=UTC)
        self._ours = asyncio.Event()

    @property
    def held(self) -> bool:
        return self._clock() < self._until

    async def wait(self) -> None:
        """Until it is ours; `hold` must be running."""
        while not self.held:
            self._ours.clear()
            await self._ours.wait()

    async def take(self) -> bool:
        """Takes or renews it once."""
        now = self._clock()
        until = now + timedelta(seconds=self._seconds)
        name, owner = self._name, self._owner
        if await self._database.write(
            lambda uow: uow.leases.take(name, owner, now, until, takes_over=is_gone)
        ):
            self._until = until
            self._ours.set()
            return True
        self._until = datetime.min.replace(tzinfo=UTC)
        return False

    async def hold(self) -> None:
        """Runs until cancelled, and lets go then."""
        told = False
        try:
            while True:
                try:
                    if await self.take():
                        told = False
                    elif not told:
                        told = True
                        log.warning("another instance does this; waiting", lease=self._name)
                except DatabaseRefused as error:
                    log.warning("lease not renewed", lease=self._name, error=str(error))
                await asyncio.sleep(self._seconds / 3)
        finally:
            await self.release()

    async def release(self) -> None:
        if self.held:
            self._until = datetime.min.replace(tzinfo=UTC)
            name, owner = self._name, self._owner
            with suppress(DatabaseRefused):
                await self._database.write(lambda uow: uow.leases.release(name, owner))
