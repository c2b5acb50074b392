"""What is told to the programs that fetch, and how their words are read; touches no network."""

import base64
import re

from bot.domain.files.transfers.addresses import Address, read
from bot.domain.files.transfers.fetching import Answer, Fetched, Order, Resolved
from bot.domain.files.transfers.sources import PORTS, Source

_PERCENT = re.compile(rb"(\d{1,3})%")
_STATUS = re.compile(rb"HTTP/[\d.]+ (\d{3})")
_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)
_GIT = 2, 37
"""From here on git can be pinned to an address (http.curloptResolve)."""


def curl(source: Source, address: Address, *, only_head: bool, limit_bytes: int = 0) -> bytes:
    """A configuration for `curl --config -`: no redirect is followed, no other address spoken to."""
    lines = [
        f"url = {_quoted(source.url)}",
        *(f"resolve = {_quoted(pin)}" for pin in _pins(source, address)),
        'proto = "=http,https"',
        'noproxy = "*"',
        'user-agent = "pailot"',
        "globoff",
        "silent",
        "show-error",
        "connect-timeout = 20",
    ]
    if source.user or source.password:
        lines.append(f"user = {_quoted(f'{source.user}:{source.password}')}")
    if only_head:
        lines += ["head", "max-time = 15"]
    else:
        lines += [
            "fail",
            'output = "payload/it"',
            'dump-header = "head"',
            'write-out = "%{http_code}\\n"',
            f"max-filesize = {limit_bytes}",
            "speed-limit = 1",
            "speed-time = 180",
        ]
    return "\n".join(lines).encode()


def git(source: Source, address: Address) -> bytes:
    """A whole configuration for git: nothing but https, to this address, with nothing of ours run."""
    lines = [
        "[http]",
        "followRedirects = false",
        *(f"curloptResolve = {_quoted(pin)}" for pin in _pins(source, address)),
        "lowSpeedLimit = 1",
        "lowSpeedTime = 180",
        'proxy = ""',
        "[protocol]",
        "allow = never",
        '[protocol "https"]',
        "allow = always",
        "[core]",
        "hooksPath = /dev/null",
        "[credential]",
        'helper = ""',
        "[submodule]",
        "recurse = false",
    ]
    if source.user or source.password:
        login = base64.b64encode(f"{source.user}:{source.password}".encode()).decode()
        lines[1:1] = [f"extraHeader = {_quoted('Authorization: Basic ' + login)}"]
    return "\n".join(lines).encode()


def run(order: Order, umask: str) -> tuple[tuple[str | int, ...], bytes]:
    """The words and the standard input of the runner."""
    source = order.source
    how, what = source.way, ""
    if source.way == "url":
        told = curl(source, order.address, only_head=False, limit_bytes=order.limit_bytes)
    elif source.scheme == "https":
        what, told = source.url, git(source, order.address)
    else:
        if source.way == "git":
            how, what = "gitssh", source.url
        else:
            what = f"{source.user}@source:{source.path}"
        private = order.key.private if order.key else ""
        told = f"source {order.host_key}\n{private.strip()}\n".encode()
    words: tuple[str | int, ...] = (
        order.limit_bytes, order.reserve_bytes, order.seconds, umask, how, what,
        str(order.address), source.port,
    )  # fmt: skip
    return words, told


def resolved(said: bytes) -> Resolved:
    names: dict[str, list[str]] = {}
    own: list[str] = []
    for line in said.decode("utf-8", "replace").splitlines():
        name, _, address = line.partition(" ")
        if name == "=":
            own = address.split()
        else:
            names.setdefault(name, []).append(address)
    return Resolved({name: read(found) for name, found in names.items()}, read(own))


def tools(said: bytes) -> frozenset[str]:
    """Which ways there are, from the programs that there are."""
    lines = said.decode("utf-8", "replace").splitlines()
    programs = {line.rpartition("/")[2] for line in lines if line.startswith("/")}
    found = {"url"} if "curl" in programs else set()
    version = next((line for line in lines if line.startswith("git version ")), "")
    numbers = re.match(r"git version (\d+)\.(\d+)", version)
    if "git" in programs and numbers and (int(numbers[1]), int(numbers[2])) >= _GIT:
        found.add("git")
    if {"ssh", "ssh-keyscan"} <= programs:
        found |= {"rsync", "scp"} & programs
        found.add("ssh")
    return frozenset(found) if "setsid" in programs else frozenset()


def host_key(said: bytes) -> str:
    found: dict[str, str] = {}
    for line in said.decode("utf-8", "replace").splitlines():
        fields = line.split()
        if len(fields) == 3 and re.fullmatch(r"[A-Za-z0-9+/=]{40,2000}", fields[2]):
            found[fields[1]] = fields[2]
    return next((f"{kind} {found[kind]}" for kind in _TYPES if kind in found), "")


def answer(headers: bytes) -> Answer | None:
    """The last of the answers in it."""
    status = _STATUS.findall(headers)
    if not status:
        return None
    return Answer(int(status[-1]), _header(headers, b"location"), _length(headers))


def state(said: bytes) -> Fetched:
    told, _, rest = said.partition(b"--head\n")
    headers, _, words = rest.partition(b"\n--said\n")
    facts = dict(
        line.split(" ", 1) for line in told.decode("ascii", "replace").splitlines() if " " in line
    )
    ended = facts.get("end", "").split()
    numbers = [int(one) for one in ended[1:] if one.isdecimal()]
    redirected = ended[:1] == ["redirect"]
    count = facts.get("bytes", "")
    size = int(count) if count.isdecimal() else 0
    percents = _PERCENT.findall(words)
    percent = min(100, int(percents[-1])) if percents else None
    total = None if redirected else _length(headers)
    if total is None and percent and b"Receiving" not in words and b"Resolving" not in words:
        total = size * 100 // percent
    return Fetched(
        facts.get("alive") == "yes",
        ended[0] if ended else "",
        None if redirected or not numbers else numbers[0],
        (numbers[0] if redirected else numbers[1] if len(numbers) > 1 else None)
        if numbers
        else None,
        size,
        total,
        percent,
        _header(headers, b"location"),
        facts.get("kind") == "directory",
        _last_lines(words),
    )


def _last_lines(words: bytes) -> str:
    lines = words.decode("utf-8", "replace").replace("\r", "\n").splitlines()
    clean = ["".join(c for c in line if c.isprintable()).strip() for line in lines]
    telling = [line for line in clean if line and not _PERCENT.search(line.encode())]
    return "\n".join(telling[-3:])[:400]


def _header(headers: bytes, name: bytes) -> str:
    found = re.findall(rb"(?im)^" + name + rb":[ \t]*([^\r\n]{0,4000})", headers)
    return found[-1].strip().decode("utf-8", "replace") if found else ""


def _length(headers: bytes) -> int | None:
    length = _header(headers, b"content-length")
    return int(length) if length.isdecimal() and len(length) < 18 else None


def _pins(source: Source, address: Address) -> tuple[str, ...]:
    """The host at this address and no other; one that is written as an address is pinned by that."""
    if read((source.host,)):
        return ()
    where = f"[{address}]" if address.version == 6 else str(address)
    return (f"{source.host}:{source.port or PORTS[source.scheme]}:{where}",)


def _quoted(words: str) -> str:
    """For the files that curl and git read: one line, with quotes around it."""
    if not words.isprintable():
        raise ValueError("a line break where none may be")
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
