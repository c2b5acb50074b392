"""`WWW-Authenticate`: how a registry wants to be asked, and the token its token service gives."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import Unavailable
from bot.registry.wire.answers import SYSTEM, Answer, plain

_SCHEME = re.compile(r"^\s*([A-Za-z]+)(?:\s+(.*))?$", re.DOTALL)
_PARAMETER = re.compile(r'([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
SHORTEST_SECONDS = 60
"""What a token lives when its service does not say."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """`scheme` is `basic` or `bearer`."""

    scheme: str
    realm: str = ""
    service: str = ""
    scope: str = ""
    error: str = ""


def challenge(headers: Iterable[str]) -> Challenge | None:
    """The best of several: Bearer before Basic. None when there is none that we know."""
    found = [one for header in headers if (one := _read(header)) is not None]
    # Harbor asks for a token of nobody's where the project is missing: that is no way to ask at all.
    found = [one for one in found if one.scheme == "basic" or one.realm]
    found.sort(key=lambda one: one.scheme != "bearer")
    return found[0] if found else None


def _read(header: str) -> Challenge | None:
    match = _SCHEME.match(header[:4096])
    if match is None or match[1].lower() not in {"basic", "bearer"}:
        return None
    said = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or bare
        for name, quoted, bare in _PARAMETER.findall(match[2] or "")
    }
    return Challenge(
        match[1].lower(),
        said.get("realm", ""),
        said.get("service", ""),
        said.get("scope", ""),
        said.get("error", ""),
    )


@dataclass(frozen=True, slots=True)
class Bearer:
    value: str
    lives_seconds: float

    def __repr__(self) -> str:
        return f"Bearer({self.lives_seconds:g} s)"


def bearer(answer: Answer) -> Bearer:
    """Harbor sends an empty `access_token` beside `token` (contracts/harbor.md 0.11)."""
    match plain(answer.body):
        case {**said}:
            value = said.get("token") or said.get("access_token")
            lives = said.get("expires_in")
            if isinstance(value, str) and value.isascii() and value.isprintable():
                seconds = lives if isinstance(lives, int | float) and lives > 0 else 0
                return Bearer(value, min(max(seconds, SHORTEST_SECONDS), 86400))
    raise Unavailable(SYSTEM, "its token service gave no token")
