"""Which registries there are: only these are ever asked, and each login goes to its own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yarl import URL

from bot.domain.images.errors import Elsewhere
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import DOCKER_HUB, Reference, is_hub
from bot.domain.people import Token

HARBOR = "harbor"
HUB_URL = "https://registry-1.docker.io"


@dataclass(frozen=True, slots=True)
class Place:
    """One registry: where its `/v2` is, and how references call it."""

    name: str
    url: URL
    login: Token = field(default=ANONYMOUS)
    insecure: bool = False
    ca_file: str | None = None
    mirror_of: str = ""
    also: tuple[str, ...] = ()
    """Further hosts under which it is known."""

    @property
    def system(self) -> str:
        """What logins for it are filed under; a login of another system is never sent here."""
        return self.name if self.name == HARBOR else f"registry:{self.name}"

    @property
    def host(self) -> str:
        if is_hub(self.url.host or "") or self.name == DOCKER_HUB:
            return DOCKER_HUB
        return authority(self.url)


def authority(url: URL) -> str:
    """Host and port as in references: a port only where it is not the scheme's own."""
    host = url.host or ""
    host = f"[{host}]" if ":" in host else host
    return host if url.is_default_port() or url.port is None else f"{host}:{url.port}"


class Places:
    """All of them, by host. Docker Hub is always there, unless a mirror of the settings stands in for it."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._all = list(places)
        if not any(place.host == DOCKER_HUB for place in self._all):
            self._all.append(Place(DOCKER_HUB, URL(HUB_URL)))
        self._by_host: dict[str, Place] = {}
        for place in self._all:
            for host in (place.host, authority(place.url), *place.also):
                self._by_host.setdefault(host, place)
        for place in self._all:
            if place.mirror_of:
                mirrored = DOCKER_HUB if is_hub(place.mirror_of) else place.mirror_of
                self._by_host[mirrored] = place

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(place.host for place in self._all)

    def named(self, name: str) -> Place | None:
        return next((place for place in self._all if name in {place.name, place.host}), None)

    def find(self, host: str) -> Place | None:
        """A port that goes without saying may be said."""
        return self._by_host.get(host) or self._by_host.get(
            host.removesuffix(":443").removesuffix(":80")
        )

    def call_also(self, host: str, other: str) -> bool:
        """Let a registry be known by a second host, unless that is another's; whether it is now."""
        place = self._by_host.get(host)
        return place is not None and self._by_host.setdefault(other, place) is place

    def of(self, image: Reference) -> Place:
        """Raises Elsewhere."""
        place = self.find(image.host)
        if place is None:
            raise Elsewhere(image.host)
        return place
