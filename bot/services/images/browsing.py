"""Looking at images: lists of repositories and tags, one image with all that is known, what words mean."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.errors import Denied, NotFound, Unavailable, UserError
from bot.domain.images.artifact import Artifact, Page, Repository, Scan
from bot.domain.images.manifest import ImageConfig
from bot.domain.images.ports import ANONYMOUS, Hub, Registries
from bot.domain.images.reference import DOCKER_HUB, PageLink, Reference, page_link
from bot.domain.images.versions import mounts, versions
from bot.domain.people import Person, Token
from bot.services.images.logins import Logins
from bot.services.images.names import HubNames
from bot.services.images.references import parse
from bot.services.images.usage import ImageUsage, Usage

PAGE = 8
NEAR = 4
SEARCHED = 100


@dataclass(frozen=True, slots=True)
class ImageCard:
    """One image as far as its registry tells; None and empty are what it does not."""

    reference: Reference
    digest: str
    size: int = 0
    platforms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    pushed_at: datetime | None = None
    pulled_at: datetime | None = None
    versions: tuple[tuple[str, str], ...] = ()
    nfs: bool | None = None
    scan: Scan | None = None
    usage: Usage = Usage()
    artifact: Artifact | None = None
    """Only of Harbor's: what deleting and tagging need."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What words may mean, when they mean more than one thing."""

    references: tuple[Reference, ...]


class Browsing:
    def __init__(
        self,
        hub: Hub | None,
        registries: Registries,
        logins: Logins,
        usage: ImageUsage,
        names: HubNames,
        clock: Callable[[], datetime],
    ) -> None:
        self._hub = hub
        self._registries = registries
        self._logins = logins
        self._usage = usage
        self.names = names
        self._clock = clock

    @property
    def hub_host(self) -> str:
        """How references call Harbor."""
        return self.names.name

    def now(self) -> datetime:
        return self._clock()

    @property
    def has_hub(self) -> bool:
        return self._hub is not None

    @property
    def hub(self) -> Hub:
        """Raises UserError where the site has no Harbor."""
        if self._hub is None:
            raise UserError("harbor-none")
        return self._hub

    async def repositories(
        self, person: Person | None, word: str = "", page: int = 1
    ) -> Page[Repository]:
        """Those the person may see, changed last first; nobody sees what everybody may."""
        as_ = await self._logins.reading(person, self.hub_host) if person else ANONYMOUS
        return await self.hub.repositories(as_, word=word, page=page, size=PAGE)

    async def artifacts(
        self, person: Person, project: str, name: str, page: int = 1
    ) -> Page[Artifact]:
        as_ = await self._logins.reading(person, self.hub_host)
        return await self.hub.artifacts(project, name, as_, page=page, size=PAGE)

    async def artifact(
        self, person: Person, image: Reference, as_: Token | None = None
    ) -> Artifact:
        """Raises NotFound; Elsewhere for images of other registries."""
        if not self.names.own(image.host):
            raise UserError("image-not-harbor", name=str(image))
        as_ = as_ or await self._logins.reading(person, self.hub_host)
        return await self.hub.artifact(image.project, image.repository, image.version, as_)

    async def card(self, person: Person | None, image: Reference) -> ImageCard:
        """Everything known of one image. Of Harbor's nothing counts as a pull, of others two small requests.

        Nobody sees what everybody may.
        """
        await self.names.learn(image.host, self._clock())
        as_ = await self._logins.reading(person, image.host) if person else ANONYMOUS
        try:
            return await self._card(image, as_)
        except Denied:
            if as_.user:
                raise
            harbor = "yes" if self.names.own(image.host) else "no"
            raise UserError("image-closed", name=str(image), harbor=harbor) from None

    async def _card(self, image: Reference, as_: Token) -> ImageCard:
        usage = self._usage.of(image)
        if self.names.own(image.host) and self._hub is not None:
            return await self._of_hub(image, as_, await usage)
        seen, used = await asyncio.gather(self._registries.look(image, as_), usage)
        manifest = await self._registries.manifest(image, as_)
        platforms, leaf = manifest.platforms, manifest
        if manifest.children:
            running = [c for c in manifest.children if c.runs]
            chosen = next((c for c in running if c.platform.startswith("linux/amd64")), None)
            chosen = chosen or (running[0] if running else None)
            if chosen is None:
                return ImageCard(image, seen.digest, platforms=platforms, usage=used)
            leaf = await self._registries.manifest(image.at(digest=chosen.digest), as_)
        try:
            config = await self._registries.config(image, leaf, as_)
        except Unavailable:  # the image is there, and what it says of itself is not
            config = ImageConfig()
        return ImageCard(
            image,
            manifest.digest,
            leaf.size,
            platforms or ((config.platform,) if config.platform else ()),
            created_at=config.created,
            versions=versions(config),
            nfs=mounts(config.history),
            usage=used,
        )

    async def _of_hub(self, image: Reference, as_: Token, usage: Usage) -> ImageCard:
        found = await self.hub.artifact(image.project, image.repository, image.version, as_)
        try:
            history = await self.hub.history(found, as_)
        except UserError:  # an index has none, and a CLI secret may not ask
            history = ()
        config = found.config or ImageConfig()
        return ImageCard(
            image,
            found.digest,
            found.size,
            tuple(c.platform for c in found.children if c.runs)
            or ((config.platform,) if config.platform else ()),
            found.names,
            config.created,
            found.pushed_at,
            found.pulled_at,
            versions(config, history),
            mounts(history),
            found.scan,
            usage,
            found,
        )

    async def nearest(self, person: Person | None, image: Reference) -> tuple[Reference, ...]:
        """Tags of the same repository like the one that is not there, else its latest ones; of no such
        repository, those with a name like it. Empty when nobody tells.
        """
        as_ = await self._logins.reading(person, image.host)
        try:
            tags = await self._registries.tags(image, as_)
        except NotFound:
            tags = ()
        except UserError:
            return ()
        if found := near(image.tag or "latest", tags):
            return tuple(image.at(tag=tag) for tag in found)
        if tags:
            return tuple(image.at(tag=tag) for tag in await self._latest(image, as_, tags))
        found = near(image.path, await self._paths(image, as_))
        return tuple(Reference(image.host, path, image.tag) for path in found if path != image.path)

    async def _latest(self, image: Reference, as_: Token, tags: tuple[str, ...]) -> tuple[str, ...]:
        """The tags pushed last where Harbor tells; of other registries, the last by name."""
        if self._hub is not None and self.names.own(image.host):
            try:
                found = await self._hub.artifacts(image.project, image.repository, as_, size=NEAR)
            except UserError:
                pass
            else:
                return tuple(one.names[0] for one in found if one.names)
        return tuple(sorted(tags, reverse=True)[:NEAR])

    async def _paths(self, image: Reference, as_: Token) -> tuple[str, ...]:
        """Repositories that may have been meant: with a part of the name, and those changed last."""
        try:
            if self._hub is None or not self.names.own(image.host):
                return await self._registries.catalogue(image.host, as_)
            leaf = image.path.rpartition("/")[2]
            lists = await asyncio.gather(
                self._hub.repositories(as_, word=leaf[:4], size=SEARCHED),
                self._hub.repositories(as_, size=SEARCHED),
            )
            return tuple(dict.fromkeys(one.path for found in lists for one in found))
        except UserError:
            return ()

    async def _of_page(self, person: Person | None, link: PageLink) -> Reference:
        """The image of one of our Harbor's pages. Raises UserError for other pages."""
        if not (self.names.own(link.host) and link.path):
            raise UserError("image-page-link")
        as_ = await self._logins.reading(person, self.hub_host)
        project = await self.hub.numbered(link.project, as_)
        path = link.path
        if (await self.hub.info()).legacy:  # there the project is part of it
            path = path.removeprefix(f"{project.name}/")
        return Reference(self.hub_host, f"{project.name}/{path}", "", link.digest)

    async def meant(self, person: Person | None, words: str) -> Reference | Choices:
        """A reference as written, or a repository of Harbor whose name has the one word in it.

        Raises UserError when it is neither.
        """
        if link := page_link(words):
            return await self._of_page(person, link)
        parsed = parse(words).reference
        if parsed.host != DOCKER_HUB or self._hub is None or "docker.io/" in words:
            return parsed
        path = parsed.path.removeprefix("library/")
        try:
            as_ = await self._logins.reading(person, self.hub_host) if person else ANONYMOUS
            found = list(await self._hub.repositories(as_, word=path, size=SEARCHED))
        except UserError:
            return parsed
        whole = [r for r in found if path in (r.path, r.name)]
        fitting = whole or [r for r in found if r.name.rpartition("/")[2] == path]
        fitting = fitting or (found if "/" not in path else [])
        made = [Reference(self.hub_host, r.path, parsed.tag, parsed.digest) for r in fitting]
        if len(made) == 1:
            return made[0]
        return Choices(tuple(made[:PAGE])) if made else parsed

    async def there(self, person: Person, image: Reference) -> str:
        """The digest of what the reference points to now; empty when there is nothing."""
        try:
            seen = await self._registries.look(
                image, await self._logins.reading(person, image.host)
            )
        except NotFound:
            return ""
        except Denied:
            return ""
        return seen.digest or "?"


def near(word: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The likest first; `lastest` means `latest`."""
    found = process.extract(
        word, names, scorer=OSA.normalized_similarity, limit=NEAR, score_cutoff=0.4
    )
    return tuple(str(name) for name, _, _ in found)
