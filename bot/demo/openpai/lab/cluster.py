"""Everything the endpoints speak about, in one place."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.demo.openpai.clock import LabClock
from bot.demo.openpai.faults import Faults
from bot.demo.openpai.lab.hardware import Hardware
from bot.demo.openpai.lab.job import Job
from bot.demo.openpai.lab.world import World
from bot.demo.openpai.people.accounts import Accounts
from bot.demo.openpai.people.tokens import TokenStore

WEEK_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Storage:
    """A volume that jobs may mount; `data` may hold its password, and is shown in clear."""

    name: str
    kind: str
    data: Mapping[str, str]
    share: bool = True
    mount_options: tuple[str, ...] = ()

    @property
    def volume(self) -> str:
        return f"{self.name}-pv"


def lab_storages() -> dict[str, Storage]:
    server = "192.0.2.10"
    found = [
        Storage("nfs-data", "nfs", {"server": server, "path": "/data"}, True, ("nfsvers=4.1",)),
        Storage("nfs-home", "nfs", {"server": server, "path": "/home"}, share=False),
        Storage(
            "blob-secret",
            "azureBlob",
            {"containerName": "c", "accountName": "lab", "accountKey": secrets.token_urlsafe(12)},
        ),
    ]
    return {storage.name: storage for storage in found}


@dataclass(slots=True)
class Cluster:
    """`plan` is asked for each submitted job: what an earlier `pai.plan` says of it.

    So many seconds after a job's end, `forgets_seconds`, Kubernetes knows it no more.
    """

    clock: LabClock
    faults: Faults
    hardware: Hardware
    accounts: Accounts
    tokens: TokenStore
    world: World
    hived: bool = True
    authn: Literal["basic", "OIDC"] = "basic"
    version: str = "v1.8.1"
    storages: dict[str, Storage] = field(default_factory=lab_storages)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    prometheus: "Callable[[str, Mapping[str, str]], Any] | None" = None
    plan: Callable[[Job], None] = lambda _: None
    log_url_seconds: int = 120
    forgets_seconds: int = 120
    rotate_bytes: int = 10 * 1024 * 1024

    @property
    def now(self) -> float:
        """The emulated present, in which jobs live."""
        return self.world.now

    @property
    def wall(self) -> float:
        """The server's own clock, by which tokens are issued and limits reset."""
        return self.clock.wall() + self.faults.clock_skew_seconds

    def settle(self) -> None:
        """Lets everything happen that was due until now."""
        self.world.timeline.catch_up(self.clock.now())
