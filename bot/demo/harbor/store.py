"""What the emulated Harbor holds: projects, repositories, artifacts, tags and blobs."""

import fnmatch
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

NEVER = -62135596800.0
"""Year 1: Go's zero time, which Harbor shows for what was never pulled."""
ADMIN, DEVELOPER, GUEST, MAINTAINER, LIMITED = 1, 2, 3, 4, 5
INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)


class Refused(Exception):
    """An error of Harbor's: status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(slots=True)
class Tag:
    id: int
    name: str
    digest: str
    pushed: float
    pulled: float = NEVER


@dataclass(slots=True)
class Artifact:
    id: int
    digest: str
    media_type: str
    body: bytes
    pushed: float
    by: str
    pulled: float = NEVER
    weight: int = 0
    """Bytes to be shown besides those that are there: nobody stores gigabytes for a demo."""
    scan: dict[str, Any] | None = None
    made: dict[str, Any] = field(init=False)
    """The manifest, read."""

    def __post_init__(self) -> None:
        read = json.loads(self.body)
        self.made = read if isinstance(read, dict) else {}

    @property
    def children(self) -> list[dict[str, Any]]:
        return list(self.made.get("manifests") or ())

    @property
    def index(self) -> bool:
        return self.media_type in INDEXES

    @property
    def size(self) -> int:
        made = self.made
        parts = [made.get("config") or {}, *(made.get("layers") or ())]
        return len(self.body) + self.weight + sum(int(part.get("size", 0)) for part in parts)


@dataclass(slots=True)
class Repository:
    id: int
    name: str
    created: float
    updated: float
    pulls: int = 0
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)

    def find(self, reference: str) -> Artifact | None:
        if ":" in reference:
            return self.artifacts.get(reference)
        tag = self.tags.get(reference)
        return self.artifacts.get(tag.digest) if tag else None

    def tags_of(self, digest: str) -> list[Tag]:
        return sorted(
            (t for t in self.tags.values() if t.digest == digest), key=lambda t: -t.pushed
        )

    @property
    def tagged(self) -> set[str]:
        return {tag.digest for tag in self.tags.values()}

    @property
    def held(self) -> set[str]:
        """What is part of an index."""
        return {str(c.get("digest")) for one in self.artifacts.values() for c in one.children}

    def parents(self, digest: str) -> list[Artifact]:
        return [
            one
            for one in self.artifacts.values()
            if any(child.get("digest") == digest for child in one.children)
        ]


@dataclass(slots=True)
class Project:
    id: int
    name: str
    public: bool
    created: float
    members: dict[str, int] = field(default_factory=dict)
    repositories: dict[str, Repository] = field(default_factory=dict)
    immutable: list[tuple[str, str]] = field(default_factory=list)
    """Patterns of repository and tag."""
    quota: int = -1
    proxy: bool = False
    blocked: bool = False
    """Policy: images with critical findings can't be pulled."""
    log: list[tuple[float, str, str, str]] = field(default_factory=list)
    """When, who, which operation, which resource."""

    def fixed(self, repository: str, tag: str) -> bool:
        return any(
            fnmatch.fnmatch(repository, name) and fnmatch.fnmatch(tag, pattern)
            for name, pattern in self.immutable
        )

    @property
    def used(self) -> int:
        return sum(a.size for r in self.repositories.values() for a in r.artifacts.values())


@dataclass(slots=True)
class Store:
    projects: dict[str, Project] = field(default_factory=dict)
    blobs: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    """Bytes, and when they came."""
    read_only: bool = False
    _last: int = 0

    def next(self) -> int:
        self._last += 1
        return self._last

    def add_blob(self, data: bytes, now: float) -> str:
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.blobs.setdefault(digest, (data, now))
        return digest

    def repository(self, path: str) -> tuple[Project, Repository] | None:
        name, _, rest = path.partition("/")
        project = self.projects.get(name)
        found = project.repositories.get(rest) if project else None
        return (project, found) if project and found else None

    def put(
        self,
        project: Project,
        name: str,
        reference: str,
        media_type: str,
        body: bytes,
        by: str,
        now: float,
    ) -> Artifact:
        """A pushed manifest. Parts that are missing, immutable tags and a full quota are refused."""
        made = json.loads(body)
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        if ":" in reference and reference != digest:
            raise Refused(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        repository = project.repositories.get(name)
        for part in [made.get("config") or {}, *(made.get("layers") or ())]:
            if part and not part.get("urls") and part.get("digest") not in self.blobs:
                raise Refused(404, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry")
        for child in made.get("manifests") or ():
            if repository is None or child.get("digest") not in repository.artifacts:
                raise Refused(404, "MANIFEST_UNKNOWN", "manifest unknown")
        if (
            ":" not in reference
            and repository
            and reference in repository.tags
            and project.fixed(name, reference)
        ):
            raise Refused(
                412,
                "PRECONDITION",
                f"the tag {reference} configured as immutable, cannot be updated",
            )
        if repository is None:
            repository = project.repositories[name] = Repository(self.next(), name, now, now)
        artifact = repository.artifacts.get(digest)
        if artifact is None:
            artifact = Artifact(self.next(), digest, media_type, body, now, by)
            if 0 <= project.quota < project.used + artifact.size:
                raise Refused(
                    403, "DENIED", f"adding {artifact.size} B of storage resource, which when updated "
                    f"to current usage of {project.used} B will exceed the configured upper limit of "
                    f"{project.quota} B.",
                )  # fmt: skip
            repository.artifacts[digest] = artifact
        if ":" not in reference:
            repository.tags[reference] = Tag(self.next(), reference, digest, now)
        repository.updated = now
        return artifact

    def delete(self, project: Project, repository: Repository, artifact: Artifact) -> None:
        """With all tags, and with untagged children that nobody else has."""
        for tag in repository.tags_of(artifact.digest):
            if project.fixed(repository.name, tag.name):
                raise Refused(
                    412,
                    "PRECONDITION",
                    f"the tag {tag.name} configured as immutable, cannot be deleted",
                )
        if repository.parents(artifact.digest):
            raise Refused(
                412,
                "VIOLATE_FOREIGN_KEY_CONSTRAINT",
                "the deleting artifact is referenced by others",
            )
        for tag in repository.tags_of(artifact.digest):
            del repository.tags[tag.name]
        del repository.artifacts[artifact.digest]
        for child in artifact.children:
            digest = str(child.get("digest"))
            held = repository.artifacts.get(digest)
            if held and not repository.tags_of(digest) and not repository.parents(digest):
                self.delete(project, repository, held)

    def unused(self) -> dict[str, int]:
        """Blobs that no artifact has any more, and their sizes."""
        kept = {
            part.get("digest")
            for project in self.projects.values()
            for repository in project.repositories.values()
            for artifact in repository.artifacts.values()
            for part in [artifact.made.get("config") or {}, *(artifact.made.get("layers") or ())]
        }
        return {digest: len(data) for digest, (data, _) in self.blobs.items() if digest not in kept}
