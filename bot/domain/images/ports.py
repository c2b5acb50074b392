"""What the image services need of registries and of Harbor."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.images.artifact import (
    Artifact,
    GcRun,
    HubAccount,
    HubInfo,
    Page,
    Project,
    Quota,
    Repository,
    Robot,
)
from bot.domain.images.manifest import Copied, ImageConfig, Manifest, Seen
from bot.domain.images.reference import Reference
from bot.domain.people import Token

ANONYMOUS = Token("registry", "", "")
Progress = Callable[[int, int], None]
"""Is told the bytes done and the bytes there are in all."""


class Registries(Protocol):
    """Every registry of the settings, and Docker Hub. Other hosts raise Elsewhere and are never asked.

    Calls raise NotFound("image", …), Denied, Blocked, Unavailable or Busy. `as_` is whose rights count:
    ANONYMOUS, the site's (`site_login`), or a person's; a login goes to that registry and its token
    service only.
    """

    @property
    def hosts(self) -> tuple[str, ...]:
        """One for each registry, as it stands in references; Docker Hub last."""
        ...

    def knows(self, host: str) -> bool: ...
    def host_of(self, name: str) -> str:
        """The host of the registry people call `name`; empty when there is none."""
        ...

    def call_also(self, host: str, other: str) -> bool:
        """Let the registry be known by a second host; False when that host is another registry's."""
        ...

    def site_login(self, host: str) -> Token: ...
    def system_of(self, host: str) -> str:
        """What logins for this host are filed under; empty for hosts that are not ours."""
        ...

    async def look(self, image: Reference, as_: Token) -> Seen:
        """By HEAD, which no registry counts as a pull."""
        ...

    async def tags(self, image: Reference, as_: Token) -> tuple[str, ...]: ...
    async def catalogue(self, host: str, as_: Token) -> tuple[str, ...]:
        """The paths of its repositories; Denied or NotFound where the registry lists none."""
        ...

    async def manifest(self, image: Reference, as_: Token) -> Manifest:
        """Counts as a pull."""
        ...

    async def config(self, image: Reference, manifest: Manifest, as_: Token) -> ImageConfig: ...
    async def copy(
        self,
        source: Reference,
        target: Reference,
        *,
        source_as: Token,
        target_as: Token,
        progress: Progress = ...,
        over: str | None = None,
        last: Callable[[], Awaitable[None]] | None = None,
    ) -> Copied:
        """Exactly the tag asked for, byte for byte. `over` is the digest the tag may point to before.

        Empty: to none; None: to anything. Raises Changed when it points to something else by then.
        `last` is asked right before the tag is set, and raises to leave it as it is.
        """
        ...

    async def tag(self, image: Reference, tag: str, as_: Token) -> str:
        """Let `tag` point to the image, in its own repository; the digest."""
        ...

    async def delete(self, image: Reference, as_: Token) -> None:
        """By digest; all tags of that digest go with it."""
        ...

    async def check(self, host: str, as_: Token) -> None:
        """Raises WrongLogin when the registry does not take the login."""
        ...


class Hub(Protocol):
    """Harbor. Calls raise Denied, NotFound, Unavailable, Busy; TokenRefused when the login stopped working."""

    @property
    def url(self) -> str: ...
    @property
    def registry(self) -> str:
        """How references call it (host and port), once it told so to somebody logged in; else empty."""
        ...

    async def info(self, as_: Token = ...) -> HubInfo: ...
    async def check(self, as_: Token) -> HubAccount: ...
    async def believes(self, as_: Token) -> str:
        """`full`, `oidc` for a CLI secret, `none` for nobody's; empty when it stopped working.

        Asked at most every few minutes.
        """
        ...

    async def projects(self, as_: Token, *, page: int = 1, size: int = 50) -> Page[Project]: ...
    async def project(self, name: str, as_: Token) -> Project: ...
    async def numbered(self, number: int, as_: Token) -> Project: ...
    async def repositories(
        self, as_: Token, *, project: str = "", word: str = "", page: int = 1, size: int = 20
    ) -> Page[Repository]: ...
    async def artifacts(
        self, project: str, name: str, as_: Token, *, page: int = 1, size: int = 10, **wanted: str
    ) -> Page[Artifact]: ...
    async def artifact(self, project: str, name: str, version: str, as_: Token) -> Artifact: ...
    async def history(self, artifact: Artifact, as_: Token) -> tuple[str, ...]: ...
    def everything(
        self, project: str, as_: Token, pushed_before: datetime | None = None
    ) -> AsyncIterator[Artifact]: ...
    async def delete_artifact(self, artifact: Artifact, as_: Token) -> None: ...
    async def delete_tag(self, artifact: Artifact, tag: str, as_: Token) -> None: ...
    async def rights(self, project: Project, as_: Token) -> frozenset[str]: ...
    async def quota(self, project: str, as_: Token) -> Quota | None: ...
    async def pushers(self, project: str, as_: Token) -> Mapping[str, str]: ...
    async def start_gc(self, as_: Token, *, dry_run: bool) -> int: ...
    async def gc(self, run: int, as_: Token) -> GcRun: ...
    async def gc_runs(self, as_: Token) -> tuple[GcRun, ...]: ...
    async def make_robot(
        self, project: str, name: str, days: int, as_: Token, *, push: bool = False
    ) -> Robot: ...
    async def delete_robot(self, robot: int, as_: Token) -> None: ...
