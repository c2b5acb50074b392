"""A transfer as the storage server carries it out: what it is told to do, and what it says of it."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.files.entries import Entry
from bot.domain.files.paths import FilePath
from bot.domain.files.transfers.addresses import Address
from bot.domain.files.transfers.sources import Source


@dataclass(frozen=True, slots=True)
class Resolved:
    """What names lead to, as the storage server sees it, and its own addresses."""

    names: dict[str, tuple[Address, ...]]
    own: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web server said before any content; `size_bytes` where it told."""

    status: int
    location: str = ""
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class KeyPair:
    """`private` in OpenSSH's form; `public` is the line for `authorized_keys`."""

    private: str = field(repr=False)
    public: str


@dataclass(frozen=True, slots=True)
class Order:
    """One run on the storage server. `address` is the one that was judged: nothing else is connected to."""

    source: Source
    address: Address
    limit_bytes: int
    reserve_bytes: int
    seconds: int
    host_key: str = ""
    """`type blob`: the SSH host must show this one."""
    key: KeyPair | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """How a run stands. `end` is empty while it lives, and when it died without a word.

    `done`, `redirect`, `failed`, `large`, `full`, `late`, `empty`, `link`, `cancelled`.
    """

    alive: bool
    end: str = ""
    exit_status: int | None = None
    http_status: int | None = None
    bytes: int = 0
    total_bytes: int | None = None
    percent: int | None = None
    location: str = ""
    directory: bool = False
    said: str = ""
    """The last lines of the program that fetched."""


class Fetcher(Protocol):
    """The storage server fetching by itself. Needs an account with a shell.

    Every call may raise Unavailable; `id_` is deterministic, so that nothing is started twice.
    """

    async def tools(self) -> frozenset[str]:
        """Which of `url`, `git`, `rsync`, `scp` the server can do."""
        ...

    async def resolve(self, *names: str) -> Resolved: ...
    async def ask(self, source: Source, address: Address) -> Answer | None:
        """What a HEAD request is answered; None when nothing sensible is."""
        ...

    async def host_key(self, address: Address, port: int) -> str:
        """`type blob` of the strongest key the host shows; empty when it shows none."""
        ...

    async def start(self, folder: str, id_: str, order: Order) -> None:
        """Raises Exists when it was started before."""
        ...

    async def state(self, folder: str, id_: str) -> Fetched:
        """Raises Missing when there is no such run."""
        ...

    async def cancel(self, folder: str, id_: str) -> None:
        """Ends it, and returns when nothing of it runs any more. Fine if it is over; raises Missing."""
        ...

    # With the account that fetched, which may be another than the member's own

    async def whole(self, folder: str, id_: str) -> Entry | None:
        """What was fetched, once it is whole; None when it was brought to its place before."""
        ...

    async def bring(self, folder: str, id_: str, target: FilePath) -> None:
        """To its place, with the directories above it. Raises Exists."""
        ...

    async def clear(self, folder: str, id_: str) -> None:
        """Whatever is left of the run; fine if there is nothing."""
        ...

    async def runs(self, folder: str) -> tuple[Entry, ...]:
        """The directories of all runs there are, one for each."""
        ...


TRANSFERS = FilePath((".pailot", ".transfers"))


def place(id_: str) -> FilePath:
    return TRANSFERS / id_


def result(id_: str) -> FilePath:
    """What was fetched, once it is whole."""
    return TRANSFERS / id_ / "result"
