"""Texts of the demo in both languages of its visitors."""

from typing import Literal, TypedDict

Language = Literal["en", "zh"]


class Words(TypedDict):
    """One text, twice."""

    en: str
    zh: str


def language_of(locale: str) -> Language:
    """The demo's language for a locale such as `zh_CN.UTF-8`; English for any other."""
    return "zh" if locale.lower().startswith("zh") else "en"
