"""What a site has said about itself, for the lines and files that people take elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.docker.lines import Terminal
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Empty is what the settings leave open."""

    name: str = ""
    """What people call the lab."""
    address: str = ""
    """Of the registry: host, and port if any."""
    told: Callable[[], str] = str
    """How the registry itself says that people write it; empty as long as it has not."""
    plain_http: bool = False
    """The registry has no certificate; docker must be told so on each machine."""
    project: str = ""
    sudo: bool = True
    pip_mirror: str = ""
    harbor: bool = False
    """There is a Harbor, which can be browsed."""
    images: bool = False
    """There is a registry of the lab's own, Harbor or another: /images lists it, and copies can go there."""

    @property
    def registry(self) -> str:
        """What people write before their images."""
        return self.told() or self.address

    def terminal(self, person: Person) -> Terminal:
        """The docker lines of one person."""
        user = person.openpai_user
        return Terminal(self.registry, self.project, user, self.sudo, user)
