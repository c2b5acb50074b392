"""A Harbor in memory that answers like the real one: REST, registry, token service, webhooks."""

from bot.demo.harbor.emulator import HarborEmulator
from bot.demo.harbor.hooks import Target
from bot.demo.harbor.lab import ImagesLab
from bot.demo.harbor.store import ADMIN, DEVELOPER, GUEST, MAINTAINER

__all__ = ["ADMIN", "DEVELOPER", "GUEST", "MAINTAINER", "HarborEmulator", "ImagesLab", "Target"]
