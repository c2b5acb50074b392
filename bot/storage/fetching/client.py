"""The storage server fetching by itself, on an account with a shell."""

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.domain.errors import UserError
from bot.domain.files.entries import Entry
from bot.domain.files.errors import Missing
from bot.domain.files.paths import FilePath
from bot.domain.files.transfers.addresses import Address
from bot.domain.files.transfers.fetching import (
    TRANSFERS,
    Answer,
    Fetched,
    Order,
    Resolved,
    place,
    result,
)
from bot.domain.files.transfers.sources import Source
from bot.storage.fetching import scripts, wire

if TYPE_CHECKING:
    from bot.storage.shell import Shell


class Fetching:
    """Runs that outlive the connection they were started by; see `scripts`."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell

    async def tools(self) -> frozenset[str]:
        return wire.tools(await self._shell.run(scripts.TOOLS, path=""))

    async def resolve(self, *names: str) -> Resolved:
        return wire.resolved(await self._shell.run(scripts.RESOLVE, *names, path="", seconds=60))

    async def ask(self, source: Source, address: Address) -> Answer | None:
        conf = wire.curl(source, address, only_head=True)
        with suppress(UserError):
            said = await self._shell.run(scripts.HEAD, path=source.shown, seconds=30, told=conf)
            return wire.answer(said)
        return None

    async def host_key(self, address: Address, port: int) -> str:
        with suppress(UserError):
            said = await self._shell.run(scripts.KEYS, str(address), port, path="", seconds=30)
            return wire.host_key(said)
        return ""

    async def start(self, folder: str, id_: str, order: Order) -> None:
        words, told = wire.run(order, self._shell.umask)
        await self._shell.make_directory(folder, TRANSFERS)
        where = self._shell.place(folder, TRANSFERS)
        await self._shell.run(scripts.START, where, id_, scripts.RUN, *words, path=id_, told=told)

    async def state(self, folder: str, id_: str) -> Fetched:
        where = self._shell.place(folder, place(id_))
        return wire.state(await self._shell.run(scripts.STATE, where, path=id_, seconds=120))

    async def cancel(self, folder: str, id_: str) -> None:
        where = self._shell.place(folder, place(id_))
        await self._shell.run(scripts.CANCEL, where, path=id_, seconds=60)

    async def whole(self, folder: str, id_: str) -> Entry | None:
        return await self._shell.look(folder, result(id_))

    async def bring(self, folder: str, id_: str, target: FilePath) -> None:
        if target.parent.parts:
            await self._shell.make_directory(folder, target.parent)
        await self._shell.move(folder, result(id_), target)

    async def clear(self, folder: str, id_: str) -> None:
        with suppress(Missing):
            await self.cancel(folder, id_)
            await self._shell.remove(folder, place(id_))

    async def runs(self, folder: str) -> tuple[Entry, ...]:
        try:
            return await self._shell.entries(folder, TRANSFERS)
        except Missing:
            return ()
