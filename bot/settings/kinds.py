"""The kinds of value a setting can be, and what each says when it is written wrongly.

Values arrive as text (environment) or as TOML values. A complaint quotes what was written only
through `quoted`, which keeps back everything that could be a secret pasted into the wrong place.
"""

import base64
import binascii
import json
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, SecretStr
from rapidfuzz import fuzz, process

SIZE_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40, "P": 2**50}
DURATION_UNITS = {"": 1, "S": 1, "M": 60, "H": 3600, "D": 86400, "W": 7 * 86400}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGTP]?)(?:I?B)?")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([SMHDW]?)")
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MOUNT_OPTIONS = re.compile(r"[A-Za-z0-9_=.:/+-]+(?:,[A-Za-z0-9_=.:/+-]+)*")
_ABSOLUTE = re.compile(r"/[^\x00-\x1f:]*")


def quoted(value: object) -> str:
    """The value in backticks with a space in front, or nothing where it could be a secret."""
    text = str(value).strip()
    secretive = "@" in text or re.search(r"\d:[A-Za-z0-9_-]{6}|[A-Za-z0-9_+=-]{20}", text)
    return "" if secretive or not text.isprintable() or len(text) > 40 else f" `{text}`"


def text_of(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is text: write it in quotes")  # noqa: TRY004 - pydantic collects these
    return value.strip()


def size_bytes(value: object) -> int:
    """`500M`, `2T`, `512 MiB` or a number of bytes; units are powers of 1024, as OpenPAI's are."""
    match = _SIZE.fullmatch(str(value).strip().upper())
    if match is None or isinstance(value, bool):
        raise ValueError(f"{quoted(value)} is not a size: write it like 500M or 2T".strip())
    return int(float(match[1]) * SIZE_UNITS[match[2]])


def duration_seconds(value: object) -> float:
    """`30s`, `15m`, `12h`, `7d`, `2w` or a number of seconds."""
    match = _DURATION.fullmatch(str(value).strip().upper())
    if match is None or isinstance(value, bool):
        raise ValueError(f"{quoted(value)} is not a duration: write it like 30s or 7d".strip())
    seconds = float(match[1]) * DURATION_UNITS[match[2]]
    if seconds <= 0:
        raise ValueError("must be longer than nothing")
    return seconds


def share(value: object) -> float:
    """`90%`, `90` or `0.9`, as a fraction."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", str(value).strip())
    number = float(match[1]) if match and not isinstance(value, bool) else 0.0
    fraction = number / 100 if number > 1 or (match and match[2]) else number
    if not 0 < fraction <= 1:
        raise ValueError(f"{quoted(value)} is not a share of the disk: write it like 90%".strip())
    return fraction


def octal(value: object) -> int:
    """Permission bits; TOML's plain 2777 would be decimal, so they are written in quotes."""
    if isinstance(value, bool) or not isinstance(value, str):
        raise ValueError('is an octal number in quotes, like "2777"')  # noqa: TRY004 - as above
    if not re.fullmatch(r"(?:0o)?[0-7]{1,4}", value.strip()):
        raise ValueError(f"{quoted(value)} is not an octal number like 2777".strip())
    return int(value.strip().removeprefix("0o"), 8)


def switch(value: object) -> object:
    """`on` and `off`, also written as a boolean; other words are left for the choice to judge."""
    if isinstance(value, str):
        value = value.strip().lower()
    words = {True: "on", "true": "on", "yes": "on", "1": "on"}
    words |= {False: "off", "false": "off", "no": "off", "0": "off"}
    return words.get(value, value) if isinstance(value, str | bool) else value


def word(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def listed(value: object) -> object:
    """A list from JSON (`["a", "b"]`), from commas or lines (`a,b`), or from one bare value."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError(f"is not a JSON list: {error.msg} at character {error.pos}") from None
    return [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]


def telegram_id(value: object) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,19}", text) or int(text) == 0:
        raise ValueError(
            f"{quoted(value)} is not a numeric Telegram id (an @name can change hands)".strip()
        )
    return int(text)


def bot_token(value: object) -> SecretStr:
    token = secret_text(value).strip()
    if not _TOKEN.fullmatch(token):
        raise ValueError("is not a bot token: @BotFather gives one like 123456:AAE…")
    return SecretStr(token)


def webhook_secret(value: object) -> SecretStr:
    secret = secret_text(value)
    if not _WEBHOOK_SECRET.fullmatch(secret):
        raise ValueError("must be 1 to 256 characters of A-Z a-z 0-9 _ -, as Telegram asks")
    return SecretStr(secret)


def fernet_key(value: object) -> SecretStr:
    key = secret_text(value).strip()
    try:
        good = len(base64.b64decode(key.encode(), altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        good = False
    if not good:
        raise ValueError("is not a Fernet key: `pailot init --key` prints one")
    return SecretStr(key)


def secret_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if not isinstance(value, str):
        raise ValueError("is text: write it in quotes")  # noqa: TRY004 - pydantic collects these
    return value


def mount_options(value: object) -> str:
    text = text_of(value)
    # They go into the shell line that a job starts with.
    if not _MOUNT_OPTIONS.fullmatch(text):
        raise ValueError("are mount options joined by commas, without spaces: nolock,vers=3")
    return text


def absolute_path(value: object) -> str:
    text = text_of(value)
    if not _ABSOLUTE.fullmatch(text) or ".." in text.split("/"):
        raise ValueError("must be an absolute path, like /data")
    return text.rstrip("/") or "/"


def at_home(path: str | Path) -> Path:
    """`~` and `~somebody` as folders; of a user who does not exist it is left as it stands."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def readable_file(value: object) -> Path:
    path = at_home(text_of(str(value)))
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None


def certificate_file(value: object) -> Path:
    path = readable_file(value)
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        raise ValueError("holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)") from None
    return path


def time_zone(value: object) -> ZoneInfo:
    if isinstance(value, ZoneInfo):
        return value
    text = text_of(value)
    zones = available_timezones()
    if text in zones:
        return ZoneInfo(text)
    hint = nearest(text, sorted(zones))
    raise ValueError(
        f"{quoted(text)} is not a time zone".strip() + (f": did you mean {hint}?" if hint else "")
    )


def nearest(wrong: str, known: Sequence[str]) -> str | None:
    """The known word that most likely was meant, if any comes close."""
    found = process.extractOne(
        wrong.lower(), known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=60
    )
    return found[0] if found else None


Size = Annotated[int, BeforeValidator(size_bytes)]
Duration = Annotated[float, BeforeValidator(duration_seconds)]
Share = Annotated[float, BeforeValidator(share)]
Octal = Annotated[int, BeforeValidator(octal)]
TelegramId = Annotated[int, BeforeValidator(telegram_id)]
BotToken = Annotated[SecretStr, BeforeValidator(bot_token)]
WebhookSecret = Annotated[SecretStr, BeforeValidator(webhook_secret)]
FernetKey = Annotated[SecretStr, BeforeValidator(fernet_key)]
MountOptions = Annotated[str, BeforeValidator(mount_options)]
AbsolutePath = Annotated[str, BeforeValidator(absolute_path)]
ReadableFile = Annotated[Path, BeforeValidator(readable_file)]
CertificateFile = Annotated[Path, BeforeValidator(certificate_file)]
TimeZone = Annotated[ZoneInfo, BeforeValidator(time_zone)]
LIST = BeforeValidator(listed)
SWITCH = BeforeValidator(switch)
WORD = BeforeValidator(word)
