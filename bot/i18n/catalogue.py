"""Texts in every language Pailot speaks."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle
from fluent.runtime.resolver import Pattern
from fluent.runtime.types import FluentInt, FluentType

from bot.domain.people import LANGUAGES, choose
from bot.domain.text import Argument, Text
from bot.i18n import functions, resources
from bot.i18n.html import escape, plain
from bot.i18n.resources import Sources

log = logging.getLogger(__name__)

_LONG = 200
"""Fluent refuses placeables above 2500 characters, log lines for instance. Longer arguments than this one
pass it as a mark and take their place afterwards."""
_MARK = re.compile("\ue000(\\d+)\ue001")

_Shown = str | FluentType
_Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Catalogue:
    """Renders texts. Never raises: what can't be said is visible to the reader and logged once."""

    def __init__(
        self, sources: Mapping[str, Sources], *, timezone: str, clock: _Clock = _now
    ) -> None:
        """`sources` by language."""
        zone = ZoneInfo(timezone)
        self._voices = {
            language: _Voice(language, sources[language], lambda: clock().astimezone(zone))
            for language in sources
        }

    @classmethod
    def load(cls, *, timezone: str = "Asia/Shanghai", clock: _Clock = _now) -> Self:
        """The texts that come with Pailot. `timezone` is the site's; times are shown in it."""
        sources = {language: resources.read(language) for language in LANGUAGES}
        return cls(sources, timezone=timezone, clock=clock)

    def render(self, text: Text, language: str) -> str:
        """As Telegram HTML. Every string argument is escaped; a nested text is rendered first."""
        return self._voice(language).render(text)

    def label(self, text: Text, language: str) -> str:
        """As plain text: for buttons, the command menu and notices, which know no markup."""
        return plain(self.render(text, language))

    def has(self, key: str) -> bool:
        return all(voice.has(key) for voice in self._voices.values())

    def _voice(self, language: str) -> "_Voice":
        return self._voices.get(language) or self._voices[choose(language, "", "")]


class _Voice:
    """One language. A text is read when it is first said: all of them at once are 6 MiB and half a second."""

    def __init__(self, language: str, sources: Sources, now: _Clock) -> None:
        self._language = language
        self._unread = resources.texts(sources)
        self._bundle = FluentBundle(
            [language],
            functions=cast("Any", functions.functions(self._say, language, now)),
            use_isolating=False,  # the invisible marks would be copied along with job names
        )
        self._complained: set[str] = set()

    def has(self, key: str) -> bool:
        return self._pattern(key) is not None

    def render(self, text: Text) -> str:
        long: list[str] = []
        args = {name: self._shown(value, long) for name, value in text.args.items()}
        said = self._format(text.key, args)
        return _MARK.sub(lambda mark: long[int(mark[1])], said) if long else said

    def _say(self, key: str, /, **args: Any) -> str:
        return self._format(key, args)

    def _shown(self, value: Argument | Text, long: list[str]) -> _Shown:
        match value:
            case Text():
                shown = self.render(value)
            case str():
                shown = escape(value).translate(_NO_MARKS)
            case int():  # true and false are 1 and 0: `{ $late -> [0] … *[other] … }`
                return FluentInt(value, useGrouping=False)
            case _:
                return value  # type: ignore[return-value]
        if len(shown) <= _LONG:
            return shown
        long.append(shown)
        return f"\ue000{len(long) - 1}\ue001"

    def _format(self, key: str, args: Mapping[str, Any]) -> str:
        pattern = self._pattern(key)
        if pattern is None:
            self._complain(key, "there is no such text")
            return f"⟦{key}⟧"
        said, errors = self._bundle.format_pattern(pattern, dict(args))
        if errors:
            self._complain(key, "; ".join(str(error) for error in errors))
        return str(said)

    def _pattern(self, key: str) -> Pattern | None:
        name, _, attribute = key.partition(".")
        self._read(name)
        if not self._bundle.has_message(name):
            return None
        message = self._bundle.get_message(name)
        return message.attributes.get(attribute) if attribute else message.value

    def _read(self, name: str) -> None:
        """One text, and what it refers to."""
        source = self._unread.get(name)
        if source is not None:
            resource = resources.parsed(source)
            self._bundle.add_resource(resource)
            self._unread.pop(name, None)
            for other in resources.references(resource):
                self._read(other)

    def _complain(self, key: str, problem: str) -> None:
        if key not in self._complained:
            self._complained.add(key)
            log.error("text %s (%s): %s", key, self._language, problem)


_NO_MARKS = {0xE000: "\ufffd", 0xE001: "\ufffd"}
