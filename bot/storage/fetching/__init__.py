"""The storage server fetching by itself: runs that outlive the connection they were started by."""

from bot.storage.fetching.client import Fetching

__all__ = ["Fetching"]
