"""Archives one entry after another, from bytes that nobody vouches for. Runs in a thread; touches no disk."""

import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from bot.domain.errors import UserError
from bot.domain.files.archives import Member, decoded, is_tar, kind_of, names_of, stem
from bot.services.files.unpacking import sevenzip
from bot.services.files.unpacking.streams import Damaged, Forward, Ordered, RemoteFile, Unpressed

HEAD_BYTES = 512
UNKNOWN = -1
"""Of a compressed single file: how large it becomes shows only when it is read."""

Read = Callable[[int], bytes]
Entries = Iterator[tuple[Member, Read]]
Peel = Callable[[str], Ordered]
"""Opens what a program of the server makes of the file."""


def entries(file: RemoteFile, name: str, peel: Peel) -> Entries:
    """Each member with what reads it, in the archive's order; to be read before the next is asked for.

    Raises UserError for what is no archive, is damaged, or would lead out.
    """
    head = file.read(HEAD_BYTES)
    file.seek(0)
    kind = kind_of(head)
    with _explained():
        if kind == "zip":
            yield from _zip(file)
        elif kind == "tar":
            yield from _tar(cast("IO[bytes]", file))
        elif kind in {"gz", "bz2", "xz"}:
            yield from _compressed(file, kind, name)
        elif kind == "zst":
            yield from _unpressed(peel("zst"), name)
        elif kind == "sevenzip":
            yield from sevenzip.entries(peel)
        else:
            raise UserError("unpack-kind")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except NotImplementedError:  # raised by zipfile, for a compression it does not know
        raise UserError("unpack-method") from None
    except (
        zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
        ValueError, OverflowError, RecursionError, IndexError, MemoryError,
    ):  # fmt: skip
        raise Damaged from None


def _zip(file: RemoteFile) -> Entries:
    with zipfile.ZipFile(cast("IO[bytes]", file)) as archive:
        infos = archive.infolist()
        decode = _zip_names(infos)
        for info in infos:
            if info.flag_bits & 1:
                raise UserError("unpack-locked")
            path = decode(info)
            kind = "directory" if path.endswith(("/", "\\")) else "file"
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                kind = "other"
            member = Member(names_of(path, windows=True), kind, info.file_size)
            if kind != "file":
                yield member, _nothing
                continue
            # Opened only if it is read: a look costs no jump through the file.
            opened: list[IO[bytes]] = []

            def read(
                size: int, info: zipfile.ZipInfo = info, opened: list[IO[bytes]] = opened
            ) -> bytes:
                if not opened:
                    opened.append(archive.open(info))
                return opened[0].read(size)

            yield member, read
            for one in opened:
                one.close()


def _zip_names(infos: list[zipfile.ZipInfo]) -> Callable[[zipfile.ZipInfo], str]:
    """Names without the mark of UTF-8 are of one encoding throughout, that of the machine it was made on."""
    unmarked = [_raw(info) for info in infos if not info.flag_bits & 0x800]
    try:
        for raw in unmarked:
            raw.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "gb18030"

    def decode(info: zipfile.ZipInfo) -> str:
        if info.flag_bits & 0x800:
            return info.orig_filename
        try:
            return _raw(info).decode(encoding)
        except UnicodeDecodeError:
            return decoded(_raw(info))

    return decode


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes of the name: zipfile reads them as code page 437, which has a character for each."""
    return info.orig_filename.encode("cp437", "replace")


def _tar(file: IO[bytes]) -> Entries:
    with tarfile.TarFile(
        fileobj=file, mode="r", encoding="utf-8", errors="surrogateescape"
    ) as archive:
        while (info := archive.next()) is not None:
            vars(archive)["members"] = []  # they would all be kept
            kind = "file" if info.isfile() else "directory" if info.isdir() else "other"
            if info.size < 0:
                raise Damaged
            path = decoded(info.name.encode("utf-8", "surrogateescape"))
            member = Member(names_of(path), kind, info.size if kind == "file" else 0)
            opened = archive.extractfile(info) if kind == "file" else None
            yield member, opened.read if opened is not None else _nothing
        # tarfile takes anything that is no header for the end.
        file.seek(archive.offset)
        if file.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise Damaged


def _compressed(file: RemoteFile, kind: str, name: str) -> Entries:
    yield from _unpressed(Unpressed(file, kind), name)


def _unpressed(source: Ordered, name: str) -> Entries:
    inner = Forward(source)
    head = inner.read(HEAD_BYTES)
    inner.seek(0)
    if is_tar(head):
        yield from _tar(cast("IO[bytes]", inner))
        return
    yield Member(names_of(stem(name)), "file", UNKNOWN), inner.read


def _nothing(_size: int) -> bytes:
    return b""
