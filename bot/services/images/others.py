"""Looking into the registries beside Harbor: their catalogue, and the tags of one repository."""

from bot.domain.errors import Denied, NotFound, Refused, UserError
from bot.domain.images.artifact import Page
from bot.domain.images.ports import Registries
from bot.domain.images.reference import DOCKER_HUB, Reference, searched
from bot.domain.people import Person
from bot.services.images.logins import Logins
from bot.services.images.names import HubNames

PAGE = 8


class Others:
    """Their lists are whole and unsorted, and come without dates: that is all `/v2` has."""

    def __init__(self, registries: Registries, logins: Logins, names: HubNames) -> None:
        self._registries = registries
        self._logins = logins
        self._names = names

    @property
    def hosts(self) -> tuple[str, ...]:
        """Of those that may have a list."""
        return tuple(
            host
            for host in self._registries.hosts
            if host != DOCKER_HUB and not self._names.own(host)
        )

    def named(self, word: str) -> str:
        """The host of the registry that this word names; empty when it is none of these."""
        host = self._registries.host_of(word) or word
        return host if host in self.hosts else ""

    async def repositories(
        self, person: Person, host: str, word: str, page: int
    ) -> Page[Reference]:
        """By name; `word` is part of it. Raises UserError where the registry keeps its list to itself."""
        as_ = await self._logins.reading(person, host)
        try:
            found = await self._registries.catalogue(host, as_)
        except (Denied, NotFound, Refused):
            raise UserError("registry-no-list", host=host) from None
        parts = searched(word)
        paths = sorted(path for path in found if all(part in path for part in parts))
        shown = paths[(page - 1) * PAGE : page * PAGE]
        return Page(tuple(Reference(host, path) for path in shown), len(paths))

    async def tags(self, person: Person, image: Reference, page: int) -> Page[Reference]:
        as_ = await self._logins.reading(person, image.host)
        found = sorted(await self._registries.tags(image, as_))
        shown = found[(page - 1) * PAGE : page * PAGE]
        return Page(tuple(image.at(tag=tag) for tag in shown), len(found))
