"""The emulated Harbor as its driver sees it."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Sequence

from bot.demo.harbor.accounts import Accounts, Robot
from bot.demo.harbor.hooks import Hooks, Target
from bot.demo.harbor.rest import World
from bot.demo.harbor.server import Faults, Seen, Server
from bot.demo.harbor.store import Artifact, Project, Repository, Store
from bot.demo.harbor.v2 import Registry

OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CONFIG = "application/vnd.oci.image.config.v1+json"
DAY_SECONDS = 86400.0


class HarborEmulator:
    """One Harbor 2.x with its registry, in memory, behind the same strictness as the real one's nginx.

    `auth_mode="oidc_auth"` gives users a CLI secret instead of a password; `project_lists=False` is an older
    server.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        auth_mode: str = "db_auth",
        project_lists: bool = True,
    ) -> None:
        self.clock = clock
        self.store = Store()
        self.accounts = Accounts(clock, auth_mode)
        self.hooks = Hooks()
        self._host = "127.0.0.1"
        self.world = World(
            self.store,
            self.accounts,
            clock,
            lambda: self.host,
            self._happened,
            project_lists=project_lists,
        )
        self._registry = Registry(self.world)
        self._server = Server(self.world, self._registry)
        self._group: asyncio.TaskGroup | None = None
        self._deliveries: asyncio.Task[None] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host = host
        await self._server.open(host, port)
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        self._deliveries = self._group.create_task(self.hooks.deliver())

    async def stop(self) -> None:
        if self._deliveries is not None and self._group is not None:
            self._deliveries.cancel()
            await self._group.__aexit__(None, None, None)
            self._deliveries = None
        await self._server.close()

    @property
    def host(self) -> str:
        """As it stands in references."""
        return f"{self._host}:{self._server.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def uploads(self) -> dict[str, bytearray]:
        """What has arrived of blobs that are under way."""
        return self._registry.uploads

    @property
    def faults(self) -> Faults:
        return self._server.faults

    @property
    def requests(self) -> list[Seen]:
        """Every request so far; clear it as you like."""
        return self._server.seen

    def user(self, name: str, password: str, *, admin: bool = False) -> None:
        self.accounts.add(name, password, admin=admin)

    def robot(self, project: str, name: str, *rights: str, days: float = -1) -> Robot:
        return self.accounts.robot(f"robot${project}+{name}", {project: frozenset(rights)}, days)

    def project(self, name: str, *, public: bool = False, **members: int) -> Project:
        """`members` are role numbers by user; see `store`."""
        made = Project(self.store.next(), name, public, self.clock(), members)
        self.store.projects[name] = made
        return made

    def image(
        self,
        path: str,
        *tags: str,
        env: Sequence[str] = (),
        labels: dict[str, str] | None = None,
        history: Sequence[str] = (),
        days_old: float = 0,
        pulled_days_ago: float | None = None,
        weight: int = 0,
        critical: int = 0,
        by: str = "admin",
        platform: str = "linux/amd64",
    ) -> str:
        """Put an image there as if it had been pushed; its digest. `weight` are bytes shown but not there."""
        name, _, repository = path.partition("/")
        project, pushed = self.store.projects[name], self.clock() - days_old * DAY_SECONDS
        system, _, architecture = platform.partition("/")
        config = {
            "created": "2025-03-05T10:20:30Z",
            "architecture": architecture,
            "os": system,
            "config": {"Env": list(env), "Labels": labels or {}},
            "history": [
                {"created": "2025-03-05T10:20:30Z", "created_by": step} for step in history
            ],
        }
        layer = gzip.compress(f"{path}:{tags} {env} {platform}".encode(), mtime=0)
        parts = []
        for data, kind in ((json.dumps(config).encode(), CONFIG), (layer, LAYER)):
            digest = self.store.add_blob(data, pushed)
            parts.append({"mediaType": kind, "digest": digest, "size": len(data)})
        made = {"schemaVersion": 2, "mediaType": OCI, "config": parts[0], "layers": parts[1:]}
        return self._put(
            project, repository, tags, OCI, made, by, pushed, weight, critical, pulled_days_ago
        )

    def index(self, path: str, tag: str, *platforms: str, days_old: float = 0) -> str:
        rows = []
        for platform in platforms:
            digest = self.image(path, platform=platform, days_old=days_old, env=(platform,))
            system, _, architecture = platform.partition("/")
            rows.append(
                {
                    "mediaType": OCI,
                    "digest": digest,
                    "size": 500,
                    "platform": {"os": system, "architecture": architecture},
                }
            )
        name, _, repository = path.partition("/")
        made = {"schemaVersion": 2, "mediaType": INDEX, "manifests": rows}
        pushed = self.clock() - days_old * DAY_SECONDS
        return self._put(
            self.store.projects[name], repository, (tag,), INDEX, made, "admin", pushed
        )

    def _put(
        self,
        project: Project,
        repository: str,
        tags: Sequence[str],
        kind: str,
        made: dict[str, object],
        by: str,
        pushed: float,
        weight: int = 0,
        critical: int = 0,
        pulled_days_ago: float | None = None,
    ) -> str:
        import hashlib

        body = json.dumps(made).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        for reference in tags or (digest,):
            artifact = self.store.put(project, repository, reference, kind, body, by, pushed)
            sign = "@" if ":" in reference else ":"
            project.log.append(
                (pushed, by, "create", f"{project.name}/{repository}{sign}{reference}")
            )
        artifact.weight = weight
        if pulled_days_ago is not None:
            artifact.pulled = self.clock() - pulled_days_ago * DAY_SECONDS
        if critical:
            artifact.scan = {
                "scan_status": "Success",
                "severity": "Critical",
                "summary": {
                    "total": critical + 3,
                    "fixable": 2,
                    "summary": {"Critical": critical, "Low": 3},
                },
            }
        return digest

    def artifact(self, path: str, reference: str) -> Artifact | None:
        found = self.store.repository(path)
        return found[1].find(reference) if found else None

    def hook(self, target: Target) -> None:
        self.hooks.targets.append(target)

    def _happened(
        self,
        event: str,
        project: Project,
        repository: Repository,
        artifact: Artifact,
        tag: str,
        by: str,
    ) -> None:
        data = {
            "resources": [
                {
                    "digest": artifact.digest,
                    "tag": tag,
                    "resource_url": f"{self.host}/{project.name}/{repository.name}:{tag}",
                }
            ],
            "repository": {
                "date_created": int(repository.created),
                "name": repository.name,
                "namespace": project.name,
                "repo_full_name": f"{project.name}/{repository.name}",
                "repo_type": "public" if project.public else "private",
            },
        }
        self.hooks.tell(event, project.name, by, data, self.clock())
