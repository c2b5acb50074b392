"""Which images to offer somebody who named none: their own, then what is known to work, then what Harbor has."""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.images.reference import Reference
from bot.domain.people import Person
from bot.services.images.browsing import Browsing
from bot.services.images.catalogue import ImageCatalogue

MOST = 8
OWN, TRIED, LEARNED, OF_HARBOR = 3, 3, 2, 3
SECONDS = 2.0
"""So long Harbor may take; what is known here is offered without it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`kind` is own, tried, learned or harbor; `name` is the image without the lab's own host."""

    image: str
    kind: str
    name: str


class Picking:
    def __init__(self, browsing: Browsing, catalogue: ImageCatalogue) -> None:
        self._browsing = browsing
        self._catalogue = catalogue

    async def offers(self, person: Person) -> tuple[Offer, ...]:
        """Each image once, the likeliest first; none that failed its test."""
        known = await self._catalogue.known(person)
        bad = {one.image for one in known.tried if one.works == "no"}
        found: dict[str, str] = {}

        def take(images: list[str], kind: str, most: int) -> None:
            fresh = [image for image in images if image not in found and image not in bad]
            found.update(dict.fromkeys(fresh[: min(most, MOST - len(found))], kind))

        take(list(known.own), "own", OWN)
        take([one.image for one in known.tried], "tried", TRIED)
        take([one.image for one in known.learned], "learned", LEARNED)
        if len(found) < MOST:
            take(await self._of_harbor(person), "harbor", OF_HARBOR)
        return tuple(Offer(image, kind, self._short(image)) for image, kind in found.items())

    async def _of_harbor(self, person: Person) -> list[str]:
        """The newest tag of each repository that changed last: one request, and one for each of them."""
        browsing = self._browsing
        try:
            async with asyncio.timeout(SECONDS):
                page = await browsing.repositories(person)
                newest = await asyncio.gather(
                    *(
                        browsing.artifacts(person, one.project, one.name)
                        for one in page.items[:OF_HARBOR]
                    )
                )
        except (UserError, TimeoutError):
            return []
        return [
            str(Reference(browsing.hub_host, one.path, one.names[0]))
            for artifacts in newest
            for one in artifacts.items[:1]
            if one.names
        ]

    def _short(self, image: str) -> str:
        return (
            image.removeprefix(f"{self._browsing.hub_host}/") if self._browsing.hub_host else image
        )
