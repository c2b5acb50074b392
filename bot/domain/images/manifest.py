"""What a registry tells of one image: digest, parts, platforms, configuration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST_TYPES = (OCI_MANIFEST, DOCKER_MANIFEST, OCI_INDEX, DOCKER_LIST)
"""All four are always accepted: a registry says 404 of an image whose type was not (contracts/harbor.md 0.10)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """That an image is there, as HEAD tells it."""

    digest: str
    """Empty with registries that do not say."""
    media_type: str


@dataclass(frozen=True, slots=True)
class Blob:
    digest: str
    size: int
    media_type: str = ""
    elsewhere: bool = False
    """Its bytes are at other addresses, and registries do not keep them."""


@dataclass(frozen=True, slots=True)
class Child:
    """One image of an index."""

    digest: str
    size: int
    platform: str
    """`linux/amd64`; `unknown/unknown` is an attestation, no image."""
    media_type: str = ""

    @property
    def runs(self) -> bool:
        return not self.platform.startswith("unknown")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest or index, with the very bytes: its digest is theirs."""

    digest: str
    media_type: str
    body: bytes
    config: Blob | None = None
    layers: tuple[Blob, ...] = ()
    children: tuple[Child, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of what is pulled, compressed; of an index nothing is known before its children are."""
        return sum(layer.size for layer in self.layers) + (self.config.size if self.config else 0)

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(child.platform for child in self.children if child.runs)

    def blobs(self) -> Iterator[Blob]:
        if self.config:
            yield self.config
        yield from self.layers


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """How containers of the image start, and how it was made."""

    created: datetime | None = None
    platform: str = ""
    env: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    history: tuple[str, ...] = ()
    """The command of each step, the oldest first."""


@dataclass(frozen=True, slots=True)
class Copied:
    digest: str
    sent_bytes: int
    reused_bytes: int
    """Were there already, or could be taken from a neighbour."""
