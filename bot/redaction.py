"""Takes secrets out of text before anybody can read it: in logs, errors and health pages."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[secret]"

# A secret shorter than this would blank out ordinary words.
_SHORTEST = 4
# No pattern may try a long word again from each of its letters: log lines can be 100 kB of base64.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Telegram's addresses carry the token: /bot<id>:<secret>/getMe and /file/bot<id>:<secret>/…
    (re.compile(r"(/bot)\d+(?::|%3A)[^/\s\"'?#]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"(?<![A-Za-z0-9])(bot)?\d{3,20}(?::|%3A)[\w-]{20,}", re.IGNORECASE), MASK),
    # JSON web tokens of OpenPAI and Harbor; every one begins with the base64 of `{"`.
    (re.compile(r"eyJ[\w-]{5,400}\.[\w-]+(?:\.[\w-]*)?"), MASK),
    # Fernet keys: 32 bytes as base64url.
    (re.compile(r"(?<![\w+/-])[\w-]{43}=(?![\w=])"), MASK),
    # Headers, as lines, in a dict's repr, or as JSON (quotes may be escaped).
    (
        re.compile(
            r"((?:authorization|secret-token|set-cookie|cookie)\\?[\"']?\s*[:=,]\s*\(?(?:b(?=\\?[\"']))?\\?[\"']?)"
            r"(?:(?:basic|bearer|token)\s+)?[^\s\"'\\,}]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"\b([Bb]earer\s+)[\w.~+/=-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"\b([Bb]asic\s+)(?=\S*[A-Z0-9=])[A-Za-z0-9+/]{8,}={0,2}"), rf"\1{MASK}"),
    # Query strings and forms: the log manager's token=, and what people call such things.
    (
        re.compile(r"((?:token|password|passwd|secret|\bsig)=)[^&\s\"'<>\\;,)]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (
        re.compile(
            r"((?:token|password|passwd|secret)\\?[\"']\s*:\s*\\?[\"'])[^\"'\\]+",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # scheme://user:password@host
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+@"), rf"\1{MASK}@"),
    # SQLAlchemy's errors quote the parameters of the statement, which are people's data.
    (
        re.compile(r"\[parameters: .*?(?:\](?=\s*(?:\n|\\n|$|\(Background))|\Z)", re.DOTALL),
        "[parameters hidden]",
    ),
)


class Redactor:
    """Replaces the secrets it was told of, in every spelling, and whatever is shaped like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {form for secret in secrets for form in _spellings(secret)}
        # The longest first, so that no part of a longer secret is left standing.
        known = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


def _spellings(secret: str) -> Iterable[str]:
    """The secret as it looks plain, in an address, in JSON, and in Python's repr of text or bytes."""
    whole = [secret]
    identity, colon, rest = secret.partition(":")
    if colon and identity.isdigit():
        whole.append(rest)  # a bot token's secret half
    for text in whole:
        if len(text) >= _SHORTEST:
            data = text.encode("utf-8", "surrogatepass")
            yield from (text, quote(data, safe=""), quote(data), quote_plus(data))
            yield from (json.dumps(text)[1:-1], repr(text)[1:-1], repr(data)[2:-1])
