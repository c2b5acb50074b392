"""The quick line of `/run`: options first, then the command, from there byte for byte."""

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.errors import UserError
from bot.domain.protocol import PRIORITIES
from bot.domain.text import Argument, Text, text

ALIASES = {
    "名称": "name",
    "名字": "name",
    "镜像": "image",
    "显卡": "gpu",
    "内存": "mem",
    "共享内存": "shm",
    "虚拟集群": "vc",
    "优先级": "priority",
    "重试": "retries",
    "备注": "note",
}
KEYS = (
    "name",
    "image",
    "gpu",
    "cpu",
    "mem",
    "shm",
    "vc",
    "sku",
    "priority",
    "retries",
    "note",
    "mount",
)
NOT_YET = ("conda", "pip", "stage", "ssh", "dry", "ports", "secret")
"""Options of product 3 that later versions will know."""
MOUNTS = ("on", "off", "plugin")
NOW = frozenset({"now", "立即"})
END = frozenset({"--", "—", "——"})
"""Phones turn `--` into a dash."""
NOTE_LENGTH = 300
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」"}
_KEY = re.compile(r"([^\W\d][\w.-]*)[=＝]")
_APART = re.compile(r"[ \t\u3000]+[=＝](?![=＝])[ \t\u3000]*(\S{1,40})")
_PULL = re.compile(r"pull\s+\S+(?:\s+|\Z)")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SIZE = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s?([MGT])(?:I?B)?\Z", re.IGNORECASE)
_MEGABYTES = {"M": 1, "G": 1024, "T": 1024 * 1024}


@dataclass(frozen=True, slots=True)
class RunLine:
    """What was said; what was not said is None, and comes from the last job or the site."""

    command: str
    now: bool = False
    name: str | None = None
    image: str | None = None
    gpus: int | None = None
    cpus: int | None = None
    memory_mb: int | None = None
    shm_mb: int | None = None
    vc: str | None = None
    sku: str | None = None
    priority: str | None = None
    retries: int | None = None
    note: str | None = None
    env: tuple[tuple[str, str], ...] = ()
    mount: str | None = None
    """How the personal folder is to be there: `on`, `off` or `plugin`."""
    test: bool = False
    """The command is Pailot's own test of the image, as long as nobody writes another."""


def parse(line: str) -> RunLine:
    """Raises UserError naming the word that can't be right.

    Options fill the first line, and further lines that hold nothing else. The first other word starts the
    command; a key in upper case (`CUDA_VISIBLE_DEVICES=0`) is such a word, and `--` ends the options.
    """
    return _read(line).finish()


def change(old: RunLine, words: str) -> RunLine:
    """The old line with what `words` say instead: options, a new command, or both. Raises as `parse` does."""
    reader = _read(words)
    command = reader.line[reader.at :]
    env = tuple({**dict(old.env), **reader.env}.items())
    other = bool(command.strip())
    command = command if other else old.command
    test = old.test and not other
    return replace(old, command=command, now=False, env=env, test=test, **reader.said)


def _read(line: str) -> "_Reader":
    reader = _Reader(line)
    while (word := reader.next_word()) is not None:
        if not reader.take(word):
            break
    return reader


@dataclass(slots=True)
class _Word:
    """A word among the options. `value` is None when it has no `=`."""

    raw: str
    start: int
    end: int
    key: str = ""
    value: str | None = None


@dataclass(slots=True)
class _Reader:
    line: str
    at: int = 0
    now: bool = False
    words: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)

    def next_word(self) -> _Word | None:
        """Where a further line is not options alone, the command starts with it."""
        start = self._skip_space(self.at)
        if start == len(self.line):
            self.at = start
            return None
        new_line = "\n" in self.line[self.at : start]
        if new_line and self.words and not self._only_options(start):
            self.at = start
            return None
        return self._word(start)

    def take(self, word: _Word) -> bool:
        """False: the command has begun."""
        self.at = word.start
        if word.value is None:
            return self._take_bare(word)
        if word.key.isupper():
            return False
        self._take_option(word)
        self._move_past(word)
        return True

    def finish(self) -> RunLine:
        command = self.line[self.at :]
        if self.said.get("image") == "docker" and (pasted := _PULL.match(command)):
            self.said["image"] = f"docker {pasted[0].strip()}"  # the check offers what is in it
            command = command[pasted.end() :]
        if not command.strip():
            raise _error("run-no-command")
        return RunLine(command, now=self.now, env=tuple(self.env.items()), **self.said)

    def _take_bare(self, word: _Word) -> bool:
        if word.raw in END:
            self.at = self._skip_space(word.end)
            return False
        if word.raw == "dry":
            raise _error("run-not-yet", word=word.raw)
        if _known(word.raw) and (value := _APART.match(self.line, word.end)):
            raise _error("run-apart", word=f"{word.raw} = …", right=f"{word.raw}={value[1]}")
        if word.raw not in NOW:
            return False
        if self.words:
            raise _error("run-now-first", word=word.raw)
        self.now = True
        self._move_past(word)
        return True

    def _take_option(self, word: _Word) -> None:
        key = ALIASES.get(word.key, word.key)
        head, dot, rest = key.partition(".")
        value = word.value or ""
        if head in NOT_YET:
            raise _error("run-not-yet", word=f"{key}=")
        if head == "env" and dot:
            self._take_env(word, rest, value)
            return
        if key not in _OPTIONS:
            raise _error("run-unknown-key", word=f"{word.key}=", near=_near(word.key))
        if not value.strip():
            raise _error("run-empty-value", word=f"{word.key}=")
        attribute, read = _OPTIONS[key]
        if attribute in self.said:
            raise _error("run-twice", word=f"{word.key}=")
        self.said[attribute] = read(word.raw, value)

    def _take_env(self, word: _Word, name: str, value: str) -> None:
        if not _ENV_NAME.match(name):
            raise _error("run-bad-env", word=word.raw)
        if name in self.env:
            raise _error("run-twice", word=f"{word.key}=")
        self.env[name] = value

    def _move_past(self, word: _Word) -> None:
        self.at = word.end
        self.words += 1

    def _word(self, start: int) -> _Word:
        keyed = _KEY.match(self.line, start)
        if not keyed:
            end = self._skip_word(start)
            return _Word(self.line[start:end], start, end)
        value_at = keyed.end()
        closing = _QUOTES.get(self.line[value_at : value_at + 1])
        if closing is None or keyed[1].isupper():
            end = self._skip_word(value_at)
            return _Word(self.line[start:end], start, end, keyed[1], self.line[value_at:end])
        value, end = self._quoted(start, value_at, closing)
        return _Word(self.line[start:end], start, end, keyed[1], value)

    def _quoted(self, start: int, opening_at: int, closing: str) -> tuple[str, int]:
        """Within `"…"` a backslash keeps the next quote or backslash as it is."""
        value: list[str] = []
        at = opening_at + 1
        while at < len(self.line):
            letter = self.line[at]
            if letter == "\\" and closing == '"' and self.line[at + 1 : at + 2] in {'"', "\\"}:
                value.append(self.line[at + 1])
                at += 2
                continue
            if letter == closing:
                end = self._skip_word(at + 1)
                if end != at + 1:
                    raise _error("run-after-quote", word=_short(self.line[start:end]))
                return "".join(value), end
            value.append(letter)
            at += 1
        raise _error("run-open-quote", word=_short(self.line[start : self._skip_word(start)]))

    def _only_options(self, start: int) -> bool:
        """Is the line that begins here made of options we know, and nothing else?"""
        end = self.line.find("\n", start)
        words = self.line[start : end if end >= 0 else len(self.line)]
        keys = [match[1] for match in _KEY.finditer(words)]
        rest = _OPTION.sub("", words)
        return bool(keys) and not rest.strip() and all(_known(key) for key in keys)

    def _skip_space(self, at: int) -> int:
        while at < len(self.line) and self.line[at].isspace():
            at += 1
        return at

    def _skip_word(self, at: int) -> int:
        while at < len(self.line) and not self.line[at].isspace():
            at += 1
        return at


_OPTION = re.compile(
    r"""[^\W\d][\w.-]*[=＝](?:"(?:\\.|[^"\\])*"|'[^']*'|“[^”]*”|‘[^’]*’|「[^」]*」|\S+)"""
)


def _known(key: str) -> bool:
    key = ALIASES.get(key, key)
    head, dot, _ = key.partition(".")
    return key in _OPTIONS or key in NOT_YET or bool(dot and head in {"env", "ports", "secret"})


def _near(key: str) -> Text | str:
    """The option that was probably meant; nothing is better than a wild guess."""
    candidates = [*KEYS, "env", *ALIASES]
    cutoff = 0.6 if key.isascii() else 0.5  # one wrong character of two
    found = difflib.get_close_matches(key.lower(), candidates, n=1, cutoff=cutoff)
    return text("run-near", word=f"{found[0]}=") if found else ""


def _error(key: str, /, **args: Argument | Text) -> UserError:
    return UserError(key, usage=text("run-usage"), **args)


def _short(word: str) -> str:
    return word if len(word) <= 60 else f"{word[:59]}…"


def _words(raw: str, value: str) -> str:
    return value.strip()


def _note(raw: str, value: str) -> str:
    if len(value) > NOTE_LENGTH:
        raise _error("run-too-long", word="note=", most=NOTE_LENGTH)
    return value.strip()


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def read(raw: str, value: str) -> int:
        plain = unicodedata.normalize("NFKC", value).strip()
        number = int(plain) if re.fullmatch(r"[0-9]{1,6}", plain) else -1
        if not least <= number <= most:
            raise _error("run-bad-number", word=_short(raw), least=least, most=most)
        return number

    return read


def _size(raw: str, value: str) -> int:
    """In MB. A bare number is refused: some mean MB by it, some GB."""
    found = _SIZE.match(unicodedata.normalize("NFKC", value).strip())
    megabytes = int(float(found[1]) * _MEGABYTES[found[2].upper()]) if found else 0
    if not 1 <= megabytes <= 64 * 1024 * 1024:
        raise _error("run-bad-size", word=_short(raw))
    return megabytes


def _priority(raw: str, value: str) -> str:
    if value not in PRIORITIES:
        raise _error("run-bad-choice", word=_short(raw), choices=", ".join(PRIORITIES))
    return value


def _mount(raw: str, value: str) -> str:
    if value not in MOUNTS:
        raise _error("run-bad-choice", word=_short(raw), choices=", ".join(MOUNTS))
    return value


_OPTIONS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "name": ("name", _words),
    "image": ("image", _words),
    "gpu": ("gpus", _number(0, 1024)),
    "cpu": ("cpus", _number(1, 4096)),
    "mem": ("memory_mb", _size),
    "shm": ("shm_mb", _size),
    "vc": ("vc", _words),
    "sku": ("sku", _words),
    "priority": ("priority", _priority),
    "retries": ("retries", _number(0, 100)),
    "note": ("note", _note),
    "mount": ("mount", _mount),
}
