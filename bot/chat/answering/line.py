"""A command line as people write it: `/command@bot words`."""

HELP = frozenset({"help", "帮助"})
HARMLESS = HELP | {"openpai", "harbor", "storage"}
"""Words behind a command with passwords that are none."""


def split(words: str) -> tuple[str, str, str]:
    """(`command`, `bot it is addressed to`, `the rest, byte for byte`); all empty for other talk."""
    head = words.split(maxsplit=1)[0] if words[:1] == "/" else ""
    if not head.startswith("/"):
        return "", "", ""
    name, _, bot = head[1:].partition("@")
    rest = words[len(head) :]
    return name.lower(), bot.lower(), rest[1:]


def holds_secret(rest: str) -> bool:
    """Whether what stands behind a command with passwords may be one."""
    return bool(rest.strip()) and rest.strip().lower() not in HARMLESS
