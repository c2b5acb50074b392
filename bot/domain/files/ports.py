"""What services need from a storage server."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.domain.files.entries import Entry, Packed, Piece, Server, Space, Usage
from bot.domain.files.paths import FilePath
from bot.domain.files.sshkeys import OwnKey
from bot.domain.files.transfers.fetching import Fetcher


class FileStore(Protocol):
    """People's folders, each by its name; no path in one leads out of it, whatever happens meanwhile.

    Every call may raise Unavailable, HostKeyChanged, LoginRefused, NotCaged, Missing, NoRight, LeadsOut.
    """

    async def server(self) -> Server: ...
    async def has_folder(self, folder: str) -> bool: ...
    async def make_folder(self, folder: str) -> None:
        """With the site's mode. Raises Exists."""
        ...

    async def entries(self, folder: str, path: FilePath) -> tuple[Entry, ...]:
        """Of a directory, in no order. Raises WrongKind."""
        ...

    async def look(self, folder: str, path: FilePath) -> Entry | None: ...
    async def make_directory(self, folder: str, path: FilePath) -> None:
        """With all that is missing above it; fine if it is there."""
        ...

    async def move(self, folder: str, source: FilePath, target: FilePath) -> None:
        """Never replaces: raises Exists."""
        ...

    async def remove(self, folder: str, path: FilePath) -> None:
        """For good, with all below it."""
        ...

    async def usage(self, folder: str, path: FilePath) -> Usage: ...
    async def unread(self, folder: str, days: int) -> tuple[str, ...]:
        """The directories at the top in which no file was read or changed for so many days."""
        ...

    async def space(self) -> Space: ...
    async def sha256(self, folder: str, path: FilePath) -> str:
        """In hex, of what lies on the server."""
        ...

    def read(
        self, folder: str, path: FilePath, *, start: int = 0, count: int | None = None
    ) -> AbstractAsyncContextManager[tuple[Piece, AsyncIterator[bytes]]]:
        """Raises WrongKind for what is no plain file, HardLinked for one of several names."""
        ...

    async def write(
        self, folder: str, path: FilePath, chunks: AsyncIterable[bytes], *, private: bool = False
    ) -> int:
        """A new file; how many bytes it got. Raises Exists. Broken off, it holds what came until then.

        `private`: nobody but the account itself may read it, whatever the site's umask says.
        """
        ...

    async def write_at(
        self, folder: str, path: FilePath, start: int, chunks: AsyncIterable[bytes]
    ) -> int:
        """Into a file that is there, from byte `start` on; how many bytes were written."""
        ...

    async def unpack(self, folder: str, path: FilePath, files: AsyncIterable[Packed]) -> None:
        """Many small files below a directory of ours, which is made and closed to everybody else.

        What is there already is written anew. Broken off, it holds what came until then.
        """
        ...

    async def sizes(self, folder: str, path: FilePath) -> dict[str, int]:
        """Of every plain file below a directory, by its path from there; 200 000 of them at most."""
        ...

    async def merge(
        self, folder: str, source: FilePath, target: FilePath, aside: FilePath | None = None
    ) -> tuple[str, ...]:
        """Everything in one directory into another; what could not go as something is there, by its path.

        With `aside`, what is there is moved below that directory first, and nothing stays behind.
        A source that is gone has been merged before.
        """
        ...

    async def exchange(
        self, folder: str, new: FilePath, target: FilePath, old: FilePath, sha256: str
    ) -> None:
        """`new` takes the place and the mode of the file `target`, which is called `old` from then on.

        Whoever reads `target` meanwhile finds one of the two. Raises Changed when it is not of that sum any more.
        """
        ...

    def peel(
        self, folder: str, path: FilePath, how: str
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """What a program of the server makes of a file: `zst`, `7z`, or `7z-list` for what is in it.

        Raises UserError where there is no such program, or the account may run none.
        """
        ...

    async def fetcher(self) -> Fetcher:
        """Raises UserError where the account has no shell."""
        ...


class Locksmith(Protocol):
    """Makes members' own keys, and tries them."""

    def make(self, account: str, owner: str) -> OwnKey: ...
    def read_key(self, account: str, owner: str, private: str) -> OwnKey: ...
    async def enter(self, key: OwnKey, folder: str) -> Server:
        """Go in with it, into the folder, and write there. Raises what FileStore raises."""
        ...


class Doorway(Protocol):
    """The server's identity, as it showed it last."""

    @property
    def shown_key(self) -> str:
        """The fingerprint of a wrong host key; empty while the right one is shown."""
        ...

    async def space(self) -> Space: ...
