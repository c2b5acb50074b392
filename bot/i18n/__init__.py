"""Texts: Fluent catalogues in Chinese and English, and how they become Telegram HTML."""

from bot.i18n.catalogue import Catalogue
from bot.i18n.resources import BrokenCatalogue

__all__ = ["BrokenCatalogue", "Catalogue"]
