"""The demo's folder: held by one demo at a time, and what it keeps between starts."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

LOCK = "lock"


class LabError(Exception):
    """The lab can't start; the text is one line for whoever started it."""


class Folder:
    """A folder of the demo's own. `take` locks it until `release`, or until the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock: int | None = None

    def take(self) -> None:
        """Makes the folder if need be; LabError when it can't be written or another demo has it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LabError(f"{self.path} can't be written: {reason(error)}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise LabError(
                f"{self.path} is in use by another demo; stop it, or use --data with another folder"
            ) from None
        self._lock = lock
        self._try_writing()

    def _try_writing(self) -> None:
        probe = self.path / "probe"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            self.release()
            raise LabError(f"{self.path} can't be written: {reason(error)}") from None

    def release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kept(self, name: str, make: Callable[[], str]) -> str:
        """What the file of this name says; the first time it is made, readable by its owner only."""
        file = self.path / name
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(make())
        return file.read_text().strip()

    def empty(self) -> None:
        """Throws away everything but the lock."""
        for entry in self.path.iterdir():
            if entry.name == LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
