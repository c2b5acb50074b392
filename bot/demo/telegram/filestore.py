"""Contents of files people and the bot sent, in memory and, for the demo, in a folder."""

import base64
import hashlib
import mimetypes
from pathlib import Path

from bot.demo.telegram.errors import bad_request
from bot.demo.telegram.state import State, StoredFile

# The table of the standard library alone: the machine's own would answer differently elsewhere.
KINDS = mimetypes.MimeTypes()
KINDS.add_type("application/x-yaml", ".yaml")
KINDS.add_type("application/x-yaml", ".yml")
KINDS.add_type("text/plain", ".log")

DOWNLOAD_LIMIT_BYTES = 20 << 20
PHOTO_LIMIT_BYTES = 10 << 20


class FileStore:
    """Files by `file_id`; `folder` keeps the contents over a restart."""

    def __init__(self, state: State, folder: Path | None = None) -> None:
        self._state = state
        self._folder = folder
        self._contents: dict[str, bytes] = {}

    def add(self, name: str, content: bytes, mime: str = "", *, photo: bool = False) -> StoredFile:
        """Stores a document, or a picture whose size in pixels must be readable."""
        self._state.last_file += 1
        number = self._state.last_file
        width, height = picture_size(content) if photo else (0, 0)
        suffix = Path(name).suffix if Path(name).suffix.isascii() else ""
        file = StoredFile(
            id=_identifier("AgACAgUAA" if photo else "BQACAgUAA", f"{self._state.bot.id}/{number}"),
            unique_id=_identifier("AQAD" if photo else "AgAD", f"u{number}")[:16],
            name=name,
            mime=_mime(name, mime, photo=photo),
            size=len(content),
            path=f"photos/file_{number}.jpg" if photo else f"documents/file_{number}{suffix}",
            width=width,
            height=height,
        )
        self._state.files[file.id] = file
        if self._folder is None:
            self._contents[file.id] = content
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / file.unique_id).write_bytes(content)
        return file

    def find(self, file_id: str) -> StoredFile:
        file = self._state.files.get(file_id)
        if file is None:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        return file

    def by_path(self, path: str) -> StoredFile | None:
        return next((file for file in self._state.files.values() if file.path == path), None)

    def content(self, file: StoredFile) -> bytes:
        if self._folder is None:
            return self._contents[file.id]
        return (self._folder / file.unique_id).read_bytes()

    def clear(self) -> None:
        if self._folder is not None:
            for file in self._state.files.values():
                (self._folder / file.unique_id).unlink(missing_ok=True)
        self._contents.clear()
        self._state.files.clear()


def _identifier(prefix: str, seed: str) -> str:
    digest = hashlib.sha256(seed.encode()).digest()
    return prefix + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _mime(name: str, told: str, *, photo: bool) -> str:
    if photo:
        return told if told.startswith("image/") else "image/jpeg"
    guessed, _ = KINDS.guess_type(name)
    return guessed or told or "application/octet-stream"


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height, or Telegram's refusal of what it cannot show as a picture."""
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    if len(content) > PHOTO_LIMIT_BYTES:
        raise bad_request("File is too big")
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
