"""The test of an image as a job like any other, and which image a newcomer tries first."""

from bot.domain.people import Person
from bot.domain.runline import RunLine
from bot.services.images.references import parse_reference
from db import Database, UnitOfWork

LEARNED_LOOKED_AT = 5


class Trying:
    def __init__(self, db: Database, site_image: str) -> None:
        """`site_image` is what jobs run on here when nobody says otherwise; it may be empty."""
        self._db = db
        self._site_image = site_image

    def line(self, words: str) -> RunLine:
        """One GPU and no retries; the command is our own script, which is written when the job is shown.

        Whoever has no folder yet, or a site that mounts nothing, gets the test without that step.
        """
        return RunLine("", image=str(parse_reference(words)), gpus=1, retries=0, test=True)

    async def first_image(self) -> str:
        """The site's own, else one that was tested, recommended, or used with success; empty if none is known."""
        if self._site_image:
            return self._site_image

        def look(uow: UnitOfWork) -> str:
            known = [one for one in uow.images.catalogue() if one.works != "no"]
            known.sort(key=lambda one: (one.works == "yes", one.added_by is not None), reverse=True)
            learned = [one for one in uow.images.learned(LEARNED_LOOKED_AT) if one.image != "?"]
            learned.sort(key=lambda one: one.people, reverse=True)
            names = [one.image for one in known] + [one.image for one in learned]
            return names[0] if names else ""

        return await self._db.read(look)

    async def newcomer(self, person: Person) -> bool:
        """Linked, and no job of theirs was ever seen."""
        user = person.openpai_user
        if not user:
            return False
        return not await self._db.read(lambda uow: uow.jobs.newest(user, 1))
