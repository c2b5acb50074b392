"""What a site has said about itself, for the lines and files that people take elsewhere."""

from dataclasses import dataclass

from bot.domain.docker.lines import Terminal
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Empty is what the settings leave open."""

    registry: str = ""
    """Host, and port if any: what people write before their images."""
    plain_http: bool = False
    """The registry has no certificate; docker must be told so on each machine."""
    project: str = ""
    sudo: bool = True
    pip_mirror: str = ""
    harbor: bool = False
    """There is a Harbor, which can be browsed."""

    def terminal(self, person: Person) -> Terminal:
        """The docker lines of one person."""
        return Terminal(self.registry, self.project, person.openpai_user, self.sudo)
