"""Opened, migrated databases for tests, without migrating each time."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url

from db import Database
from db.backends import migrating

KEY = "bm90IGEgc2VjcmV0OiBvbmx5IGZvciB0aGUgdGVzdHM="
"""A Fernet key that everybody may know."""


@functools.cache
def template() -> Path:
    """A migrated, empty SQLite file, made once per process."""
    folder = Path(tempfile.mkdtemp(prefix="pailot-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    migrating.upgrade(make_url(f"sqlite:///{path}"))
    return path


def sqlite_url(folder: Path, name: str = "pailot.db") -> str:
    """The URL of a migrated file in that folder; an existing one is kept."""
    path = folder / name
    if not path.exists():
        shutil.copyfile(template(), path)
    return f"sqlite:///{path}"


async def sqlite(folder: Path, keys: Sequence[str] = (KEY,), **options: int) -> Database:
    """An opened, migrated database in that folder. Close it."""
    db = Database(sqlite_url(folder), keys, **options)
    await db.open()
    return db
