"""Reading log files of tasks: through addresses that live 120 s and are never shown to anybody."""

import re
import time
from dataclasses import dataclass

from yarl import URL

from bot.domain.errors import NotFound, Unavailable
from bot.domain.jobs import JobRef, LogText
from bot.domain.people import Token
from bot.openpai.transport import Transport
from bot.openpai.wire import requests, values
from bot.openpai.wire.answers import Answer
from bot.openpai.wire.loose import whole
from bot.openpai.wire.requests import SYSTEM
from bot.openpai.wire.values import LogLocation

TAIL_BYTES = 16 * 1024
SHORT_TAIL_BYTES = 15 * 1024
"""With less than this in the current file, the end of the rotated one is put before it."""
ADDRESS_SECONDS = 90.0
"""Addresses are used again for this long, well within their 120 s."""
ADDRESSES_KEPT = 256
FETCH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class TaskAddress:
    """One attempt of one task. `role` is the normalised name."""

    ref: JobRef
    role: str
    index: int = 0
    attempt: int = 0
    job_attempt: int = 0


@dataclass(frozen=True, slots=True)
class _Piece:
    data: bytes
    start: int
    size: int | None


class LogReader:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._listed: dict[tuple[str, TaskAddress, bool], tuple[float, dict[str, str]]] = {}

    async def names(self, task: TaskAddress, as_: Token) -> tuple[str, ...]:
        return tuple(await self._locations(task, as_, tail=False, anew=True))

    async def tail(self, task: TaskAddress, name: str, as_: Token) -> LogText:
        """The last 16 KiB, with the rotated file's end before it when the log was just rotated.

        Then `start` is negative: that many bytes before the beginning of the current file.
        """
        piece = await self._read(task, name, as_, {}, tail=True, max_bytes=TAIL_BYTES)
        if piece.start or len(piece.data) >= SHORT_TAIL_BYTES:
            return LogText(piece.data, piece.start, piece.size)
        before = await self._rotated(task, name, as_, tail=True)
        before = before[max(0, len(before) + len(piece.data) - TAIL_BYTES) :]
        return LogText(before + piece.data, -len(before), piece.size)

    async def piece(
        self, task: TaskAddress, name: str, as_: Token, start: int, max_bytes: int
    ) -> LogText:
        """From byte `start` on. After a rotation: the rotated file's rest, then the new file."""
        piece = await self._from(task, name, as_, start, max_bytes)
        if piece.size is None or piece.size >= start:
            return LogText(piece.data, piece.start, piece.size)
        self._listed.clear()
        rest = (await self._rotated(task, name, as_, tail=False, start=start))[:max_bytes]
        piece = await self._from(task, name, as_, 0, max_bytes)
        return LogText(rest + piece.data, -len(rest), piece.size)

    async def _from(
        self, task: TaskAddress, name: str, as_: Token, start: int, max_bytes: int
    ) -> _Piece:
        wanted = {"Range": f"bytes={start}-{start + max_bytes - 1}"}
        return await self._read(
            task, name, as_, wanted, tail=False, max_bytes=max_bytes, start=start
        )

    async def _rotated(
        self, task: TaskAddress, name: str, as_: Token, *, tail: bool, start: int = 0
    ) -> bytes:
        try:
            if tail:
                return (
                    await self._read(
                        task, f"{name}.1", as_, {}, tail=True, max_bytes=TAIL_BYTES, known=True
                    )
                ).data
            return (await self._from(task, f"{name}.1", as_, start, 1 << 20)).data
        except NotFound:
            return b""

    async def _read(
        self,
        task: TaskAddress,
        name: str,
        as_: Token,
        headers: dict[str, str],
        *,
        tail: bool,
        max_bytes: int,
        start: int = 0,
        known: bool = False,
    ) -> _Piece:
        """An address refused is asked for once more; `known` spares that for files that need not exist."""
        answer = None
        for anew in (False, True):
            locations = await self._locations(task, as_, tail=tail, anew=anew)
            if name not in locations:
                if anew or known:
                    raise NotFound("log", str(task.ref))
                continue
            url = await self._url(locations[name])
            answer = await self._transport.fetch(
                url,
                {"Accept-Encoding": "identity", **headers},
                timeout_seconds=FETCH_SECONDS,
                max_bytes=max_bytes + start,
            )
            if answer.status not in {401, 403, 404}:
                break
        return _piece_of(answer, task, start, max_bytes, tail=tail)

    async def _locations(
        self, task: TaskAddress, as_: Token, *, tail: bool, anew: bool
    ) -> dict[str, str]:
        key = (as_.user, task, tail)
        now = time.monotonic()
        until, found = self._listed.get(key, (0.0, {}))
        if now < until and not anew:
            return found
        request = requests.logs(
            task.ref, task.role, task.index, task.attempt, task.job_attempt, tail=tail
        )
        listed = values.log_locations(await self._transport.call(request, as_), request)
        found = _addresses(listed)
        if len(self._listed) >= ADDRESSES_KEPT:
            self._listed.clear()
        self._listed[key] = (now + ADDRESS_SECONDS, found)
        return found

    async def _url(self, uri: str) -> URL:
        """Relative to the portal's origin; an absolute one (azure storage) only by https.

        Our own token is never sent along: the address is its own key.
        """
        base = await self._transport.base()
        try:
            url = URL(uri, encoded=True)
        except ValueError:
            raise Unavailable(SYSTEM, "the log's address could not be read") from None
        if url.absolute:
            if url.scheme == "https" and url.host and not url.user and not url.password:
                return url
            raise Unavailable(SYSTEM, "the log's address is not safe to open")
        if not uri.startswith("/") or uri.startswith(("//", "/\\")):
            raise Unavailable(SYSTEM, "the log's address could not be read")
        if not base.portal:
            raise Unavailable(
                SYSTEM, "logs are served by the portal only: set openpai.url to its address"
            )
        return URL(f"{URL(base.portal).origin()}{uri}", encoded=True)


def _addresses(listed: tuple[LogLocation, ...]) -> dict[str, str]:
    return {location.name: location.uri for location in listed}


def _piece_of(
    answer: Answer | None, task: TaskAddress, start: int, max_bytes: int, *, tail: bool
) -> _Piece:
    if answer is None or answer.status in {401, 403, 404}:
        raise NotFound("log", str(task.ref))
    begins, size = _content_range(answer.header("content-range"))
    match answer.status:
        case 206:
            return _Piece(answer.body[:max_bytes], begins or 0, size)
        case 200 if answer.html:
            raise Unavailable(SYSTEM, "a web page came instead of the log")
        case 200:
            whole_size = whole(answer.header("content-length"))
            if tail:
                body = answer.body
                return _Piece(body, 0, whole_size)
            return _Piece(answer.body[start : start + max_bytes], start, whole_size)
        case 416:
            return _Piece(b"", start, size if size is not None else start)
        case status:
            raise Unavailable(SYSTEM, f"the log server answered HTTP {status}")


def _content_range(header: str) -> tuple[int | None, int | None]:
    """`bytes 195533-211916/211917`, or `bytes */138` when the range lies outside."""
    found = re.match(r"\s*bytes\s+(?:(\d{1,18})-\d+|\*)/(\d{1,18}|\*)", header)
    if not found:
        return None, None
    return whole(found[1]), whole(found[2])
