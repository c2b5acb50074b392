"""7z archives: the server's program lists them and gives all files one after another; they are told apart by size."""

from collections.abc import Callable, Iterator

from bot.domain.errors import UserError
from bot.domain.files.archives import Member, names_of
from bot.services.files.unpacking.streams import LARGEST_READ, Damaged, Ordered


def entries(
    peel: Callable[[str], Ordered],
) -> Iterator[tuple[Member, Callable[[int], bytes]]]:
    """In the order of the content. What nobody reads is read over."""
    content: Ordered | None = None
    behind = 0
    for member in members(_all(peel("7z-list"))):
        left = member.size_bytes

        def read(size: int) -> bytes:
            nonlocal content, behind, left
            content = content or peel("7z")
            while behind:
                behind -= len(_some(content, min(behind, LARGEST_READ)))
            if not left:
                return b""
            piece = _some(content, min(size, left))
            left -= len(piece)
            return piece

        yield member, read
        behind += left


def members(listing: bytes) -> Iterator[Member]:
    """What `7z l -slt` says. Raises UserError for what needs a password."""
    for block in listing.decode("utf-8", "replace").replace("\r\n", "\n").split("\n\n"):
        facts = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if "Path" not in facts:
            continue
        if facts.get("Encrypted") == "+":
            raise UserError("unpack-locked")
        attributes = facts.get("Attributes", "")
        dos, _, unix = attributes.partition(" ")
        size = facts.get("Size", "") or "0"
        if not size.isdecimal() or len(size) > 18:
            raise Damaged
        kind = "directory" if dos.startswith("D") or facts.get("Folder") == "+" else "file"
        if (unix and unix[0] not in "-d") or "L" in dos:
            kind = "other"
        yield Member(names_of(facts["Path"], windows=True), kind, int(size))


def _some(content: Ordered, size: int) -> bytes:
    piece = content.read(size)
    if not piece:
        raise Damaged
    return piece


def _all(source: Ordered) -> bytes:
    found = bytearray()
    while chunk := source.read(LARGEST_READ):
        found += chunk
        if len(found) > LARGEST_READ:
            raise UserError("unpack-many", count=LARGEST_READ // 100)
    return bytes(found)
