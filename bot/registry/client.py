"""All registries as the domain's Registries: one method per thing they can be asked."""

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote

import aiohttp

from bot.domain.errors import NotFound, Refused, Unavailable
from bot.domain.images.errors import Changed, Elsewhere
from bot.domain.images.manifest import MANIFEST_TYPES, Copied, ImageConfig, Manifest, Seen
from bot.domain.images.ports import ANONYMOUS, Progress
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.copying import Copying
from bot.registry.places import Place, Places
from bot.registry.transport import CALL_SECONDS, SILENCE_SECONDS, Transport
from bot.registry.wire import manifests
from bot.registry.wire.answers import SYSTEM, Answer, failure

ACCEPT = {"Accept": ", ".join(MANIFEST_TYPES)}
NO_PULL = {**ACCEPT, "User-Agent": "harbor-registry-client"}
"""Harbor counts no pull for this one (contracts/harbor.md 2.6); other registries count none anyway."""
MOST_LISTED = 10_000
UNTOLD = "?"
"""Stands for the digest of a registry that tells none."""
LARGEST_CONFIG_BYTES = 8 << 20
PAGE = 1000


class RegistryClient:
    """Every registry of the settings. Has a `Transport`, which says what its session must be like."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        places: Iterable[Place],
        *,
        call_seconds: float = CALL_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._places = Places(places)
        self._transport = Transport(
            session, call_seconds=call_seconds, silence_seconds=silence_seconds
        )
        self._copying = Copying(self._transport, self.manifest)

    @property
    def hosts(self) -> tuple[str, ...]:
        return self._places.hosts

    def knows(self, host: str) -> bool:
        return self._places.find(host) is not None

    def host_of(self, name: str) -> str:
        place = self._places.named(name)
        return place.host if place else ""

    def call_also(self, host: str, other: str) -> bool:
        return self._places.call_also(host, other)

    def site_login(self, host: str) -> Token:
        place = self._places.find(host)
        return place.login if place else ANONYMOUS

    def system_of(self, host: str) -> str:
        """What a login for this host is filed under; empty for hosts that are not ours."""
        place = self._places.find(host)
        return place.system if place else ""

    async def look(self, image: Reference, as_: Token) -> Seen:
        answer = await self._ask(
            "HEAD", image, f"/manifests/{_version(image)}", as_, headers=ACCEPT
        )
        if not answer.ok:
            raise failure(answer, str(image))
        return manifests.seen(answer)

    async def tags(self, image: Reference, as_: Token) -> tuple[str, ...]:
        """Some registries ignore the page size and send all at once."""
        place, target = self._places.of(image), f"{_base(image)}/tags/list?n={PAGE}"
        return await self._listed(
            place, target, as_, _scope(image, "pull"), image.name, manifests.tags
        )

    async def catalogue(self, host: str, as_: Token) -> tuple[str, ...]:
        """The paths of its repositories, emptied ones too. Public registries and Harbor refuse it."""
        place = self._places.find(host)
        if place is None:
            raise Elsewhere(host)
        target, scope = f"/v2/_catalog?n={PAGE}", "registry:catalog:*"
        return await self._listed(place, target, as_, scope, host, manifests.repositories)

    async def _listed(
        self,
        place: Place,
        target: str,
        as_: Token,
        scope: str,
        name: str,
        read: Callable[[Answer], tuple[str, ...]],
    ) -> tuple[str, ...]:
        """Page by page as `Link` leads on, as long as there is anything new on a page."""
        found: dict[str, None] = {}
        while target and len(found) < MOST_LISTED:
            answer = await self._transport.call(place, "GET", target, as_, scope)
            if not answer.ok:
                raise failure(answer, name)
            before = len(found)
            found.update(dict.fromkeys(read(answer)))
            target = manifests.next_page(answer) if len(found) > before else ""
        return tuple(found)[:MOST_LISTED]

    async def manifest(
        self, image: Reference, as_: Token, headers: dict[str, str] = ACCEPT
    ) -> Manifest:
        below = f"/manifests/{_version(image)}"
        answer = await self._ask("GET", image, below, as_, headers=headers, max_bytes=4 << 20)
        if not answer.ok:
            raise failure(answer, str(image))
        if answer.html:
            raise Unavailable(SYSTEM, "it answers with a web page")
        return manifests.manifest(answer, image.digest)

    async def config(self, image: Reference, manifest: Manifest, as_: Token) -> ImageConfig:
        if manifest.config is None:
            raise NotFound("image", str(image))
        answer = await self._ask(
            "GET", image, f"/blobs/{manifest.config.digest}", as_, max_bytes=LARGEST_CONFIG_BYTES
        )
        if not answer.ok:
            raise failure(answer, str(image))
        return manifests.config(answer, manifest.config.digest)

    async def copy(
        self,
        source: Reference,
        target: Reference,
        *,
        source_as: Token,
        target_as: Token,
        progress: Progress = lambda _done, _all: None,
        over: str | None = None,
        last: Callable[[], Awaitable[None]] | None = None,
    ) -> Copied:
        async def ready(digest: str) -> None:
            await unchanged(digest)
            if last is not None:
                await last()

        async def unchanged(digest: str) -> None:
            """A tag that came or moved while the parts were on their way is somebody's: it is left alone."""
            if over is None or target.digest:
                return
            try:
                there = (await self.look(target, target_as)).digest or UNTOLD
            except NotFound:
                return
            if there not in {over, digest}:
                raise Changed(str(target))

        return await self._copying.copy(
            (self._places.of(source), source, source_as),
            (self._places.of(target), target, target_as),
            progress,
            ready,
        )

    async def tag(self, image: Reference, tag: str, as_: Token) -> str:
        """Re-putting the very bytes moves a tag in one step, and the digest stays (contracts 1.4).

        Nobody has used the image by that: the staleness of what it is shall stay true.
        """
        manifest = await self.manifest(image, as_, NO_PULL)
        await self._copying.put(self._places.of(image), image.at(tag=tag), manifest, as_)
        return manifest.digest

    async def delete(self, image: Reference, as_: Token) -> None:
        if not image.digest:
            raise Refused(SYSTEM, "only a digest can be deleted")
        answer = await self._ask("DELETE", image, f"/manifests/{_version(image)}", as_, "delete")
        if not answer.ok:
            raise failure(answer, str(image))

    async def check(self, host: str, as_: Token) -> None:
        place = self._places.find(host)
        if place is None:
            raise NotFound("registry", host)
        await self._transport.check(place, as_)

    async def _ask(
        self,
        method: str,
        image: Reference,
        below: str,
        as_: Token,
        actions: str = "pull",
        *,
        headers: dict[str, str] | None = None,
        max_bytes: int = 1 << 20,
    ) -> Answer:
        return await self._transport.call(
            self._places.of(image),
            method,
            f"{_base(image)}{below}",
            as_,
            _scope(image, actions),
            headers=headers,
            max_bytes=max_bytes,
        )


def _base(image: Reference) -> str:
    """Slashes stay plain below `/v2` (contracts/harbor.md 3)."""
    return f"/v2/{quote(image.path, safe='/')}"


def _version(image: Reference) -> str:
    return quote(image.version, safe=":")


def _scope(image: Reference, actions: str) -> str:
    return f"repository:{image.path}:{actions}"
