"""A person's folder on the storage server: which paths lead into it, and what is found there."""

from bot.domain.files.entries import Entry, Kind, Piece, Server, Space, Trashed, Usage
from bot.domain.files.paths import OWN, FilePath, Places, name_problem

__all__ = [
    "OWN",
    "Entry",
    "FilePath",
    "Kind",
    "Piece",
    "Places",
    "Server",
    "Space",
    "Trashed",
    "Usage",
    "name_problem",
]
