"""OpenPAI as the domain's Cluster: one method per thing it can be asked, each a request and a decoding."""

import asyncio
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from bot.domain.errors import TokenRefused, Unavailable
from bot.domain.jobs import (
    Account,
    ClusterInfo,
    JobDetail,
    JobEvent,
    JobPage,
    JobQuery,
    JobRef,
    Listing,
    LogText,
    Node,
    Sku,
    Storage,
    Task,
    VirtualCluster,
)
from bot.domain.people import Token
from bot.openpai.budget import Urgency
from bot.openpai.logs import LogReader, TaskAddress
from bot.openpai.tokens import Births
from bot.openpai.transport import Transport
from bot.openpai.wire import detail, listing, requests, values
from bot.openpai.wire.answers import Answer
from bot.openpai.wire.requests import SYSTEM, Request

LOGIN_SECONDS = 12.0
"""A login is never answered while Kubernetes is down."""
SECOND_LOOK_SECONDS = 1.0


class Pai:
    """One OpenPAI, seen by everybody with their own tokens. The session is lent and never closed here.

    Give it a session whose connector has `keepalive_timeout=4`: the server closes idle connections after
    5 s, and only GET is repeated when a connection turns out to be dead.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        ca_file: str | None = None,
        timeout_seconds: float = 20.0,
        second_look_seconds: float = SECOND_LOOK_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = Transport(
            session, url, ca_file=ca_file, timeout_seconds=timeout_seconds, clock=clock
        )
        self._births = Births()
        self._rows = listing.Rows()
        self._logs = LogReader(self._transport)
        self._second_look_seconds = second_look_seconds
        self._urgency = Urgency.PERSON

    @property
    def portal(self) -> str:
        return self._transport.portal

    def now(self) -> datetime:
        """OpenPAI's own clock, by the dates of its answers."""
        return self._transport.now()

    def yielding(self) -> "Pai":
        """The same cluster for work that can wait: it leaves half of the calls of a minute to people."""
        other = object.__new__(Pai)
        other.__dict__.update(self.__dict__)
        other._urgency = Urgency.SPARE
        return other

    async def info(self) -> ClusterInfo:
        request = requests.info()
        return values.info(await self._transport.call(request), request)

    async def login(self, user: str, password: str) -> Token:
        request = requests.login(user, password)
        async with self._births.turn(user, "browser"):
            answer = await self._transport.call(request, timeout_seconds=LOGIN_SECONDS)
            token = values.token(answer, request, user)
            self._births.born(token.secret)
            return token

    async def create_application_token(self, as_: Token) -> Token:
        request = requests.create_application_token()
        async with self._births.turn(as_.user, "application"):
            token = values.token(await self._call(request, as_), request, as_.user)
            self._births.born(token.secret)
            return Token(SYSTEM, as_.user, token.secret)

    async def revoke(self, token: Token, as_: Token) -> bool:
        """Two logins of a user in one second get the same string, and revoking it ends both.

        So a browser token is revoked only if we made it, if its second is over, and if the owner's list
        holds the string once: an entry for each login. Else it is left to expire, and the answer is False.
        Application tokens are always revoked; ours are never the same string twice.
        """
        if not values.claims(token.secret).get("application"):
            if not self._births.ours(token.secret):
                return False
            await self._births.outlive_its_second(token.secret)
            listed = requests.tokens()
            if values.token_count(await self._call(listed, as_), listed, token.secret) > 1:
                return False
        await self._do(requests.revoke_token(token.secret), as_)
        return True

    async def logout(self, as_: Token) -> None:
        """End a browser token made by `login`, with the caution of `revoke`."""
        await self.revoke(as_, as_)

    async def check(self, secret: str) -> Account:
        """A first refusal may be a hiccup of Kubernetes, or a token that is not stored yet."""
        request = requests.check_token()
        as_ = Token(SYSTEM, str(values.claims(secret).get("username", "")), secret)
        try:
            return values.checked_account(await self._call(request, as_), request)
        except TokenRefused:
            await asyncio.sleep(self._second_look_seconds)
        return values.checked_account(await self._call(request, as_), request)

    async def account(self, user: str, as_: Token) -> Account:
        request = requests.user(user)
        return values.account(await self._call(request, as_), request)

    async def jobs(self, query: JobQuery, as_: Token) -> JobPage:
        request = requests.jobs(query)
        return listing.page(await self._call(request, as_), request)

    async def listing(
        self, as_: Token, *, limit: int, offset: int = 0, etag: str = ""
    ) -> Listing | None:
        request = requests.listing(limit, offset, etag)
        answer = await self._transport.call(request, as_, urgency=Urgency.WATCH)
        if answer.status == 304:
            return None
        return Listing(self._rows.decode(answer, request), answer.header("etag"))

    async def job(self, ref: JobRef, as_: Token) -> JobDetail:
        request = requests.job(ref)
        return detail.detail(await self._call(request, as_), request)

    async def attempt(self, ref: JobRef, index: int, as_: Token) -> JobDetail:
        request = requests.attempt(ref, index)
        return detail.detail(await self._call(request, as_), request)

    async def task_attempts(
        self, ref: JobRef, as_: Token, *, role: str, index: int = 0, job_attempt: int = 0
    ) -> tuple[Task, ...]:
        request = requests.task_attempts(ref, role, index, job_attempt)
        return detail.task_attempts(await self._call(request, as_), request)

    async def config(self, ref: JobRef, as_: Token) -> dict[str, Any]:
        request = requests.config(ref)
        return values.config(await self._call(request, as_), request)

    async def submit(self, protocol: str, as_: Token) -> None:
        named = re.search(r"""^name:\s*["']?([\w-]+)""", protocol, re.MULTILINE)
        await self._do(requests.submit(protocol, named[1] if named else ""), as_)

    async def stop(self, ref: JobRef, as_: Token) -> None:
        """Fine if the job has ended: the server fails on jobs that Kubernetes no longer has."""
        try:
            await self._do(requests.stop(ref), as_)
        except Unavailable:
            if not (await self.job(ref, as_)).job.state.final:
                raise

    async def tag(self, ref: JobRef, tag: str, as_: Token) -> None:
        await self._do(requests.tag(ref, tag), as_)

    async def untag(self, ref: JobRef, tag: str, as_: Token) -> None:
        await self._do(requests.untag(ref, tag), as_)

    async def events(self, ref: JobRef, as_: Token) -> tuple[JobEvent, ...]:
        request = requests.events(ref)
        return values.events(await self._call(request, as_), request)

    async def log_names(
        self,
        ref: JobRef,
        as_: Token,
        *,
        role: str,
        index: int = 0,
        attempt: int = 0,
        job_attempt: int = 0,
    ) -> tuple[str, ...]:
        return await self._logs.names(TaskAddress(ref, role, index, attempt, job_attempt), as_)

    async def log(
        self,
        ref: JobRef,
        as_: Token,
        *,
        role: str,
        index: int = 0,
        attempt: int = 0,
        job_attempt: int = 0,
        name: str = "all",
        tail: bool = True,
        start: int | None = None,
        max_bytes: int = 1 << 20,
    ) -> LogText:
        task = TaskAddress(ref, role, index, attempt, job_attempt)
        if start is None and tail:
            return await self._logs.tail(task, name, as_)
        return await self._logs.piece(task, name, as_, start or 0, max_bytes)

    async def virtual_clusters(self, as_: Token) -> tuple[VirtualCluster, ...]:
        request = requests.virtual_clusters()
        return values.virtual_clusters(await self._call(request, as_), request)

    async def nodes(self, as_: Token) -> tuple[Node, ...]:
        request = requests.nodes()
        return values.nodes(await self._call(request, as_), request)

    async def skus(self, as_: Token, vc: str = "") -> tuple[Sku, ...]:
        request = requests.skus(vc)
        return values.skus(await self._call(request, as_), request)

    async def storages(self, as_: Token) -> tuple[Storage, ...]:
        request = requests.storages()
        return values.storages(await self._call(request, as_), request)

    async def _do(self, request: Request, as_: Token) -> None:
        values.done(await self._call(request, as_), request)

    async def _call(self, request: Request, as_: Token) -> Answer:
        """A token made a moment ago may not be stored yet: its first refusal is asked once more."""
        answer = await self._transport.call(request, as_, urgency=self._urgency)
        if answer.status == 401 and self._births.fresh(as_.secret):
            await asyncio.sleep(self._second_look_seconds)
            answer = await self._transport.call(request, as_, urgency=self._urgency)
        return answer
