"""OpenPAI: the client of its rest-server, and the reading of its job protocols."""

from bot.openpai.client import Pai

__all__ = ["Pai"]
