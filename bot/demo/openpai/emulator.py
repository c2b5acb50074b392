"""The emulated OpenPAI cluster as its driver sees it."""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from bot.demo.openpai.clock import LabClock
from bot.demo.openpai.endpoints.jobs import admit
from bot.demo.openpai.faults import Faults
from bot.demo.openpai.lab import shelf
from bot.demo.openpai.lab.cluster import WEEK_SECONDS, Cluster
from bot.demo.openpai.lab.hardware import Hardware, recorded_lab, without_hived
from bot.demo.openpai.lab.job import Job
from bot.demo.openpai.lab.past import remember
from bot.demo.openpai.lab.world import World
from bot.demo.openpai.people.accounts import Accounts
from bot.demo.openpai.people.tokens import TokenStore, payload_of
from bot.demo.openpai.protocol import reading
from bot.demo.openpai.protocol.plain import plain_config
from bot.demo.openpai.runs.guess import Knowledge
from bot.demo.openpai.runs.outcome import Outcome
from bot.demo.openpai.wire.gate import Gate, Seen
from bot.demo.openpai.wire.limits import Limits
from bot.demo.openpai.wire.server import RestServer

IMAGE = "openpai/standard:python_3.6-pytorch_1.2.0-gpu"


class OpenPaiEmulator:
    """One cluster with its portal. Nothing happens between calls: each request and each question
    of the driver first lets happen what was due.

    `limits=True` enforces the shipped rate limits; `hived=False` is a cluster with the default
    scheduler; `authn="OIDC"` one without passwords. `state` keeps users, tokens and jobs.
    """

    def __init__(
        self,
        speed: float = 1.0,
        *,
        limits: bool | Limits = False,
        seed: int = 1,
        state: Path | None = None,
        clock: Callable[[], float] = time.time,
        hardware: Hardware | None = None,
        hived: bool = True,
        authn: Literal["basic", "OIDC"] = "basic",
        token_seconds: int = WEEK_SECONDS,
    ) -> None:
        machines = hardware or recorded_lab()
        machines = machines if hived else without_hived(machines)
        lab_clock = LabClock(clock, speed)
        self._plans: list[tuple[str, Outcome]] = []
        self.cluster = Cluster(
            clock=lab_clock,
            faults=Faults(clock),
            hardware=machines,
            accounts=Accounts(machines.shares),
            tokens=TokenStore(secrets.token_bytes(32), token_seconds),
            world=World(machines, lab_clock.now(), seed),
            hived=hived,
            authn=authn,
            plan=self._apply_plan,
        )
        self.limits = limits if isinstance(limits, Limits) else Limits(on=limits)
        self._gate = Gate(self.cluster, RestServer(self.cluster, self.limits), self.keep)
        self._state = state
        self._host = ""
        if state is not None and state.exists():
            shelf.load(self.cluster, state)

    # -- listeners

    async def start(self, host: str = "127.0.0.1", port: int = 0, rest_port: int = 0) -> None:
        self._host = host
        await self._gate.open(host, port, rest_port)

    async def stop(self) -> None:
        await self._gate.close()
        self.keep()

    def keep(self) -> None:
        """Writes the state file, if there is one; done by itself after each changing request."""
        if self._state is not None:
            shelf.save(self.cluster, self._state)

    async def away(self) -> None:
        """Connections are refused from now on; jobs go on, tokens stay."""
        await self._gate.close()

    async def back(self) -> None:
        """Listens again on the same ports."""
        await self._gate.open(self._host, self._gate.ports["pylon"], self._gate.ports["rest"])

    async def restart(self) -> None:
        await self.away()
        await self.back()

    @property
    def url(self) -> str:
        """The portal's address: the rest-server is below /rest-server."""
        return f"http://{self._host}:{self._gate.ports['pylon']}"

    @property
    def rest_url(self) -> str:
        """The rest-server's own port: no portal, no logs."""
        return f"http://{self._host}:{self._gate.ports['rest']}"

    # -- time

    @property
    def speed(self) -> float:
        return self.cluster.clock.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self.cluster.settle()
        self.cluster.clock.speed = speed

    def pause(self) -> None:
        self.cluster.clock.pause()

    def resume(self) -> None:
        self.cluster.clock.resume()

    def now(self) -> float:
        """The emulated time, in which all times of jobs are told."""
        self.cluster.settle()
        return self.cluster.now

    async def advance(self, seconds: float) -> None:
        """Emulated time passes at once."""
        self.cluster.clock.leap(seconds)
        self.cluster.settle()

    async def until(self, user: str, name: str, *states: str, within: float = 86_400) -> Job:
        """Advances to the moment at which the job is in one of the states (default: ended)."""
        wanted = states or ("SUCCEEDED", "FAILED", "STOPPED")
        end = self.now() + within
        while (job := self.job(user, name)).state not in wanted:
            if self.now() >= end:
                raise TimeoutError(f"{job.full_name} is {job.state}, not {' or '.join(wanted)}")
            await self.advance(0.1 if job.due is None else max(0.05, job.due - self.now()))
        return job

    # -- people

    def user(
        self,
        name: str,
        password: str,
        vcs: Sequence[str] = ("default",),
        *,
        admin: bool = False,
        email: str = "",
    ) -> None:
        """Adds a user, or does nothing to one who is there already (kept state)."""
        if name not in self.cluster.accounts.users:
            self.cluster.accounts.add(name, password, vcs, admin=admin, email=email)

    def token(self, user: str, *, application: bool = True) -> str:
        """A valid token, as if the user had made one in the portal."""
        return self.cluster.tokens.issue(user, self.cluster.wall, application=application)

    def tokens(self, user: str) -> list[str]:
        return self.cluster.tokens.of(user, self.cluster.wall)

    def app_tokens(self, user: str) -> list[str]:
        return [each for each in self.tokens(user) if (payload_of(each) or {})["application"]]

    def browser_tokens(self, user: str) -> list[str]:
        return [each for each in self.tokens(user) if not (payload_of(each) or {})["application"]]

    # -- jobs

    def plan(self, match: str, outcome: Outcome) -> None:
        """Later jobs whose `user~name` or image contains the word behave like this; newest first."""
        self._plans.insert(0, (match, outcome))

    def _apply_plan(self, job: Job) -> None:
        for match, outcome in self._plans if not job.planned else ():
            if match in job.full_name or any(match in role.image for role in job.roles):
                job.outcome, job.planned = outcome, True
                return

    def submit(
        self,
        user: str,
        *,
        name: str,
        gpus: int = 1,
        vc: str = "default",
        outcome: Outcome | None = None,
        priority: str | None = None,
        instances: int = 1,
        retries: int = 0,
        image: str = IMAGE,
        commands: Sequence[str] = ("python train.py",),
        config: Mapping[str, Any] | None = None,
    ) -> Job:
        """A job that comes from elsewhere (portal, SDK); refused like one that came by HTTP."""
        self.cluster.settle()
        wanted = config or plain_config(
            name,
            {"gpu": gpus, "cpu": max(1, 4 * gpus), "memoryMB": 8192 * max(1, gpus)},
            vc=vc,
            priority=priority,
            instances=instances,
            retries=retries,
            image=image,
            commands=commands,
        )
        job = reading.build(
            wanted, None, user, self.cluster.now, self.cluster.hardware, hived=self.cluster.hived
        )
        if outcome is not None:
            job.outcome, job.planned = outcome, True
        admit(self.cluster, self.cluster.accounts.users[user], job)
        return job

    def job(self, user: str, name: str) -> Job:
        """The job as it is now; it goes on living."""
        self.cluster.settle()
        job = self.cluster.world.find(f"{user}~{name}")
        if job is None:
            raise KeyError(f"{user}~{name}")
        return job

    def jobs(self) -> list[Job]:
        self.cluster.settle()
        return list(self.cluster.world.order)

    def history(self, users: Sequence[str], jobs: int, *, days: float = 30, seed: int = 1) -> None:
        """Ended jobs of the last days, added at once."""
        remember(self.world, users, jobs, days, seed)

    def stop_job(self, user: str, name: str) -> None:
        self.cluster.world.execute(self.job(user, name), "STOP")

    # -- machines and the world around

    def node_down(self, name: str) -> None:
        self.cluster.settle()
        self.cluster.world.node_down(name)

    def node_up(self, name: str) -> None:
        self.cluster.settle()
        self.cluster.world.node_up(name)

    def knows(
        self,
        *,
        image: Callable[[str], bool] | None = None,
        file: Callable[[str, str], bool] | None = None,
        env: Callable[[str], Sequence[str]] | None = None,
    ) -> None:
        """Which images can be pulled, which `/mnt/...` paths a user has (user, path), images' environments."""
        known: Knowledge = self.cluster.world.life.known
        self.cluster.world.life.known = replace(
            known,
            image=image or known.image,
            file=file or known.file,
            env=env or known.env,
        )

    @property
    def world(self) -> World:
        """All jobs and machines as they are now."""
        self.cluster.settle()
        return self.cluster.world

    @property
    def faults(self) -> Faults:
        return self.cluster.faults

    @property
    def requests(self) -> list[Seen]:
        """Every request so far, oldest first; clear it as you like."""
        return self._gate.seen
