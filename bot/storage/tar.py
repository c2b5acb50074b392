"""Files of ours as a tar stream for `tar -x`: plain files and directories with names that were checked before."""

from collections.abc import AsyncIterable, AsyncIterator

from bot.domain.files.entries import Packed

BLOCK = 512
NAME_BYTES = 100
_FILE, _DIRECTORY, _LONG_NAME = b"0", b"5", b"L"
_MODES = {_FILE: b"0000666", _DIRECTORY: b"0000777", _LONG_NAME: b"0000000"}
"""As open to everybody as a new file is before the umask has its say."""
_ZERO = bytes(BLOCK)


async def tarred(files: AsyncIterable[Packed]) -> AsyncIterator[bytes]:
    """In GNU's form, whose names are bytes of any length.

    Each directory comes before what is in it: where two run at once, tar loses a file whose directory it was
    about to make itself.
    """
    made: set[tuple[str, ...]] = set()
    async for file in files:
        for depth in range(1, len(file.names)):
            if (directory := file.names[:depth]) not in made:
                made.add(directory)
                way = "/".join(directory).encode()
                yield _long(way) + _header(way[:NAME_BYTES], _DIRECTORY, 0)
        name = "/".join(file.names).encode()
        kind = _DIRECTORY if file.data is None else _FILE
        data = file.data or b""
        yield _long(name) + _header(name[:NAME_BYTES], kind, len(data)) + data + _padding(len(data))
    yield _ZERO * 2


def _long(name: bytes) -> bytes:
    """A name that does not fit its field comes in a record of its own, before."""
    if len(name) <= NAME_BYTES:
        return b""
    name += b"\0"
    return _header(b"././@LongLink", _LONG_NAME, len(name)) + name + _padding(len(name))


def _header(name: bytes, kind: bytes, size: int) -> bytes:
    before = b"%b%b\0%b\0%b\0%011o\0%011o\0" % (
        name.ljust(NAME_BYTES, b"\0"), _MODES[kind], b"0000000", b"0000000", size, 0,
    )  # fmt: skip
    after = kind + bytes(NAME_BYTES) + b"ustar  \0"
    # The sum is made as if its own eight bytes were spaces.
    total = sum(before) + 8 * 0x20 + sum(after)
    return (before + b"%06o\0 " % total + after).ljust(BLOCK, b"\0")


def _padding(size: int) -> bytes:
    return bytes(-size % BLOCK)
