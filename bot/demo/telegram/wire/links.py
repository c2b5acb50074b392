"""Which links Telegram accepts in texts and buttons."""

import re
from urllib.parse import urlsplit

USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)$", re.IGNORECASE)
DEEP_LINK = re.compile(
    r"(?:https?://)?(?:t|telegram)\.me/(?P<bot>\w+)\?start(?P<group>group)?=(?P<payload>[^&#]*)$",
    re.IGNORECASE,
)
PLAIN_SCHEMES = ("tg", "ton", "tonsite", "mailto", "tel")


def mentioned_user(link: str) -> int | None:
    match = USER_LINK.match(link.strip())
    return int(match[1]) if match else None


def link_fault(link: str) -> str:
    """Why the link is refused, in Telegram's words; empty when it is fine."""
    parts = link.strip()
    if not parts:
        return "URL must be non-empty"
    if "://" not in parts and not parts.lower().startswith(("tg:", "mailto:", "tel:")):
        parts = f"http://{parts}"
    try:
        url = urlsplit(parts)
        host = url.hostname or ""
        _ = url.port
    except ValueError:
        return "Wrong HTTP URL"
    if url.scheme.lower() in PLAIN_SCHEMES:
        return ""
    if url.scheme.lower() not in ("http", "https"):
        return "Unsupported URL protocol"
    # A host without a dot (localhost, a machine of the campus) is refused by the real one too.
    if not host or any(char.isspace() for char in host) or ("." not in host and ":" not in host):
        return "Wrong HTTP URL"
    return ""


def checked_link(link: str) -> str:
    """The link as Telegram keeps it, or nothing: in a text a bad link is only text."""
    if link_fault(link):
        return ""
    link = link.strip()
    if "://" not in link and not link.lower().startswith(("tg:", "mailto:", "tel:")):
        link = f"http://{link}"
    scheme, _, rest = link.partition("://")
    if scheme.lower() in ("http", "https") and "/" not in rest and "?" not in rest:
        return f"{link}/"
    return link


def deep_link(link: str, bot_username: str) -> str | None:
    """The payload of a `t.me/<bot>?start=` link to this bot; None for any other link."""
    match = DEEP_LINK.match(link.strip())
    if match is None or match["group"] or match["bot"].lower() != bot_username.lower():
        return None
    return match["payload"]
