"""A command line as people write it: `/command@bot words`."""

import re

SLASHES = ("/", "／")
"""Chinese keyboards write the wide one."""
_COMMAND = re.compile(r"[/／][a-z0-9_]+(?:@\w*)?(?![!-~])", re.IGNORECASE | re.ASCII)
"""Ends as in Telegram: before any space, however wide, and before other scripts, as in `/jobs失败`."""
HELP = frozenset({"help", "帮助"})
HARMLESS = HELP | {"openpai", "harbor", "storage"}
"""Words behind a command with passwords that are none."""


def split(words: str) -> tuple[str, str, str]:
    """(`command`, `bot it is addressed to`, `the rest, byte for byte`); all empty for other talk."""
    if not words.startswith(SLASHES):
        return "", "", ""
    found = _COMMAND.match(words) or re.match(r"\S*", words)
    end = found.end() if found else 0
    name, _, bot = words[1:end].partition("@")
    return name.lower(), bot.lower(), words[end + 1 :] if words[end:][:1].isspace() else words[end:]


def holds_secret(rest: str) -> bool:
    """Whether what stands behind a command with passwords may be one."""
    return bool(rest.strip()) and rest.strip().lower() not in HARMLESS
