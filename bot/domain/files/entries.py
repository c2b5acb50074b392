"""What is found in a folder, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.files.paths import FilePath, name_problem


class Kind(StrEnum):
    FILE = "file"
    DIRECTORY = "directory"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a directory, as lstat tells of it. A name that is not UTF-8 has surrogates in it."""

    name: str
    kind: Kind
    size_bytes: int = 0
    modified: datetime | None = None
    uid: int = 0
    mode: int = 0
    links: int = 1

    @property
    def can_be_named(self) -> bool:
        """Whether people can say this name in a chat; what they can't say is only shown."""
        return not name_problem(self.name)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a directory holds, on disk; `parts` are its subdirectories, with all below them."""

    total_bytes: int
    parts: "tuple[Part, ...]" = ()
    complete: bool = True
    """False: something could not be read, so there is more than this."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    size_bytes: int
    modified: datetime | None = None
    """The latest change of anything below it, if the server can tell."""


@dataclass(frozen=True, slots=True)
class Space:
    """Of the disk that holds the data root."""

    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The beginning of a stream: how large the whole file is, and when it was changed last."""

    size_bytes: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Packed:
    """A small file among many, whole; `data` None is a directory. Each of `names` can be one."""

    names: tuple[str, ...]
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Trashed:
    """Something in the trash: its id there, where it came from, and when."""

    id: str
    origin: FilePath
    at: datetime


@dataclass(frozen=True, slots=True)
class Server:
    """What a connection found out about the server and the account."""

    shell: bool
    """False: SFTP only, and then chrooted."""
    root: str
    """The data root with its links resolved, as the account sees it."""
    uid: int | None = None
