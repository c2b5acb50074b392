"""The Bot API over HTTP: tokens, bodies, faults, the log of calls, and file downloads."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import web

from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.methods import change, chats, profile, send, updates
from bot.demo.telegram.methods.registry import METHODS
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.traffic.faults import Fault
from bot.demo.telegram.traffic.updates import ConnectionCut
from bot.demo.telegram.wire.body import read_body
from bot.demo.telegram.wire.validation import Upload, convert

# Imported for their @method registrations.
SUBJECTS = (change, chats, profile, send, updates)
CALLS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, as it came and as it ended; `result` is the answer's body."""

    method: str
    params: Mapping[str, Any]
    at: float
    status: int
    result: Any

    @property
    def ok(self) -> bool:
        return self.status == 200


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, tg: Telegram, token: str) -> None:
        self._tg = tg
        self._token = token
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.call_count = 0
        self.oddities: list[str] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token:[^/]*}/{method:[^/]*}", self._serve),
            web.get("/file/bot{token:[^/]*}/{path:.+}", self._serve_file),
        ]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        faults = self._tg.faults
        if faults.is_away():
            await faults.wait_out()
            return cut(request)
        name = request.match_info["method"]
        fault = faults.take(name)
        if fault is not None and fault.cut_before:
            return cut(request)
        try:
            self._check_token(request)
            given, uploads = await read_body(request)
        except ApiError as error:
            return refusal(error)
        if fault is not None and fault.status is not None:
            return self._planned(name, given, fault)
        try:
            status, body = await self.call(name, given, uploads)
        except ConnectionCut:
            return cut(request)
        if fault is not None and fault.cut_after:
            return cut(request)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if faults.is_away():
            return cut(request)
        return answer(status, body)

    async def call(
        self, name: str, given: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Runs one method; status and body as Telegram would send them."""
        at = self._tg.clock()
        known = METHODS.get(name.lower())
        try:
            if known is None:
                self.oddities.append(f"{name}: method not emulated")
                raise ApiError(404, "Not Found")
            if self._tg.logged_out:
                raise ApiError(400, "Bad Request: Logged out")
            params, odd = convert(known[0], given, uploads or {})
            self.oddities.extend(odd)
            result = await known[1](self._tg, params)
            status, body = 200, {"ok": True, "result": result}
        except ApiError as error:
            status, body = error.status, error.body()
        self._log(known[0] if known else name, given, at, status, body)
        return status, body

    def _log(
        self, name: str, given: Mapping[str, Any], at: float, status: int, body: dict[str, Any]
    ) -> None:
        self.call_count += 1
        self.calls.append(Call(name, decoded(given), at, status, body))

    def _planned(self, name: str, given: Mapping[str, Any], fault: Fault) -> web.Response:
        status = fault.status or 500
        if fault.body:
            self._log(name, given, self._tg.clock(), status, {"body": fault.body})
            return web.Response(status=status, text=fault.body, content_type=fault.content_type)
        error = planned_error(status, fault)
        self._log(name, given, self._tg.clock(), status, error.body())
        return refusal(error)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token == self._token:
            return
        number, _, secret = token.partition(":")
        if number.isdecimal() and secret:
            raise ApiError(401, "Unauthorized")
        raise ApiError(404, "Not Found")

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        if self._tg.faults.is_away():
            await self._tg.faults.wait_out()
            return cut(request)
        fault = self._tg.faults.take("file")
        if fault is not None and (fault.cut_before or fault.cut_after):
            return cut(request)
        try:
            self._check_token(request)
            if fault is not None and fault.status is not None:
                raise planned_error(fault.status, fault)
            file = self._tg.files.by_path(request.match_info["path"])
            if file is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return refusal(error)
        return web.Response(
            body=self._tg.files.content(file),
            content_type="application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"},
        )


def decoded(given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters for the log: JSON in form values is shown as what it says."""
    shown: dict[str, Any] = {}
    for name, value in given.items():
        shown[name] = value
        if isinstance(value, str) and value[:1] in ("{", "[") and name not in ("text", "caption"):
            try:
                shown[name] = json.loads(value)
            except ValueError:
                continue
    return shown


def planned_error(status: int, fault: Fault) -> ApiError:
    if status == 429:
        seconds = fault.retry_after or 1
        return ApiError(
            429, f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds}
        )
    words = {
        400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        409: "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
        413: "Request Entity Too Large",
        502: "Bad Gateway",
    }
    return ApiError(status, fault.description or words.get(status, "Internal Server Error"))


def answer(status: int, body: dict[str, Any]) -> web.Response:
    headers = {}
    if "parameters" in body and "retry_after" in body["parameters"]:
        headers["Retry-After"] = str(body["parameters"]["retry_after"])
    return web.Response(
        status=status,
        body=msgspec.json.encode(body),
        content_type="application/json",
        headers=headers,
    )


def refusal(error: ApiError) -> web.Response:
    return answer(error.status, dict(error.body()))


def cut(request: web.Request) -> web.Response:
    """Breaks the connection; the response is for aiohttp only and goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
