"""The registries of the demo's lab: its Harbor, and a public registry as far as the lab uses one."""

import json
import time
from collections.abc import Callable, Iterable

from bot.demo.harbor import views
from bot.demo.harbor.emulator import HarborEmulator
from bot.demo.harbor.hooks import Target
from bot.demo.harbor.store import DEVELOPER, MAINTAINER, Artifact

PROJECT = "vision"
ADMIN, HOOK_SECRET = "harbor-admin", "harbor-demo-hook"
PASSWORD = "Harbor-demo-1"
GIB = 1 << 30
NFS = "RUN apt-get update && apt-get install -y --no-install-recommends nfs-common openssh-server"
PUBLIC = {
    "openpai/standard": ("python_3.6-pytorch_1.2.0-gpu", "python_3.6-tensorflow_1.15.0-gpu"),
    "openpai/pytorch-py36-cu90": ("latest",),
    "openpai/tensorflow-py36-cu90": ("latest",),
    "pytorch/pytorch": (
        "1.13.1-cuda11.6-cudnn8-runtime",
        "1.13",
        "2.1.0-cuda12.1-cudnn8-runtime",
        "latest",
    ),
    "ufoym/deepo": ("pytorch-py36-cu100", "tensorflow-py36-cu90"),
    "nvidia/cuda": ("11.7.1-cudnn8-devel-ubuntu20.04", "12.1.1-cudnn8-runtime-ubuntu22.04"),
}


class ImagesLab:
    """Two registries on free ports, furnished anew at each start; `port` keeps Harbor where it was."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.harbor = HarborEmulator(clock=clock)
        self.public = HarborEmulator(clock=clock)

    async def start(
        self, accounts: Iterable[tuple[str, str, bool]], web_port: int, port: int = 0
    ) -> None:
        """`accounts` are name, password and whether it is an admin's; `web_port` is where webhooks go."""
        await self.public.start()
        try:
            await self.harbor.start(port=port)
        except OSError:  # taken meanwhile: any other will do
            await self.harbor.start()
        self._settle(list(accounts))
        target = f"http://127.0.0.1:{web_port}/hooks/harbor"
        for project in (PROJECT, "base"):
            self.harbor.hook(Target(project, target, HOOK_SECRET, "CloudEvents"))

    async def stop(self) -> None:
        await self.harbor.stop()
        await self.public.stop()

    def settings_environ(self) -> dict[str, str]:
        """Settings, as environment variables, with which a bot finds both registries."""
        hub = {"name": "hub", "url": self.public.url, "mirror_of": "docker.io"}
        return {
            "PAILOT_HARBOR__URL": self.harbor.url,
            "PAILOT_HARBOR__PROJECT": PROJECT,
            "PAILOT_HARBOR__ADMIN_USERNAME": ADMIN,
            "PAILOT_HARBOR__ADMIN_PASSWORD": PASSWORD,
            "PAILOT_HARBOR__WEBHOOK_SECRET": HOOK_SECRET,
            "PAILOT_REGISTRIES": json.dumps([hub]),
        }

    def can_pull(self, words: str) -> bool:
        """Whether nodes find the image; of other registries nobody knows, and they do."""
        found = self._find(words)
        return found is None or found[1] is not None

    def env_of(self, words: str) -> list[str]:
        """The environment that the image sets, as far as somebody knows."""
        found = self._find(words)
        if found is None or found[1] is None:
            return []
        return views.configuration(found[0].store, found[1]).get("config", {}).get("Env") or []

    def _find(self, words: str) -> tuple[HarborEmulator, Artifact | None] | None:
        for host, registry in ((self.harbor.host, self.harbor), (self.public.host, self.public)):
            path, _, tag = words.removeprefix(f"{host}/").partition("@")
            if words.startswith(f"{host}/"):
                if not tag:
                    path, _, tag = path.rpartition(":") if ":" in path else (path, "", "latest")
                return registry, registry.artifact(path, tag)
        return None

    def _settle(self, accounts: list[tuple[str, str, bool]]) -> None:
        harbor = self.harbor
        harbor.user(ADMIN, PASSWORD, admin=True)
        for name, password, _ in accounts:
            harbor.user(name, password)
        roles = {name: MAINTAINER if admin else DEVELOPER for name, _, admin in accounts}
        project = harbor.project(PROJECT, public=True)
        project.members, project.quota = roles, 400 * GIB
        harbor.project("base", public=True)
        harbor.project("thesis").members = dict.fromkeys(list(roles)[:1], MAINTAINER)
        self._furnish(list(roles))
        for path, tags in PUBLIC.items():
            name = path.partition("/")[0]
            if name not in self.public.store.projects:
                self.public.project(name, public=True)
            for tag in tags:
                self.public.image(
                    path, tag, env=("LANG=C.UTF-8", f"TAG={tag}"), days_old=400, weight=3 * GIB
                )

    def _furnish(self, people: list[str]) -> None:
        harbor, torch = (
            self.harbor,
            ("CUDA_VERSION=11.7.1", "PYTHON_VERSION=3.8.16", "PYTORCH_VERSION=1.13.1"),
        )
        harbor.image(
            "base/pytorch", "py38-torch1.13-cu117", "stable",
            env=torch, history=(NFS, "RUN pip install torch==1.13.1"), days_old=40, pulled_days_ago=0.2,
            weight=6 * GIB, by=ADMIN,
        )  # fmt: skip
        harbor.image(
            "base/tensorflow", "py38-tf2.11-cu112",
            env=("CUDA_VERSION=11.2.2", "PYTHON_VERSION=3.8.16", "TF_VERSION=2.11.0"), history=(NFS,),
            days_old=90, pulled_days_ago=6, weight=5 * GIB, by=ADMIN,
        )  # fmt: skip
        harbor.index("base/tools", "v1", "linux/amd64", "linux/arm64", days_old=12)
        for n, owner in enumerate(people):
            harbor.image(
                f"{PROJECT}/ml/{owner}-detector", f"v{n + 1}", env=torch, history=("RUN pip install timm",),
                days_old=20 * n + 3, pulled_days_ago=n + 1, weight=(7 + n) * GIB, critical=n % 3, by=owner,
            )  # fmt: skip
        for n, owner in enumerate(people[:3]):
            harbor.image(
                f"{PROJECT}/{owner}-old", "test", env=("PYTHON_VERSION=3.6.9",), days_old=400 + n,
                pulled_days_ago=260 + 20 * n, weight=(11 - n) * GIB, by=owner,
            )  # fmt: skip
        harbor.image(
            "thesis/secret-sauce", "v1", env=torch, history=(NFS,), days_old=5, weight=4 * GIB
        )
