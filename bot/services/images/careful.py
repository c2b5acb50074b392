"""Before a tag is set: whether Harbor would let it, which it says only at the very end of a long copy."""

from bot.domain.errors import UserError
from bot.domain.images.errors import Immutable
from bot.domain.images.reference import Reference
from bot.domain.people import Person
from bot.services.images.browsing import Browsing
from bot.services.images.logins import Logins


class Careful:
    def __init__(self, browsing: Browsing, logins: Logins) -> None:
        self._browsing = browsing
        self._logins = logins

    async def writable(self, target: Reference) -> None:
        """Raises UserError for a Harbor of version 1, which is only read; silent when it does not answer."""
        if not self._browsing.has_hub or not self._browsing.names.own(target.host):
            return
        try:
            legacy = (await self._browsing.hub.info()).legacy
        except UserError:
            return
        if legacy:
            raise UserError("harbor-too-old-write")

    async def movable(self, person: Person, target: Reference) -> None:
        """Raises Immutable for a tag that a rule of its project keeps where it is.

        UserError where the person has only the site's rights, which all share.
        """
        if await self._logins.borrows(person, target.host):
            raise UserError("registry-shared", name=str(target))
        if not self._browsing.has_hub or not self._browsing.names.own(target.host):
            return
        try:
            found = await self._browsing.artifact(person, target)
        except UserError:  # who may push need not be allowed to list: then the push will tell
            return
        for tag in found.tags:
            if tag.immutable and tag.name == target.tag:
                raise Immutable(tag.name)
