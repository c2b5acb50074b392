"""What is in an archive, and what of it may be unpacked: names are kept inside, bombs are refused unlit."""

import re
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.files.paths import PATH_BYTES, name_problem, shown

MOST_MEMBERS = 200_000
MOST_DEPTH = 64
RATIO, RATIO_FROM_BYTES = 200, 1 << 30
"""So much larger than the archive is no honest data any more, once it is large."""
_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")
MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"7z\xbc\xaf\x27\x1c", "sevenzip"),
)
SUFFIXES = (
    ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".tbz", ".txz", ".tzst",
    ".tar", ".zip", ".7z", ".gz", ".bz2", ".xz", ".zst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. `kind` is `file`, `directory`, or `other`: links and devices, which are left out."""

    names: tuple[str, ...]
    kind: str
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What was found by looking through; `complete` False: it is so large that the look was ended."""

    files: int
    bytes: int
    left_out: int
    tops: tuple[str, ...]
    """Names at the very top, in order; more than are shown to anybody."""
    nested: bool = False
    """Something lies in a directory."""
    complete: bool = True


def kind_of(head: bytes) -> str:
    """`zip`, `7z`, `tar`, or how it is compressed: `gz bz2 xz zst`; empty for what is no archive."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    return "tar" if is_tar(head) else ""


def is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def stem(name: str) -> str:
    """What an archive unpacks to when it does not say: its name without the ending."""
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return f"{name[:100]}-unpacked"


def decoded(raw: bytes) -> str:
    """A name whose encoding nobody tells: UTF-8, else what Chinese Windows writes.

    Every byte string is something; what is neither is shown with replacement characters.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def names_of(path: str, *, windows: bool = False) -> tuple[str, ...]:
    """The names that lead to an entry, from the top. Raises UserError for what would lead out.

    A slash in front is dropped, as tar does; `windows`: backslashes part names where no slash does.
    """
    if windows and "\\" in path and "/" not in path:
        path = path.replace("\\", "/")
    path = _DRIVE.sub("", path)
    names = tuple(name for name in path.split("/") if name not in {"", "."})
    if ".." in names:
        raise UserError("unpack-leads-out", path=shown(path))
    for name in names:
        if problem := name_problem(name):
            raise UserError("files-bad-name", name=shown(name), problem=problem)
    if len(names) > MOST_DEPTH or sum(len(name.encode()) + 1 for name in names) > PATH_BYTES // 2:
        raise UserError("unpack-deep", path=shown(path))
    return names


class Tally:
    """Counts what comes by, and raises UserError as soon as it is too much or contradicts itself."""

    def __init__(self, archive_bytes: int, limit_bytes: int) -> None:
        self.files = 0
        self.bytes = 0
        self.left_out = 0
        self._seen = 0
        self._archive_bytes = max(1, archive_bytes)
        self._limit_bytes = limit_bytes
        self._files: set[tuple[str, ...]] = set()
        self._directories: set[tuple[str, ...]] = set()
        self._tops: dict[str, None] = {}

    def add(self, member: Member) -> bool:
        """Whether it is unpacked."""
        self._seen += 1
        if self._seen > MOST_MEMBERS:
            raise UserError("unpack-many", count=MOST_MEMBERS)
        if member.kind == "other" or (member.kind == "file" and not member.names):
            self.left_out += 1
            return False
        if not member.names:
            return False
        self._tops[member.names[0]] = None
        self._fits(member)
        if member.kind == "file":
            self.files += 1
            self.bytes += member.size_bytes
        self._fit()
        return True

    def _fit(self) -> None:
        if self.bytes > RATIO_FROM_BYTES and self.bytes > RATIO * self._archive_bytes:
            raise UserError("unpack-bomb", bytes=self.bytes, archive=self._archive_bytes)
        if self.bytes > self._limit_bytes:
            raise UserError("unpack-no-room", bytes=self.bytes, free=self._limit_bytes)

    def grow(self, count: int) -> None:
        """So much more came of a file whose size nobody told before."""
        self.bytes += count
        self._fit()

    def contents(self, *, complete: bool = True) -> Contents:
        return Contents(
            self.files,
            self.bytes,
            self.left_out,
            tuple(self._tops),
            bool(self._directories),
            complete,
        )

    def _fits(self, member: Member) -> None:
        """No file where a directory is, no directory where a file is, no file twice."""
        names = member.names
        above = names if member.kind == "directory" else names[:-1]
        for depth in range(len(above), 0, -1):
            one = names[:depth]
            if one in self._directories:
                break
            if one in self._files:
                raise UserError("unpack-contradicts", path=shown("/".join(one)))
            self._directories.add(one)
        if member.kind == "file":
            if names in self._directories or names in self._files:
                raise UserError("unpack-contradicts", path=shown("/".join(names)))
            self._files.add(names)
