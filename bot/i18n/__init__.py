"""Texts: Fluent catalogues in Chinese and English, and how they become Telegram HTML."""

from bot.i18n.catalogue import Catalogue

__all__ = ["Catalogue"]
