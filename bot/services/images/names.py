"""How references call the lab's Harbor: by the address of the settings, or as Harbor itself says."""

from datetime import datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.images.ports import ANONYMOUS, Hub, Registries
from bot.domain.images.reference import Reference
from bot.domain.people import Token

ASK_AGAIN = timedelta(minutes=10)


class HubNames:
    """Harbor may be reached at an address that the nodes don't use: then `registry_url` is its name.

    References under either name mean the same image; requests go to the address of the settings all the same.
    """

    def __init__(
        self, hub: Hub | None, registries: Registries, address: str, admin: Token = ANONYMOUS
    ) -> None:
        """`address` is host and port of the settings; empty where there is no Harbor."""
        self._hub = hub
        self._registries = registries
        self._address = address
        self._admin = admin
        self._told = ""
        self._asked_at: datetime | None = None

    @property
    def name(self) -> str:
        """What stands before the first slash of its images; empty without a Harbor."""
        told = self._hub.registry if self._hub else ""
        if told and told != self._told:
            self._told = told if self._registries.call_also(self._address, told) else ""
        return self._told or self._address

    def own(self, host: str) -> bool:
        """Whether references to this host are Harbor's; a port that goes without saying may be said."""
        return bool(self._address) and bare(host) in {bare(self.name), bare(self._address)}

    async def learn(self, host: str, now: datetime) -> None:
        """Ask Harbor for its name when somebody writes a host that nobody knows; rarely, and never twice.

        It tells its name only to those who are logged in: the site's account, or the one that cares for it.
        """
        if self._hub is None or self._told or self._registries.knows(host):
            return
        if self._asked_at is not None and now - self._asked_at < ASK_AGAIN:
            return
        self._asked_at = now
        site = self._registries.site_login(self._address)
        try:
            if site.user or self._admin.user:
                await self._hub.info(site if site.user else self._admin)
        except UserError:
            return
        self.own(host)  # takes the name up

    def one_name(self, image: Reference) -> Reference:
        """The same image under the name that counts, to compare with others."""
        host = self.name if self.own(image.host) else bare(image.host)
        return Reference(host, image.path, image.tag, image.digest)


def bare(host: str) -> str:
    """Without a port that every registry has."""
    return host.removesuffix(":443").removesuffix(":80").lower()
