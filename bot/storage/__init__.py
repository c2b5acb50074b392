"""The storage server over SSH: people's folders, and nothing outside them."""

from bot.storage.client import StorageServer
from bot.storage.connections import Login

__all__ = ["Login", "StorageServer"]
