"""The storage server over SSH: people's folders, and nothing outside them."""

from bot.storage.client import StorageServer
from bot.storage.connections import Login
from bot.storage.personal import PersonalStores, read_own_key

__all__ = ["Login", "PersonalStores", "StorageServer", "read_own_key"]
