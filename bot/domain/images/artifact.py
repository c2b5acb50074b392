"""What Harbor tells: projects, repositories, artifacts with their tags and scans, accounts, garbage collection."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.images.manifest import Child, ImageConfig

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    total: int
    """Of all pages."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class HubInfo:
    """`version` is empty when the server does not tell it (Harbor tells those who are logged in)."""

    version: str = ""
    auth_mode: str = ""
    registry: str = ""
    """Host and port as they stand in references; empty when not told."""
    read_only: bool = False
    legacy: bool = False
    """Harbor 1.x, which is only read: deleting one tag there deletes all tags of that digest."""


@dataclass(frozen=True, slots=True)
class HubAccount:
    """`kind` is `user`, `robot`, or `oidc` for a CLI secret, with which little more than pulling works."""

    name: str
    kind: str
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    id: int
    name: str
    public: bool = False
    repositories: int = 0
    proxy: bool = False
    """A proxy cache: nothing can be pushed or tagged there."""


@dataclass(frozen=True, slots=True)
class Repository:
    """`name` is without the project."""

    project: str
    name: str
    artifacts: int = 0
    pulls: int = 0
    updated_at: datetime | None = None

    @property
    def path(self) -> str:
        return f"{self.project}/{self.name}"


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    pushed_at: datetime | None = None
    pulled_at: datetime | None = None
    immutable: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """`status` is Harbor's word; `found` counts by severity, the worst first."""

    status: str
    severity: str = ""
    total: int = 0
    fixable: int = 0
    found: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One digest in one repository, with all its tags."""

    project: str
    repository: str
    digest: str
    size: int = 0
    """Bytes, compressed; layers shared with others count in each."""
    type: str = "IMAGE"
    pushed_at: datetime | None = None
    pulled_at: datetime | None = None
    """None: never, as far as Harbor knows. A scan may count as a pull."""
    tags: tuple[Tag, ...] = ()
    children: tuple[Child, ...] = ()
    scan: Scan | None = None
    config: ImageConfig | None = None
    """Without history, which Harbor tells apart from it."""

    @property
    def path(self) -> str:
        return f"{self.project}/{self.repository}"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(tag.name for tag in self.tags)

    @property
    def kept(self) -> tuple[str, ...]:
        """Tags that a rule of the project keeps as they are."""
        return tuple(tag.name for tag in self.tags if tag.immutable)

    @property
    def last_used_at(self) -> datetime | None:
        """The latest of push and every pull (contracts/harbor.md 6)."""
        times = (self.pushed_at, self.pulled_at, *(tag.pulled_at for tag in self.tags))
        return max((at for at in times if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Quota:
    used_bytes: int
    limit_bytes: int
    """-1: none."""


@dataclass(frozen=True, slots=True)
class GcRun:
    id: int
    status: str
    dry_run: bool = False
    freed_bytes: int | None = None
    """None: not told (old servers), or not over yet."""
    started_at: datetime | None = None

    @property
    def over(self) -> bool:
        return self.status.lower() in {"success", "error", "stopped"}


@dataclass(frozen=True, slots=True)
class Robot:
    id: int
    name: str
    secret: str
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Robot({self.name})"
