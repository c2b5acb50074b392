"""A folder on a server where the account has a shell: everything happens in scripts over there."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot.domain.errors import Unavailable
from bot.domain.files.entries import Entry, Packed, Piece, Space, Usage
from bot.domain.files.errors import Missing
from bot.domain.files.paths import FilePath
from bot.storage import scripts, wire
from bot.storage.connections import Connections
from bot.storage.tar import tarred

if TYPE_CHECKING:
    import asyncssh

QUICK_SECONDS = 20.0
SLOW_SECONDS = 900.0
"""For what walks whole trees: du, rm, sums."""
SUM_SECONDS = 6 * 3600.0
"""A terabyte at 50 MB/s."""
IDLE_SECONDS = 60.0
"""A stream in which nothing moves for so long is dead."""
GATHER_BYTES = 1 << 18
READ_BYTES = 1 << 20
REFUSED_PAUSES = (0.1, 0.3, 1.0)
SAID_BYTES = 4096
WHOLE = 1 << 62


class Shell:
    """`root` is the data root with its links resolved; folders are names in it."""

    def __init__(self, connections: Connections, root: str, umask: int, folder_mode: int) -> None:
        self._connections = connections
        self._root = root.rstrip("/")
        self.umask = f"{umask:04o}"
        self._folder_mode = f"{folder_mode:04o}"
        self._turns = asyncio.Lock()

    async def make_folder(self, folder: str) -> None:
        await self.run(
            scripts.MAKE_FOLDER, self._root or "/", folder, self._folder_mode, path=folder
        )

    async def entries(self, folder: str, path: FilePath) -> tuple[Entry, ...]:
        said = await self.run(scripts.ENTRIES, self.place(folder, path), path=str(path))
        return wire.entries(said)

    async def look(self, folder: str, path: FilePath) -> Entry | None:
        where, name = self._split(folder, path)
        try:
            found = wire.entries(await self.run(scripts.LOOK, where, name, path=str(path)))
        except Missing:
            return None
        return found[0] if found else None

    async def make_directory(self, folder: str, path: FilePath) -> None:
        where = self.place(folder, FilePath())
        await self.run(scripts.MAKE_DIRECTORIES, where, self.umask, *path.parts, path=str(path))

    async def move(self, folder: str, source: FilePath, target: FilePath) -> None:
        where, name = self._split(folder, source)
        to, new = self._split(folder, target)
        await self.run(scripts.MOVE, where, name, to, new, path=str(target))

    async def remove(self, folder: str, path: FilePath) -> None:
        where, name = self._split(folder, path)
        await self.run(scripts.REMOVE, where, name, path=str(path), seconds=SLOW_SECONDS)

    async def usage(self, folder: str, path: FilePath) -> Usage:
        place = self.place(folder, path)
        status, out, said = await self._finish(scripts.command(scripts.USAGE, place), SLOW_SECONDS)
        if status and not out:
            raise wire.refusal(status, said, str(path))
        return wire.usage(out, complete=status == 0)

    async def unread(self, folder: str, days: int) -> tuple[str, ...]:
        place = self.place(folder, FilePath())
        said = await self.run(scripts.UNREAD, place, days, path=folder, seconds=SLOW_SECONDS)
        return tuple(name.decode("utf-8", "surrogateescape") for name in said.split(b"\0")[:-1])

    async def space(self) -> Space:
        return wire.space(await self.run(scripts.SPACE, self._root or "/", path=""))

    async def sha256(self, folder: str, path: FilePath) -> str:
        where, name = self._split(folder, path)
        said = await self.run(scripts.SHA256, where, name, path=str(path), seconds=SUM_SECONDS)
        return said[:64].decode("ascii", "replace")

    @asynccontextmanager
    async def read(
        self, folder: str, path: FilePath, start: int, count: int | None
    ) -> AsyncIterator[tuple[Piece, AsyncIterator[bytes]]]:
        where, name = self._split(folder, path)
        line = scripts.command(scripts.READ, where, name, start, WHOLE if count is None else count)
        async with self._process(line) as process:
            async with asyncio.timeout(QUICK_SECONDS):
                head = await process.stdout.readline()
            if not head:
                raise wire.refusal(await _status(process), await _said(process), str(path))
            size, changed = head.split()
            piece = Piece(int(size), wire.moment(float(changed)))
            yield piece, self._chunks(process, str(path))

    @asynccontextmanager
    async def peel(
        self, folder: str, path: FilePath, how: str
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        where, name = self._split(folder, path)
        async with self._process(scripts.command(scripts.PEEL, where, name, how)) as process:
            process.stdin.write_eof()
            yield self._chunks(process, str(path))

    async def write(
        self, folder: str, path: FilePath, chunks: AsyncIterable[bytes], *, private: bool
    ) -> int:
        where, name = self._split(folder, path)
        line = scripts.command(scripts.WRITE, where, name, "0077" if private else self.umask)
        return await self._pour(line, chunks, str(path))

    async def write_at(
        self, folder: str, path: FilePath, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        where, name = self._split(folder, path)
        line = scripts.command(scripts.WRITE_AT, where, name, start)
        return await self._pour(line, chunks, str(path))

    async def unpack(self, folder: str, path: FilePath, files: AsyncIterable[Packed]) -> None:
        where = self.place(folder, FilePath())
        line = scripts.command(scripts.UNPACK, where, self.umask, *path.parts)
        await self._pour(line, tarred(files), str(path))

    async def sizes(self, folder: str, path: FilePath) -> dict[str, int]:
        try:
            said = await self.run(scripts.SIZES, self.place(folder, path), path=str(path))
        except Missing:
            return {}
        return wire.sizes(said)

    async def merge(
        self, folder: str, source: FilePath, target: FilePath, aside: FilePath | None = None
    ) -> tuple[str, ...]:
        places = [self.place(folder, place) for place in (source, target)]
        places.append(self.place(folder, aside) if aside is not None else "")
        line = scripts.command(scripts.MERGE, *places)
        status, out, said = await self._finish(line, SLOW_SECONDS)
        if status != 0 or (out and (aside is not None or b"denied" in said.lower())):
            raise wire.refusal(status, said, str(target))
        return tuple(name.decode("utf-8", "replace") for name in out.split(b"\0")[:-1])

    async def exchange(
        self, folder: str, new: FilePath, target: FilePath, old: FilePath, sha256: str
    ) -> None:
        names = [name for path in (new, target, old) for name in self._split(folder, path)]
        await self.run(scripts.EXCHANGE, *names, sha256, path=str(target))

    # How scripts are run

    async def run(
        self,
        script: str,
        *words: str | int,
        path: str,
        seconds: float = QUICK_SECONDS,
        told: bytes = b"",
    ) -> bytes:
        """What the script says; `told` is its input, for what must not stand in a list of processes."""
        status, out, said = await self._finish(scripts.command(script, *words), seconds, told)
        if status != 0:
            raise wire.refusal(status, said, path)
        return out

    async def _finish(
        self, line: str, seconds: float, told: bytes = b""
    ) -> tuple[int | None, bytes, bytes]:
        """Exit status (None when the connection or a signal ended it), output, complaints."""
        try:
            async with asyncio.timeout(seconds), self._process(line) as process:
                if told:
                    with suppress(BrokenPipeError):  # it ended before it read that, and says why
                        process.stdin.write(told)
                        process.stdin.write_eof()
                out, said = await process.communicate()
                return process.returncode, out or b"", (said or b"")[:SAID_BYTES]
        except TimeoutError:
            raise Unavailable(wire.SYSTEM, "timeout") from None

    async def _pour(self, line: str, chunks: AsyncIterable[bytes], path: str) -> int:
        """Everything that `chunks` gives into a script; how many bytes that were."""
        written = 0
        async with self._process(line) as process:
            whole = True
            async for piece in _gathered(chunks):
                if not (whole := await _send(process, piece, self._turns)):
                    break
                written += len(piece)
            if whole:
                process.stdin.write_eof()
            async with asyncio.timeout(QUICK_SECONDS * 3):
                status = await _status(process)
            if status != 0:
                raise wire.refusal(status, await _said(process), path)
        return written

    async def _chunks(
        self, process: "asyncssh.SSHClientProcess[bytes]", path: str
    ) -> AsyncIterator[bytes]:
        import asyncssh

        while True:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    chunk = await process.stdout.read(READ_BYTES)
            except (asyncssh.Error, OSError) as error:  # read by a thread, outside of our `with`
                raise Unavailable(wire.SYSTEM) from error
            if not chunk:
                break
            yield chunk
        if status := await _status(process):
            raise wire.refusal(status, await _said(process), path)

    @asynccontextmanager
    async def _process(self, line: str) -> AsyncIterator["asyncssh.SSHClientProcess[bytes]"]:
        import asyncssh

        try:
            async with self._connections.session() as connection:
                process = await _begun(connection, line)
                try:
                    yield process
                finally:
                    process.close()
                    with suppress(asyncssh.Error, OSError, TimeoutError):
                        async with asyncio.timeout(5):
                            await process.wait_closed()
        except (asyncssh.Error, OSError) as error:
            raise Unavailable(wire.SYSTEM) from error

    def place(self, folder: str, path: FilePath) -> str:
        return "/".join((self._root, folder, *path.parts))

    def _split(self, folder: str, path: FilePath) -> tuple[str, str]:
        """The directory a script goes into, and the name it uses there."""
        if not path.parts:
            return self._root or "/", folder
        return self.place(folder, path.parent), path.name


async def _begun(
    connection: "asyncssh.SSHClientConnection", line: str
) -> "asyncssh.SSHClientProcess[bytes]":
    """A server that has not noticed yet that earlier sessions ended refuses a new one: nothing has begun."""
    import asyncssh

    for pause in REFUSED_PAUSES:
        try:
            return await connection.create_process(line, encoding=None, window=4 << 20)
        except asyncssh.ChannelOpenError:
            await asyncio.sleep(pause)
    return await connection.create_process(line, encoding=None, window=4 << 20)


async def _gathered(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces that are worth a turn of the loop each."""
    waiting: list[bytes] = []
    size = 0
    async for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= GATHER_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


async def _send(
    process: "asyncssh.SSHClientProcess[bytes]", piece: bytes, turns: asyncio.Lock
) -> bool:
    """False: the script ended before it had all, and will say why.

    Encrypting a piece takes a millisecond. Of many streams one has its turn each time the loop comes round, so
    that nobody else waits for all of them.
    """
    try:
        async with turns:
            process.stdin.write(piece)
            await asyncio.sleep(0)
        async with asyncio.timeout(IDLE_SECONDS):
            await process.stdin.drain()
    except (BrokenPipeError, ConnectionError):
        return False
    return True


async def _status(process: "asyncssh.SSHClientProcess[bytes]") -> int | None:
    await process.wait_closed()
    return process.returncode


async def _said(process: "asyncssh.SSHClientProcess[bytes]") -> bytes:
    return await process.stderr.read(SAID_BYTES)
