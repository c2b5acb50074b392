"""Who asks the emulated Harbor: users, robots, CLI secrets, and what each may do."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.harbor.store import ADMIN, DEVELOPER, GUEST, LIMITED, MAINTAINER, Project, Refused

LOCKED_SECONDS = 1.5
_READ = frozenset({"repository:list", "repository:read", "repository:pull", "artifact:read", "artifact:list",
    "tag:list", "artifact-addition:read", "project:read", "quota:read", "log:list"})  # fmt: skip
_WRITE = _READ | {"repository:push", "artifact:create", "tag:create"}
_CARE = _WRITE | {"artifact:delete", "tag:delete", "repository:delete", "scan:create"}
RIGHTS = {
    ADMIN: _CARE | {"robot:create", "robot:delete", "notification-policy:create"},
    MAINTAINER: _CARE,
    DEVELOPER: _WRITE,
    GUEST: _READ,
    LIMITED: _READ - {"repository:list", "artifact:list"},
}


@dataclass(slots=True)
class User:
    id: int
    name: str
    password: str
    admin: bool = False
    cli_secret: str = ""


@dataclass(slots=True)
class Robot:
    id: int
    name: str
    secret: str
    rights: dict[str, frozenset[str]]
    """By project; `*` is all of them."""
    expires: float = -1.0
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """`kind` is user, robot, oidc (a CLI secret) or anonymous."""

    name: str = ""
    kind: str = "anonymous"
    admin: bool = False
    robot: Robot | None = None

    def rights(self, project: Project) -> frozenset[str]:
        public = _READ - {"quota:read", "log:list"} if project.public else frozenset[str]()
        if self.admin:
            return RIGHTS[ADMIN]
        if self.robot is not None:
            own = self.robot.rights.get(project.name) or self.robot.rights.get("*") or frozenset()
            return own | public
        role = project.members.get(self.name) if self.name else None
        return RIGHTS[role] | public if role else public

    def sees(self, project: Project) -> bool:
        return project.public or bool(self.rights(project))

    def need(self, project: Project, right: str) -> None:
        """A project one may not see is refused, not missing, but to admins (contract 1.1, row 11)."""
        if right in self.rights(project):
            return
        if self.kind == "anonymous":
            raise Refused(401, "UNAUTHORIZED", "unauthorized")
        raise Refused(403, "FORBIDDEN", "forbidden")


_CLI_PATHS = re.compile(
    r"^(/service/token|/v2/.*|/api/version)$|^/api/v2\.0(/projects|/systeminfo|/labels"
    r"|/projects/[^/]+/repositories|/projects/[^/]+/repositories/[^/]+/artifacts)$"
)


@dataclass(slots=True)
class Accounts:
    clock: Callable[[], float]
    auth_mode: str = "db_auth"
    users: dict[str, User] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    _locked: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, password: str, *, admin: bool = False) -> User:
        user = User(len(self.users) + 1, name, password, admin)
        if self.auth_mode == "oidc_auth" and not admin:
            user.cli_secret = password
        self.users[name] = user
        return user

    def robot(self, name: str, rights: dict[str, frozenset[str]], days: float = -1) -> Robot:
        ends = self.clock() + days * 86400 if days > 0 else -1.0
        made = Robot(len(self.robots) + 1, name, secrets.token_urlsafe(24), rights, ends)
        self.robots[name] = made
        return made

    def caller(self, header: str, method: str, path: str) -> Caller:
        """Whoever can't be recognised is anonymous: a wrong password is no error (contract 2.1)."""
        name, password = basic(header)
        if not name:
            return Caller()
        if name.startswith("robot$"):
            robot = self.robots.get(name)
            fresh = (
                robot and not robot.disabled and (robot.expires < 0 or robot.expires > self.clock())
            )
            if robot and fresh and secrets.compare_digest(robot.secret.encode(), password.encode()):
                return Caller(name, "robot", robot=robot)
            return Caller()
        user = self.users.get(name)
        if user and user.cli_secret and self.auth_mode == "oidc_auth":
            right = user.cli_secret == password
            tag_delete = method == "DELETE" and re.search(r"/artifacts/[^/]+/tags/[^/]+$", path)
            allowed = (
                bool(_CLI_PATHS.match(path))
                if method in {"GET", "HEAD"} or path.startswith("/v2/")
                else bool(tag_delete)
            )
            return Caller(name, "oidc") if right and allowed else Caller()
        if self._locked.get(name, 0) > self.clock():
            return Caller()
        if user and user.password == password:
            return Caller(name, "user", user.admin)
        self._locked[name] = self.clock() + LOCKED_SECONDS
        return Caller()


def basic(header: str) -> tuple[str, str]:
    if not header.startswith("Basic "):
        return "", ""
    try:
        name, _, password = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password
