"""The lab's controls for the chat page: speed, pause, breakages, reset, tour, under `/lab/`."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.demo.cast import EVERYBODY
from bot.demo.openpai import Job, OpenPaiEmulator
from bot.demo.scene import Stuck
from bot.demo.telegram.people.crowd import CannotWrite

if TYPE_CHECKING:
    from bot.demo.lab import Lab

SLOWEST, FASTEST = 1.0, 60.0
JOBS_SHOWN = 14

Json = dict[str, Any]
Action = Callable[[Json], Awaitable[Json]]


class Controls:
    """Answers in JSON; what can't be done is `{"error": …}` with 400, or 504 for a silent bot."""

    def __init__(self, lab: "Lab") -> None:
        self._lab = lab

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/lab/state", self._state),
            web.get("/lab/tour", self._tour),
            web.post("/lab/speed", self._posted(self._speed)),
            web.post("/lab/pause", self._posted(self._pause)),
            web.post("/lab/break", self._posted(self._break)),
            web.post("/lab/reset", self._posted(self._reset)),
            web.post("/lab/tour/do", self._posted(self._do)),
        ]

    def _posted(self, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                return web.json_response(await action(await _fields(request)))
            except Stuck as error:
                return web.json_response({"error": str(error)}, status=504)
            except (AssertionError, CannotWrite, KeyError, TypeError, ValueError) as error:
                return web.json_response({"error": str(error)}, status=400)

        return handle

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.view())

    async def _tour(self, request: web.Request) -> web.Response:
        return web.json_response({"steps": self._lab.tour.view()})

    async def _speed(self, given: Json) -> Json:
        speed = float(given.get("speed", 0))
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed is between {SLOWEST:g} and {FASTEST:g}")
        self._lab.pai.speed = speed
        self._lab.pai.resume()
        return self.view()

    async def _pause(self, given: Json) -> Json:
        if given.get("paused"):
            self._lab.pai.pause()
        else:
            self._lab.pai.resume()
        return self.view()

    async def _break(self, given: Json) -> Json:
        self._lab.repairs.turn(str(given.get("id")), on=bool(given.get("on")))
        return self.view()

    async def _reset(self, given: Json) -> Json:
        self._lab.ask_reset()
        return {"born": self._lab.born}

    async def _do(self, given: Json) -> Json:
        self._lab.speak(str(given.get("language", "")))
        await self._lab.tour.perform(str(given.get("step")))
        self._lab.look()
        return {"steps": self._lab.tour.view()}

    def view(self) -> Json:
        """The whole lab in one answer, as the page draws it."""
        lab = self._lab
        return {
            "born": lab.born,
            "zone": lab.zone,
            "now": lab.pai.now(),
            "cast": [
                person.id for person in (lab.scene.student, lab.scene.second, lab.scene.admin)
            ],
            "speed": lab.pai.speed,
            "paused": lab.pai.cluster.clock.paused,
            "cluster": {"pools": pools(lab.pai), "jobs": jobs(lab.pai)},
            "breakages": lab.repairs.view(),
            "accounts": [
                {"user": role.account, "password": role.password} for role in EVERYBODY if role.part
            ],
        }


def pools(pai: OpenPaiEmulator) -> list[Json]:
    """The virtual clusters with their cells: GPUs, or CPU cells where there are none."""
    world = pai.cluster.world
    occupancy = world.life.occupancy
    found = []
    for vc, shares in world.hardware.shares.items():
        nodes = [world.hardware.nodes[name] for name in shares]
        gpus = any(node.sku.gpu for node in nodes)
        used = sum(
            shares[node.name]
            if node.name in occupancy.down
            else occupancy.shared.get((vc, node.name), 0)
            for node in nodes
        )
        found.append(
            {
                "name": vc,
                "what": " · ".join(dict.fromkeys(node.sku.name for node in nodes)),
                "kind": "gpu" if gpus else "cpu",
                "all": sum(shares.values()),
                "used": min(used, sum(shares.values())),
            }
        )
    return found


def jobs(pai: OpenPaiEmulator) -> list[Json]:
    """Who runs and who waits, the running ones first."""
    alive = [job for job in pai.jobs() if not job.terminal]
    alive.sort(key=lambda job: (job.launched is None, job.submitted))
    return [_job(job, pai.now()) for job in alive[:JOBS_SHOWN]]


def _job(job: Job, now: float) -> Json:
    return {
        "name": job.name,
        "user": job.user,
        "gpus": job.gpus,
        "state": "waiting" if job.launched is None else "running",
        "seconds": max(0.0, now - (job.launched or job.submitted)),
    }


async def _fields(request: web.Request) -> Json:
    """The posted object; other sites' pages may not post here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise ValueError("this page belongs to another site")
    given = json.loads(await request.read() or b"{}")
    if not isinstance(given, dict):
        raise TypeError("the body is not a JSON object")
    return given
