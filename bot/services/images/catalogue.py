"""Images that are known to work here: recommended by admins, tested, or learned from jobs that succeeded."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import NotFound, UserError
from bot.domain.jobs import JobRef
from bot.domain.people import Person, Role
from bot.domain.ports import Cluster
from bot.domain.protocol import image_of, sku_of
from bot.services.images.references import parse_reference
from bot.services.tokens import Tokens
from db import Database, Learned, Tried, UnitOfWork

SHOWN = 12
LEARNED_AT_ONCE = 20
"""Jobs of which the watcher asks the image in one go."""
UNKNOWABLE = "?"
"""Stands for the image of a job whose protocol is gone, so that it is not asked for again."""


@dataclass(frozen=True, slots=True)
class Known:
    """`own`: what the person's jobs ran on. `tried`: recommended or tested. `learned`: jobs succeeded on it."""

    own: tuple[str, ...]
    tried: tuple[Tried, ...]
    learned: tuple[Learned, ...]


class ImageCatalogue:
    def __init__(
        self, db: Database, cluster: Cluster, tokens: Tokens, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._cluster = cluster.yielding()
        self._tokens = tokens
        self._clock = clock

    async def known(self, person: Person | None) -> Known:
        """The latest first; nothing personal when nobody in particular asks."""
        user = person.openpai_user if person else ""
        return await self._db.read(
            lambda uow: Known(
                tuple(uow.images.own(user, SHOWN)) if user else (),
                tuple(uow.images.catalogue()),
                tuple(one for one in uow.images.learned(SHOWN + 1) if one.image != UNKNOWABLE)[
                    :SHOWN
                ],
            )
        )

    async def tried(self, image: str) -> Tried | None:
        """What the catalogue knows of this one, if it was tested."""
        found = await self._db.read(lambda uow: uow.images.tried(image))
        return found if found is not None and found.works else None

    async def add(self, person: Person, words: str, note: str = "") -> str:
        """The reference as it was kept. Admins only."""
        self._only_admins(person)
        image, now = str(parse_reference(words)), self._clock()

        def keep(uow: UnitOfWork) -> None:
            uow.images.recommend(image, person.id, note, now)
            uow.audit.add(now, person.id, person.id, "catalogue-add", image, "done")

        await self._db.write(keep)
        return image

    async def remove(self, person: Person, words: str) -> str:
        """Raises NotFound when it is not there."""
        self._only_admins(person)
        image, now = str(parse_reference(words)), self._clock()

        def drop(uow: UnitOfWork) -> bool:
            if not uow.images.forget(image):
                return False
            uow.audit.add(now, person.id, person.id, "catalogue-remove", image, "done")
            return True

        if not await self._db.write(drop):
            raise NotFound("image", image)
        return image

    async def learn(self) -> None:
        """Ask which images succeeded jobs ran on, a few at a time. Called by the clock."""
        rows = await self._db.read(lambda uow: uow.images.succeeded_on_unknown(LEARNED_AT_ONCE))
        found: dict[JobRef, str] = {}
        skus: dict[JobRef, str] = {}
        for user, name in rows:
            ref = JobRef(user, name)
            try:
                config = await self._config(ref)
            except NotFound:
                found[ref] = UNKNOWABLE
                continue
            except UserError:
                break
            found[ref] = image_of(config) or UNKNOWABLE
            if sku := sku_of(config):
                skus[ref] = sku
            await asyncio.sleep(0)
        if found:
            await self._db.write(lambda uow: keep(uow, found, skus))

    async def _config(self, ref: JobRef) -> dict[str, object]:
        return await self._tokens.anybody(lambda token: self._cluster.config(ref, token))

    @staticmethod
    def _only_admins(person: Person) -> None:
        if person.role is not Role.ADMIN:
            raise UserError("only-admins")


def keep(uow: UnitOfWork, images: Mapping[JobRef, str], skus: Mapping[JobRef, str]) -> None:
    uow.jobs.set_images(images)
    uow.jobs.set_skus(skus)
