"""Sends recorded requests to an emulator, with its own tokens and log addresses in their place."""

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from bot.demo.openpai import OpenPaiEmulator

TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.(?:<signature>|[\w-]+)")


@dataclass
class Clock:
    now: float = 1_795_453_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Replay:
    """One server and what is known of the recording's tokens and log addresses."""

    pai: OpenPaiEmulator
    clock: Clock
    session: aiohttp.ClientSession
    tokens: dict[str, str] = field(default_factory=dict)
    lists: dict[tuple[str, bool], dict[str, str]] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    refused: bool = False

    async def ask(self, exchange: dict[str, Any]) -> dict[str, Any]:
        """Our answer to a recorded request, once the job it is about is where it was then."""
        self.refused = exchange["response"]["status"] == 401
        await self.reach(exchange["request"]["path"], exchange["response"])
        answer = await self.send(exchange)
        self.learn(exchange, answer)
        return answer

    async def reach(self, path: str, recorded: dict[str, Any]) -> None:
        """Lets time pass until the job is where it was when it was recorded."""
        body = recorded["body"]
        named = re.match(r"/api/v2/jobs/([^/?]+)", path)
        job = self.pai.world.find(named[1].replace("%7E", "~")) if named else None
        if job is None:
            return
        for _ in range(6000):
            status = body.get("jobStatus") if isinstance(body, dict) else None
            if status is not None:
                there = (job.state, job.phase) == (status["state"], status["subState"])
            elif "locations" in str(body):
                there = job.state != "WAITING"
            elif "job-attempts" in path:
                there = job.terminal
            elif path.endswith("/events"):
                there = bool(self.pai.world.life.events.of(job))
            else:
                there = True
            if there:
                return
            await self.pai.advance(0.1)
        raise AssertionError(f"{job.full_name} is {job.state}, {job.phase}")

    async def send(self, exchange: dict[str, Any]) -> dict[str, Any]:
        request = exchange["request"]
        proxied = exchange.get("variant", "").startswith("through")
        base = self.pai.url if proxied else self.pai.rest_url
        headers = {
            key: self.translated(value)
            for key, value in request["headers"].items()
            if key.lower() not in {"connection", "accept-encoding"}
        }
        if "If-None-Match" in headers:
            headers["If-None-Match"] = self.etags[headers["If-None-Match"]]
        if request["headers"].get("Accept-Encoding") == "gzip":
            headers["Accept-Encoding"] = "gzip"
        skip = {"User-Agent", "Accept", "Accept-Encoding", "Content-Type"} - set(headers)
        path = self.log_address(request["path"]) or self.translated(request["path"])
        data = request["body"]
        if data is not None:
            text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
            data = text.encode()
        timeout = aiohttp.ClientTimeout(total=0.3 if exchange["response"]["status"] == 0 else 20)
        try:
            async with self.session.request(
                request["method"],
                URL(base + path, encoded=True),
                headers=headers,
                data=data,
                timeout=timeout,
                skip_auto_headers=skip,
                allow_redirects=False,
            ) as response:
                raw = await response.read()
                told = dict(response.headers)
                return {"status": response.status, "headers": told, "body": parsed(raw)}
        except TimeoutError:
            return {"status": 0, "headers": {}, "body": ""}

    def translated(self, text: str) -> str:
        if text.startswith("Basic "):
            user, _, secret = base64.b64decode(text[6:]).decode().partition(":")
            ours = base64.b64encode(f"{user}:{self.translated(secret)}".encode()).decode()
            return f"Basic {ours}"
        return TOKEN.sub(lambda found: self.token(found[0]), text)

    def token(self, recorded: str) -> str:
        """Ours for the recorded one: of the same user and kind.

        A login in the second of a revoked token gives the same string again.
        """
        said = payload(recorded)
        dead = self.tokens.get(recorded) not in self.pai.tokens(said["username"])
        if recorded not in self.tokens or (dead and not self.refused):
            self.clock.now += 1.0
            user, application = said["username"], said["application"]
            self.tokens[recorded] = self.pai.token(user, application=application)
        return self.tokens[recorded]

    def learn(self, exchange: dict[str, Any], answer: dict[str, Any]) -> None:
        theirs, ours = exchange["response"]["body"], answer["body"]
        if isinstance(theirs, dict) and isinstance(ours, dict):
            if "token" in theirs and "token" in ours:
                self.tokens[theirs["token"]] = ours["token"]
            for location in ours.get("locations", []):
                uri = location["uri"]
                found = re.search(r"logs/([^?]+)\?.*framework-name=(\w+)", uri)
                assert found is not None
                self.lists.setdefault((found[2], "tail-mode" in uri), {})[found[1]] = uri
        if "ETag" in exchange["response"]["headers"] and "Etag" in answer["headers"]:
            self.etags[exchange["response"]["headers"]["ETag"]] = answer["headers"]["Etag"]

    def log_address(self, path: str) -> str | None:
        found = re.match(r"/log-manager/.*/logs/([^?]+)\?.*framework-name=(\w+)", path)
        if found is None:
            return None
        uri = self.lists[found[2], "tail-mode" in path][found[1]]
        return re.sub(r"token=[^&]+", "token=bad", uri) if "token=bad" in path else uri


def payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def parsed(raw: bytes) -> Any:
    text = raw.decode()
    try:
        return json.loads(text)
    except ValueError:
        return text
