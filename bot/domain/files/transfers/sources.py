"""What a transfer fetches: a URL, a git repository, or a path on a host that is reached by SSH."""

import re
import shlex
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from bot.domain.errors import UserError
from bot.domain.files.paths import name_problem, shown
from bot.domain.files.transfers import addresses

HOPS = 5
"""Redirects followed, each judged anew."""
LONGEST = 4000
PORTS = {"http": 80, "https": 443, "ssh": 22}
WAYS = ("git", "rsync", "scp", "url")
_SSH = re.compile(
    r"(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})@(?P<host>\[[^\]]+\]|[^\s:/@\[\]]+):(?P<path>.+)"
)
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_KEPT = "/:@!$&'()*+,;=~-._%"
"""What stays as it is in a path; everything else is written in percents."""


@dataclass(frozen=True, slots=True)
class Source:
    """`way` is `url`, `git`, `rsync` or `scp`; `scheme` is `http`, `https` or `ssh`."""

    way: str
    scheme: str
    host: str
    port: int
    path: str
    """Of a URL, with the question mark part, in percents; of an SSH source as it is on the host."""
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def netloc(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        """Without the login. An SSH path of git's is relative to the account's home, unless it begins with /."""
        if self.scheme != "ssh":
            return f"{self.scheme}://{self.netloc}{self.path}"
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{name}:{self.path}"

    @property
    def shown(self) -> str:
        """For people and records: without the login, and without what a signed URL has after its `?`."""
        path, asked, _ = self.path.partition("?")
        if self.scheme == "ssh":
            port = "" if self.port == PORTS["ssh"] else f" (port {self.port})"
            return shown(self.url) + port
        return shown(f"{self.scheme}://{self.netloc}{unquote(path)}") + ("?…" if asked else "")

    @property
    def name(self) -> str:
        """What the thing is probably called; empty when it can't be told."""
        path = self.path if self.scheme == "ssh" else unquote(self.path.partition("?")[0])
        name = path.rstrip("/").rpartition("/")[2].rpartition(":")[2]
        if self.way == "git":
            name = name.removesuffix(".git")
        return "" if name_problem(name) or not name.isprintable() else name

    def redirected(self, location: str) -> "Source":
        """Where the answer sends us; the login stays with its host. Raises UserError."""
        target = url(urljoin(self.url, location), "url")
        if target.user or target.password:
            raise UserError("transfer-bad-redirect", host=self.host)
        if (target.scheme, target.host, target.port) == (self.scheme, self.host, self.port):
            return replace(target, user=self.user, password=self.password)
        return target

    def to_json(self) -> list[Any]:
        return [self.way, self.scheme, self.host, self.port, self.path, self.user, self.password]

    @classmethod
    def from_json(cls, values: list[Any]) -> "Source":
        return cls(*values)


def read(words: str) -> tuple[Source, str]:
    """`[git|rsync|scp] SOURCE [TARGET] [port=N]`: the source, and where it goes. Raises UserError."""
    try:
        parts = shlex.split(words)
    except ValueError:
        raise UserError("transfer-quotes") from None
    port = 0
    for part in [part for part in parts if part.startswith("port=")]:
        parts.remove(part)
        if not re.fullmatch(r"port=\d{1,5}", part) or not 0 < int(part[5:]) < 65536:
            raise UserError("transfer-bad-port", port=shown(part[5:]))
        port = int(part[5:])
    way = parts.pop(0) if parts and parts[0] in WAYS else ""
    if not parts:
        raise UserError("how-transfer")
    if len(parts) > 2:
        raise UserError("transfer-many", word=shown(parts[2]))
    return source(parts[0], way, port), parts[1] if len(parts) > 1 else ""


def source(words: str, way: str = "", port: int = 0) -> Source:
    """Raises UserError for what is no source, or none that is ever fetched."""
    words = words.strip()
    if words.startswith("-") or len(words) > LONGEST or not words.isprintable():
        raise UserError("transfer-bad-source", source=shown(words))
    if "::" in words.partition("[")[0]:
        kind = words.partition("::")[0]  # `ext::…` of git, or a module of rsync's daemon
        raise UserError("transfer-scheme", scheme=shown(kind if kind.isalpha() else "host::"))
    if match := re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/", words):
        scheme = match[1].lower()
        if scheme == "ssh":
            return _ssh_url(words, way, port)
        if scheme not in {"http", "https"}:
            raise UserError("transfer-scheme", scheme=shown(scheme))
        found = url(words, "git" if way == "git" or (not way and _repository(words)) else way)
        return replace(found, port=port) if port else found
    if match := _SSH.fullmatch(words):
        return _ssh(match["user"], match["host"], port or 22, match["path"], way)
    raise UserError("transfer-bad-source", source=shown(words))


def url(words: str, way: str) -> Source:
    """A web address, taken apart and put together anew, so that no two programs read it differently."""
    if len(words) > LONGEST or "\\" in words or not words.isprintable():
        raise UserError("transfer-bad-source", source=shown(words))
    try:
        parts = urlsplit(words)
        port = parts.port
        host = parts.netloc.rpartition("@")[2]
        host = host if port is None else host.rpartition(":")[0]
        name = addresses.host(host.removesuffix(":"))
    except ValueError:
        raise UserError("transfer-bad-source", source=_cut(words)) from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise UserError("transfer-scheme", scheme=shown(parts.scheme))
    if way in {"rsync", "scp"}:
        raise UserError("transfer-way", way=way)
    if way == "git" and parts.scheme.lower() != "https":
        raise UserError("transfer-git-http")
    path = quote(parts.path or "/", _KEPT) + (
        f"?{quote(parts.query, _KEPT + '?')}" if parts.query else ""
    )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isprintable():
        raise UserError("transfer-bad-source", source=_cut(words))
    scheme = parts.scheme.lower()
    return Source(way or "url", scheme, name, port or PORTS[scheme], path, user, password)


def _ssh_url(words: str, way: str, port: int) -> Source:
    try:
        parts = urlsplit(words)
        found = parts.port
        host = parts.netloc.rpartition("@")[2]
        host = host if found is None else host.rpartition(":")[0]
    except ValueError:
        raise UserError("transfer-bad-source", source=_cut(words)) from None
    if parts.password:
        raise UserError("transfer-ssh-password")
    path = unquote(parts.path)
    return _ssh(unquote(parts.username or ""), host, port or found or 22, path, way)


def _ssh(user: str, host: str, port: int, path: str, way: str) -> Source:
    way = way or ("git" if user == "git" or path.rstrip("/").endswith(".git") else "rsync")
    if way == "url":
        raise UserError("transfer-way", way=way)
    try:
        name = addresses.host(host)
    except ValueError:
        raise UserError("transfer-bad-source", source=shown(host)) from None
    bad = not _USER.fullmatch(user) or path.startswith(("-", ":", "~")) or not path.isprintable()
    # What an old scp lets the far side's shell expand, and what a path has no need of.
    if bad or any(letter in path for letter in "*?[]{}$`;&|<>\\\"'()!#"):
        raise UserError("transfer-bad-source", source=shown(path))
    path = path.rstrip("/") or "/"
    if path == "/" or ".." in path.split("/"):
        raise UserError("transfer-bad-source", source=shown(path))
    return Source(way, "ssh", name, port, path, user)


def _repository(words: str) -> bool:
    return words.partition("?")[0].rstrip("/").endswith(".git")


def _cut(words: str) -> str:
    """An address that could not be read may have a login in it: it is not repeated."""
    return shown(words.partition("://")[0] + "://…") if "@" in words else shown(words)
