"""Package names that people type, made ready for a Dockerfile or refused in words they can use."""

import re

from bot.domain.errors import UserError

MOST = 60
"""Packages in one list: beyond it a requirements file is the better place."""

_SEPARATORS = str.maketrans(
    dict.fromkeys("，、；,;\n\t\r", " ") | {"＝": "=", "－": "-", "＋": "+"}
)
_QUOTES = "'\"“”‘’`"
_APT_COMMAND = re.compile(r"^(?:sudo\s+)?apt(?:-get)?\s+install\s+")
_PIP_COMMAND = re.compile(r"^(?:python3?\s+-m\s+)?pip3?\s+install\s+")
_APT = re.compile(r"[a-z0-9][a-z0-9+.-]{1,60}(?:=[A-Za-z0-9.+:~-]{1,60})?")
_PIP = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,60}[A-Za-z0-9])?(?:\[[A-Za-z0-9,._-]{1,60}\])?==[A-Za-z0-9][A-Za-z0-9.+!_-]{0,40}"
)
_PIP_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}(?:\[[A-Za-z0-9,._-]{1,60}\])?")


def apt_packages(words: str) -> str:
    """`ffmpeg, tmux` or a whole `apt install` line as `ffmpeg tmux`. Raises UserError."""
    names = _names(words, _APT_COMMAND)
    for name in names:
        if not _APT.fullmatch(name):
            raise UserError("dockerfile-bad-apt", name=name[:60])
    return " ".join(names)


def pip_packages(words: str) -> str:
    """`pandas==2.0.3 tqdm==4.66.1`. Raises UserError; a version is not optional, or the image can't be built again."""
    names = _names(_glued(words), _PIP_COMMAND)
    if loose := [name for name in names if not _PIP.fullmatch(name) and _PIP_BARE.fullmatch(name)]:
        raise UserError("dockerfile-unpinned-pip", names=" ".join(loose), first=loose[0])
    for name in names:
        if not _PIP.fullmatch(name):
            raise UserError("dockerfile-bad-pip", name=name[:60])
    return " ".join(names)


def _glued(words: str) -> str:
    """`pandas == 2.0.3` is one word; a comma inside `[…]` is none between packages."""
    words = re.sub(r"\s*([=＝]{2,3})\s*", r"\1", words)
    return re.sub(r"\[[^\]\s]*\]", lambda extra: extra[0].replace(",", "\0"), words)


def _names(words: str, command: re.Pattern[str]) -> list[str]:
    """Without the command around them, its options, comments, and repetitions."""
    lines = [re.sub(r"(^|\s)#.*$", "", line) for line in words.strip().split("\n")]
    bare = command.sub("", " ".join(lines).strip()).translate(_SEPARATORS).replace("\0", ",")
    bared = (word.strip(_QUOTES) for word in bare.split())
    names = [name for name in bared if name and not name.startswith("-") and name != "\\"]
    names = list(dict.fromkeys(names))
    if not names:
        raise UserError("dockerfile-no-packages")
    if len(names) > MOST:
        raise UserError("dockerfile-many-packages", most=MOST)
    return names
