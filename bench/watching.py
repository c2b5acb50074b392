"""P4: one tick of the watcher over 20 000 listed jobs, 50 of them changed, beside the same with `json`."""

import json
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet

from bench import report
from bot.domain.people import Token
from bot.openpai.client import Pai
from bot.services.alerts import Alerts
from bot.services.tokens import Tokens
from bot.services.watching import Watcher
from db import Database

JOBS = 20_000
CHANGED = 50
ROUNDS = 9
INFO = {
    "name": "PAI RESTful API",
    "version": "v1.8.1",
    "launcherType": "k8s",
    "authnMethod": "basic",
}
FINAL = ("SUCCEEDED", "FAILED", "STOPPED")


class Listing:
    """A cluster that says what it is told to, with entity tags, and counts who asks."""

    def __init__(self) -> None:
        self.jobs = [self.job(number) for number in range(JOBS)]
        self.version = 0
        self.requests = 0
        self.body = b""
        self.change(0)

    @staticmethod
    def job(number: int) -> dict[str, object]:
        began = 1795450000000 + number * 1000
        return {
            "debugId": f"{number:032x}", "name": f"train_{number}", "username": f"user{number % 60}",
            "state": "RUNNING", "subState": "AttemptRunning", "executionType": "START", "tags": [],
            "retries": 0, "retryDetails": {"user": 0, "platform": 0, "resource": 0},
            "retryDelayTime": None, "submissionTime": began, "createdTime": began,
            "launchedTime": began + 5000, "completedTime": None, "appExitCode": None,
            "virtualCluster": "default", "totalGpuNumber": 1, "totalTaskNumber": 1,
            "totalTaskRoleNumber": 1, "jobPriority": None,
        }  # fmt: skip

    def change(self, turn: int) -> None:
        """The next 50 jobs are tried again."""
        for number in range(turn * CHANGED, (turn + 1) * CHANGED):
            job = self.jobs[number % JOBS]
            job["retries"] = int(str(job["retries"])) + 1
        self.version += 1
        self.body = json.dumps(self.jobs, separators=(",", ":")).encode()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if request.path.endswith("/info"):
            return web.json_response(INFO)
        self.requests += 1
        tag = f'W/"{self.version}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(body=self.body, content_type="application/json", headers={"ETag": tag})


async def with_json(url: str, session: aiohttp.ClientSession, base: sqlite3.Connection) -> None:
    """The plain way: fetch, `json.loads`, load what is known, compare, update what changed."""
    async with session.get(f"{url}/rest-server/api/v2/jobs") as answer:
        seen = json.loads(await answer.read())
    known = {
        (user, name): rest
        for user, name, *rest in base.execute("SELECT user, name, state, retries FROM jobs")
    }
    changed = [
        job for job in seen
        if known.get((job["username"], job["name"])) != [job["state"], job["retries"]]
    ]  # fmt: skip
    with base:
        base.executemany(
            "INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?)",
            [(j["username"], j["name"], j["state"], j["retries"]) for j in changed],
        )


async def p4() -> None:
    print(f"P4  one watcher tick, {JOBS} jobs listed, {CHANGED} changed (ms)", flush=True)
    listing = Listing()
    runner = web.ServerRunner(web.Server(listing.handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/a.db", [Fernet.generate_key().decode()])
        await database.migrate()
        await database.open()
        base = sqlite3.connect(Path(folder, "b.db"))
        base.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE jobs (user, name, state, retries, PRIMARY KEY (user, name))"
        )
        async with aiohttp.ClientSession() as session:
            await measure(listing, url, session, database, base)
        await database.close()
        base.close()
    await runner.cleanup()


async def measure(
    listing: Listing,
    url: str,
    session: aiohttp.ClientSession,
    database: Database,
    base: sqlite3.Connection,
) -> None:
    def clock() -> datetime:
        return datetime.now(UTC)

    cluster = Pai(session, url)
    tokens = Tokens(database, Token("openpai", "", "service"), (), clock)
    alerts = Alerts(database, ZoneInfo("Asia/Shanghai"), clock)
    watcher = Watcher(database, cluster, tokens, alerts, clock)
    for _ in range(3):  # the first look at everything is not what is measured
        await watcher.tick()
    await with_json(url, session, base)
    ours, plain, idle, cpu = [], [], [], []
    for turn in range(1, ROUNDS + 1):
        listing.change(turn)
        requests, began = listing.requests, time.perf_counter()
        await watcher.tick()
        ours.append(1000 * (time.perf_counter() - began))
        asked = listing.requests - requests
        began = time.perf_counter()
        await with_json(url, session, base)
        plain.append(1000 * (time.perf_counter() - began))
        began, busy = time.perf_counter(), time.process_time()
        await watcher.tick()
        idle.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - busy))
    report.line("Pailot", report.spread(ours, ".1f"))
    report.line("the same with json", report.spread(plain, ".1f"))
    report.line("Pailot / json", report.ratios(ours, plain), "<= 0.6")
    report.line("list requests in a tick", str(asked), "1")
    report.line("nothing changed (304): time", report.spread(idle, ".1f"))
    report.line("nothing changed (304): CPU, server included", report.spread(cpu, ".1f"), "<= 2")
