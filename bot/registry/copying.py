"""Copies of images: blobs mounted, found or streamed with bounded memory, then the manifests' very bytes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.domain.errors import Denied, Refused, Unavailable
from bot.domain.images.manifest import Blob, Copied, Manifest
from bot.domain.images.ports import Progress
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.feeding import TRIES, Feed, Side
from bot.registry.places import Place
from bot.registry.transport import Transport, address
from bot.registry.wire.answers import SYSTEM, Answer, failure

MOST_MANIFESTS = 200
DEEPEST = 4
PAUSE_SECONDS = 0.5
_OCTETS = {"Content-Type": "application/octet-stream"}

Fetch = Callable[[Reference, Token], Awaitable[Manifest]]
Ready = Callable[[str], Awaitable[None]]


@dataclass(slots=True)
class _Tally:
    progress: Progress
    total: int = 0
    done: int = 0
    sent: int = 0
    seen: set[str] = field(default_factory=set)

    def passing(self, size: int) -> None:
        """Of the blob that is on its way; whether they arrive is counted at its end."""
        self.progress(self.done + size, self.total)

    def count(self, size: int, *, sent: bool) -> None:
        self.done += size
        self.sent += size if sent else 0
        self.progress(self.done, self.total)


class Copying:
    def __init__(
        self, transport: Transport, fetch: Fetch, pause_seconds: float = PAUSE_SECONDS
    ) -> None:
        self._transport = transport
        self._fetch = fetch
        self._pause_seconds = pause_seconds

    async def copy(self, source: Side, target: Side, progress: Progress, ready: Ready) -> Copied:
        """Exactly one tag (or digest) of the target changes, and only after all parts have arrived.

        `ready` is asked right before that, and raises if it must not: the tag is not what it was, or unwanted by now.
        """
        top = await self._fetch(source[1], source[2])
        parts = await self._collect(source, top)
        blobs = {b.digest: b for part in parts for b in part.blobs() if not b.elsewhere}
        tally = _Tally(progress, sum(blob.size for blob in blobs.values()))
        for blob in blobs.values():
            await self._bring(source, target, blob, tally)
        place, image, as_ = target
        for part in parts[1:]:
            await self.put(place, image.at(digest=part.digest), part, as_)
        wanted = image if image.tag or image.digest else image.at(tag="latest")
        await ready(top.digest)
        await self.put(place, wanted, top, as_)
        return Copied(top.digest, tally.sent, tally.done - tally.sent)

    async def put(self, place: Place, image: Reference, manifest: Manifest, as_: Token) -> None:
        """The bytes as they were received: another byte would be another digest."""
        below = f"/v2/{quote(image.path, safe='/')}/manifests/{quote(image.tag or image.digest, safe=':')}"
        try:
            answer = await self._transport.call(
                place,
                "PUT",
                below,
                as_,
                _scope(image),
                headers={"Content-Type": manifest.media_type},
                body=manifest.body,
            )
        except Unavailable:  # its answer may be what was lost
            accept = {"Accept": manifest.media_type}
            there = await self._transport.call(
                place, "HEAD", below, as_, _scope(image), headers=accept
            )
            if there.ok and there.headers.get("docker-content-digest") == manifest.digest:
                return
            raise
        if not answer.ok:
            raise failure(answer, str(image))
        told = answer.headers.get("docker-content-digest", manifest.digest)
        if told != manifest.digest:
            raise Unavailable(SYSTEM, "it stored other bytes than were sent")

    async def _collect(self, source: Side, top: Manifest) -> list[Manifest]:
        """The image and what it consists of, children before their parents but for the first."""
        found: dict[str, Manifest] = {top.digest: top}
        below: list[Manifest] = []
        level = [top]
        for _ in range(DEEPEST):
            digests = [c.digest for part in level for c in part.children if c.digest not in found]
            if not digests:
                return [top, *reversed(below)]
            if len(found) + len(digests) > MOST_MANIFESTS:
                break
            level = []
            for digest in dict.fromkeys(digests):
                part = await self._fetch(source[1].at(digest=digest), source[2])
                found[digest] = part
                level.append(part)
            below += level
        raise Refused(SYSTEM, "an index of too many images")

    async def _bring(self, source: Side, target: Side, blob: Blob, tally: _Tally) -> None:
        place, image, as_ = target
        own = source[0].host == place.host
        if (own and source[1].path == image.path) or await self._there(target, blob):
            tally.count(blob.size, sent=False)
            return
        begin = f"/v2/{quote(image.path, safe='/')}/blobs/uploads/"
        if own:
            mount = f"{begin}?mount={blob.digest}&from={quote(source[1].path, safe='/')}"
            scope = f"{_scope(image)} repository:{source[1].path}:pull"
            answer = await self._transport.call(place, "POST", mount, as_, scope)
            if answer.status == 201:
                tally.count(blob.size, sent=False)
                return
        else:
            answer = await self._transport.call(place, "POST", begin, as_, _scope(image))
        if answer.status != 202:
            raise failure(answer, str(image))
        await self._upload(source, target, blob, _location(place, answer), tally)

    async def _there(self, target: Side, blob: Blob) -> bool:
        place, image, as_ = target
        path = f"/v2/{quote(image.path, safe='/')}/blobs/{blob.digest}"
        answer = await self._transport.call(place, "HEAD", path, as_, _scope(image))
        if answer.status in {401, 403}:
            raise Denied(SYSTEM)
        return answer.status == 200

    async def _upload(
        self, source: Side, target: Side, blob: Blob, location: str, tally: _Tally
    ) -> None:
        """Goes on where it was cut, as long as something gets through."""
        place, image, as_ = target
        at, failed = 0, 0
        while at < blob.size:
            try:
                location = await self._send(source, target, blob, at, location, tally)
                reached = blob.size
            except Unavailable:
                await asyncio.sleep(self._pause_seconds * (failed + 1))
                reached, location = await self._resume(target, location)
            failed = 0 if reached > at else failed + 1
            if failed >= TRIES:
                raise Unavailable(SYSTEM, "the connection keeps breaking")
            tally.count(reached - at, sent=True)
            at = reached
        done = (
            location + ("&" if "?" in location else "?") + f"digest={quote(blob.digest, safe=':')}"
        )
        try:
            answer = await self._transport.call(
                place, "PUT", done, as_, _scope(image), headers=_OCTETS
            )
        except Unavailable:  # its answer may be what was lost
            if await self._there(target, blob):
                return
            raise
        if not answer.ok:
            raise failure(answer, str(image))

    async def _send(
        self, source: Side, target: Side, blob: Blob, at: int, location: str, tally: _Tally
    ) -> str:
        """Stream the rest of the blob; the address for what comes next."""
        place, image, as_ = target
        length = {
            "Content-Length": str(blob.size - at),
            "Content-Range": f"{at}-{blob.size - 1}",
        }
        feeding = Feed(self._transport, source, blob, at, self._pause_seconds, tally.passing)
        async with feeding as feed:
            try:
                async with self._transport.open(
                    place,
                    "PATCH",
                    location,
                    as_,
                    _scope(image),
                    headers={**_OCTETS, **length},
                    body=feed.pieces(),
                ) as answer:
                    if answer.status not in {201, 202, 204}:
                        body = await answer.content.read(1 << 16)
                        raise failure(Answer(answer.status, {}, body), str(image))
                    return _relative(place, answer.headers.get("Location", ""))
            except Unavailable:
                if feed.trouble is not None:
                    raise feed.trouble from None
                raise

    async def _resume(self, target: Side, location: str) -> tuple[int, str]:
        """How many bytes have arrived, and where to send the rest."""
        place, image, as_ = target
        try:
            answer = await self._transport.call(place, "GET", location, as_, _scope(image))
        except Unavailable:
            return 0, location
        end = answer.headers.get("range", "").rpartition("-")[2]
        if answer.ok and end.isascii() and end.isdecimal() and int(end):
            return int(end) + 1, _location(place, answer)
        # Forgotten, or "0-0", which means none or one byte: from the start, into a new upload.
        begin = f"/v2/{quote(image.path, safe='/')}/blobs/uploads/"
        answer = await self._transport.call(place, "POST", begin, as_, _scope(image))
        if answer.status != 202:
            raise failure(answer, str(image))
        return 0, _location(place, answer)


def _scope(image: Reference) -> str:
    return f"repository:{image.path}:pull,push"


def _location(place: Place, answer: Answer) -> str:
    return _relative(place, answer.headers.get("location", ""))


def _relative(place: Place, location: str) -> str:
    """Path and query only: behind a proxy registries give addresses that nobody else can reach."""
    if not location:
        raise Unavailable(SYSTEM, "it does not say where to upload")
    url = address(location)
    base = place.url.raw_path.rstrip("/")
    path = url.raw_path.removeprefix(base) if base else url.raw_path
    return path + (f"?{url.raw_query_string}" if url.raw_query_string else "")
