"""Users, their groups, and what the groups give them."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

# OpenPAI's iterations take 35 ms a login; a handful keeps tests fast and the shape right.
_ITERATIONS = 8

ADMIN_GROUP = "admingroup"


@dataclass(slots=True)
class Group:
    name: str
    vcs: list[str] = field(default_factory=list)
    storages: list[str] | None = None
    admin: bool = False
    description: str = ""
    external: str = ""

    def json(self) -> dict[str, Any]:
        acls: dict[str, Any] = {"admin": self.admin, "virtualClusters": self.vcs}
        if self.storages is not None:
            acls["storageConfigs"] = self.storages
        return {
            "groupname": self.name,
            "description": self.description,
            "externalName": self.external,
            "extension": {"acls": acls},
        }


@dataclass(slots=True)
class User:
    name: str
    password: str
    groups: list[str]
    email: str = ""
    extension: dict[str, Any] = field(default_factory=dict)

    def accepts(self, password: str) -> bool:
        return hmac.compare_digest(self.password, hashed(self.name, password))


def hashed(user: str, password: str) -> str:
    return hashlib.pbkdf2_hmac("sha512", password.encode(), user.encode(), _ITERATIONS, 64).hex()


def ssh_key(user: str) -> dict[str, str]:
    """Looks like the job key pair that OpenPAI shows to everybody; opens nothing."""
    rng = Random(user)
    lines = [base64.b64encode(rng.randbytes(48)).decode() for _ in range(25)]
    kind = "RSA PRIVATE KEY"
    private = "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])
    public = base64.b64encode(b"\x00\x00\x00\x07ssh-rsa" + rng.randbytes(268)).decode()
    return {"key": private, "pubKey": f"ssh-rsa {public} pai-job-ssh"}


class Accounts:
    """The people of the cluster; virtual clusters and storages come through groups."""

    def __init__(self, vcs: Iterable[str]) -> None:
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}
        for vc in vcs:
            self.groups[vc] = Group(vc, [vc])
        self.groups["default"] = Group(
            "default", ["default"], ["nfs-data", "nfs-home"], description="group for default vc"
        )
        self.groups[ADMIN_GROUP] = Group(
            ADMIN_GROUP, [], ["nfs-data"], admin=True, description="admin's group"
        )
        self._vcs = list(vcs)

    def add(
        self,
        name: str,
        password: str,
        vcs: Iterable[str] = (),
        *,
        admin: bool = False,
        email: str = "",
        extension: Mapping[str, Any] | None = None,
    ) -> User:
        user = User(name, hashed(name, password), self.groups_for(vcs, admin=admin), email)
        user.extension = {**(extension or {}), "jobSSH": ssh_key(name)}
        self.users[name] = user
        return user

    def groups_for(self, vcs: Iterable[str], *, admin: bool) -> list[str]:
        """Everybody is in the default group; administrators need no other."""
        if admin:
            return ["default", ADMIN_GROUP]
        return list(dict.fromkeys(["default", *vcs]))

    def is_admin(self, user: User) -> bool:
        return any(self.groups[name].admin for name in user.groups if name in self.groups)

    def vcs(self, user: User) -> list[str]:
        """Administrators may use every virtual cluster."""
        if self.is_admin(user):
            return list(self._vcs)
        granted = [
            vc for name in user.groups if name in self.groups for vc in self.groups[name].vcs
        ]
        return list(dict.fromkeys(granted))

    def storages(self, user: User) -> list[str]:
        granted: list[str] = []
        for name in user.groups:
            granted += (self.groups[name].storages or []) if name in self.groups else []
        return list(dict.fromkeys(granted))

    def default_storages(self, user: User) -> list[str]:
        """The first one of each group."""
        groups = [self.groups[name] for name in user.groups if name in self.groups]
        return list(dict.fromkeys(group.storages[0] for group in groups if group.storages))

    def json(self, user: User) -> dict[str, Any]:
        """What any token may read of anybody, the private job key included."""
        return {
            "username": user.name,
            "grouplist": user.groups,
            "email": user.email,
            "extension": user.extension,
            "admin": self.is_admin(user),
            "virtualCluster": self.vcs(user),
            "storageConfig": self.storages(user),
        }
