"""The OpenPAI emulator against every recorded exchange: status, type, code, message, shape.

The exchanges are replayed in their order, once per way of configuring the server; users, jobs and
troubles that the recording had and did not record are arranged on the way.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.openpai import Limits, OpenPaiEmulator, Outcome
from tests.contracts.replay import Clock, Replay
from tests.contracts.shape import shape, values

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/openpai"
pytestmark = [
    pytest.mark.contracts,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded exchanges are not here"),
]

# What is recorded and not replayed, with the reason.
SKIPPED: Mapping[str, str] = {}

# Answers of which only the shape is compared, because their values depend on more than the calls.
ONLY_SHAPE: Mapping[str, str] = {
    r"19b-|204-|422-|530-": "the message is JavaScript's, the YAML parser's or a machine's own",
    r"43-|44-|110-|113-": "the order of the answer is that of a hash table",
    r"34[67]-|35\d|36\d|37\d|380-|40[01]-": "other jobs, at another moment of their lives",
    r"425-|426-|523-": "other jobs run at that moment",
    r"80-": "token strings",
    r"142-|146-|15[01]-": "made-up addresses and alerts",
    r"234-|24[23]": "container annotations and event texts of the simulated cluster",
    r"25[89]-|26[04]-": "log contents of the simulated jobs",
    r"377-": "the recording left the body out",
    r"503-": "no identity provider was reachable",
    r"525-": "metrics of the simulated cluster",
}


def number(path: Path) -> tuple[int, str]:
    found = re.match(r"(\d+)(\w?)", path.stem)
    assert found is not None
    return int(found[1]), path.stem


FILES = sorted(RECORDED.glob("*.json"), key=number)


def leak(pai: OpenPaiEmulator) -> None:
    """A job whose role has a name that is normalised; it runs until the end of the recording."""
    role = {
        "instances": 1,
        "dockerImage": "image",
        "resourcePerInstance": {"gpu": 1, "cpu": 4, "memoryMB": 8192},
        "commands": ["sleep 90000"],
    }
    config = {
        "protocolVersion": 2,
        "name": "leak_1",
        "type": "job",
        "prerequisites": [{"type": "dockerimage", "uri": "openpai/standard", "name": "image"}],
        "taskRoles": {"Worker_A": role},
    }
    pai.submit("alice", name="leak_1", config=config)


def alert(name: str, **labels: str) -> dict[str, Any]:
    return {
        "labels": {"alertname": name, "severity": "warn", **labels},
        "annotations": {"summary": "made up"},
        "startsAt": "2026-01-01T00:00:00Z",
        "endsAt": "2026-01-01T01:00:00Z",
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        "receivers": ["nobody"],
        "fingerprint": "aa",
    }


ALERTS = [
    alert("NodeNotReady", node_name="worker-gpu-1"),
    alert("PAIJobGpuPercentLowerThan0_3For1h", job_name="alice~j1", username="alice"),
]


def fault(name: str, *, on: bool) -> Callable[[OpenPaiEmulator], None]:
    return lambda pai: setattr(pai.faults, name, on)


def exhaust(pai: OpenPaiEmulator) -> None:
    """The recording made more calls than it shows."""
    for _ in range(30):
        pai.limits.count("api", "127.0.0.1", pai.cluster.wall)


BEFORE: dict[str, Callable[[OpenPaiEmulator], None]] = {
    "403-rate-api-all": exhaust,
    "512-detail-taskrole-name-normalised": leak,
    "420-login-while-k8s-500": fault("kubernetes_down", on=True),
    "422-vc-list-hived-503": fault("hived_down", on=True),
    "425-vc-list-bad-node": lambda pai: pai.node_down("worker-gpu-1"),
    "530-list-while-db-down": fault("database_down", on=True),
    "531-submit-while-write-merger-down": fault("merger_down", on=True),
}
AFTER: dict[str, Callable[[OpenPaiEmulator], None]] = {
    "421-any-call-while-k8s-down": fault("kubernetes_down", on=False),
    "424-submit-hived-503": fault("hived_down", on=False),
    "427-k8s-nodes-bad-node": lambda pai: pai.node_up("worker-gpu-1"),
    "530b-login-while-db-down": fault("database_down", on=False),
    "532-stop-while-write-merger-down": fault("merger_down", on=False),
}


def differences(name: str, recorded: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    if recorded["status"] != ours["status"]:
        yield f"status {ours['status']}, recorded {recorded['status']}: {str(ours['body'])[:300]}"
        return
    theirs = {key.lower(): value for key, value in recorded["headers"].items()}
    mine = {key.lower(): value for key, value in ours["headers"].items()}
    if theirs.get("content-type") != mine.get("content-type"):
        yield f"content type {mine.get('content-type')}, recorded {theirs.get('content-type')}"
    for header in (
        "x-ratelimit-limit",
        "retry-after",
        "content-encoding",
        "access-control-allow-origin",
        "vary",
    ):
        if theirs.get(header) != mine.get(header):
            yield f"{header}: {mine.get(header)}, recorded {theirs.get(header)}"
    for header in (
        "etag",
        "content-range",
        "accept-ranges",
        "content-disposition",
        "x-ratelimit-remaining",
    ):
        if (header in theirs) != (header in mine):
            yield f"{header} is {'there' if header in mine else 'missing'}"
    body, said = recorded["body"], ours["body"]
    if name in {"377-list-gzip", "503-oidc-login-redirect"}:
        return
    found = list(shape(body, said, ""))
    yield from found
    if not found and not any(re.match(pattern, name) for pattern in ONLY_SHAPE):
        yield from values(body, said, "")


def configured(variant: str, clock: Clock) -> OpenPaiEmulator:
    match variant.split(" ", maxsplit=1)[0]:
        case "default":
            return OpenPaiEmulator(clock=clock, hived=False)
        case "OIDC":
            return OpenPaiEmulator(clock=clock, authn="OIDC")
        case "tight":
            tight = Limits(on=True, api_per_minute=25, lists_per_minute=3, submits_per_hour=2)
            return OpenPaiEmulator(clock=clock, limits=tight)
        case "token":
            return OpenPaiEmulator(clock=clock, token_seconds=0)
        case _:
            return OpenPaiEmulator(clock=clock)


async def played(player: Replay, name: str, exchange: dict[str, Any]) -> list[str]:
    if (arrange := BEFORE.get(name)) is not None:
        arrange(player.pai)
    answer = await player.ask(exchange)
    if (clear_up := AFTER.get(name)) is not None:
        clear_up(player.pai)
    return list(differences(name, exchange["response"], answer))


async def replay(variant: str, exchanges: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    clock = Clock()
    pai = configured(variant, clock)
    pai.pause()
    pai.user("admin", "admin-password", admin=True)
    pai.user("bob", "bob-password", ("default", "research"), email="bob@example.com")
    if variant:
        pai.user("alice", "alice-pass")
    pai.cluster.alerts = ALERTS
    pai.submit("admin", name="smoke_1", outcome=Outcome(runs_seconds=3, exit=1))
    await pai.until("admin", "smoke_1")
    await pai.start()
    found: dict[str, list[str]] = {}
    try:
        async with aiohttp.ClientSession(auto_decompress=True) as session:
            player = Replay(pai, clock, session)
            for name, exchange in exchanges.items():
                try:
                    found[name] = await played(player, name, exchange)
                except (AssertionError, KeyError, aiohttp.ClientError) as error:
                    found[name] = [repr(error)]
    finally:
        await pai.stop()
    return found


def by_variant() -> dict[str, dict[str, dict[str, Any]]]:
    """Calls through the portal's proxy belong to the same run as direct ones."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path in FILES:
        if path.stem not in SKIPPED:
            exchange = json.loads(path.read_text("utf-8"))
            variant = exchange.get("variant") or ""
            key = "" if variant.startswith("through") else variant
            found.setdefault(key, {})[path.stem] = exchange
    return found


@pytest.fixture(scope="module")
def replayed() -> dict[str, list[str]]:
    async def all_of_them() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for variant, exchanges in by_variant().items():
            found |= await replay(variant, exchanges)
        return found

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("name", [path.stem for path in FILES])
def test_it_answers_as_recorded(name: str, replayed: dict[str, list[str]]) -> None:
    if name in SKIPPED:
        pytest.skip(SKIPPED[name])
    assert replayed[name] == []
