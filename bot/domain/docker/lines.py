"""The docker lines of a site and a person, ready to be copied into a terminal."""

import re
from dataclasses import dataclass, replace

ANY_REGISTRY = "REGISTRY"
ANY_PROJECT = "PROJECT"
"""Stand where the site has said nothing, in capitals that no registry would take."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the lines depend on."""

    registry: str = ""
    """Host, and port if any: what stands before the first slash of an image."""
    project: str = ""
    user: str = ""
    """Who logs in there."""
    sudo: bool = True
    owner: str = ""
    """Whose repositories they are, where that is not who logs in (a robot)."""

    @property
    def docker(self) -> str:
        return "sudo docker" if self.sudo else "docker"

    def as_user(self, user: str) -> "Terminal":
        return replace(self, user=user)

    def image(self, repository: str, tag: str) -> str:
        """Complete, as push and jobs need it."""
        place = f"{self.registry or ANY_REGISTRY}/{self.project or ANY_PROJECT}"
        return f"{place}/{repository}:{tag}"

    def login(self) -> str:
        """Asks for the password; single quotes, since robots have a `$` in their names."""
        user = (self.user or "USER").replace("'", "'\\''")
        return f"{self.docker} login {self.registry or ANY_REGISTRY} -u '{user}'"

    def logout(self) -> str:
        return f"{self.docker} logout {self.registry or ANY_REGISTRY}"

    def build(self, image: str) -> str:
        return f"{self.docker} build -t {image} ./"

    def tag(self, source: str, image: str) -> str:
        return f"{self.docker} tag {source} {image}"

    def push(self, image: str) -> str:
        return f"{self.docker} push {image}"

    def pull(self, image: str) -> str:
        return f"{self.docker} pull {image}"


def repository(name: str, user: str) -> str:
    """`ann-pytorch`: one per person, so that nobody overwrites somebody else's tag."""
    owner = re.sub(r"[^a-z0-9]+", "-", user.lower()).strip("-")
    return f"{owner}-{name}" if owner else name
