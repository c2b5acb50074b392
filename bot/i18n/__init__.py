"""Texts: Fluent catalogues in Chinese and English, and how they become Telegram HTML."""

from bot.i18n.catalogue import Catalogue, choose
from bot.i18n.resources import LANGUAGES, BrokenCatalogue

__all__ = ["LANGUAGES", "BrokenCatalogue", "Catalogue", "choose"]
