"""Harbor as the domain's Hub: one method per thing it can be asked."""

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

import aiohttp

from bot.domain.errors import Denied, NotFound, TokenRefused, Unavailable, UserError
from bot.domain.images.artifact import (
    Artifact,
    GcRun,
    HubAccount,
    HubInfo,
    Page,
    Project,
    Quota,
    Repository,
    Robot,
)
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import searched
from bot.domain.people import Token
from bot.harbor import auditing, legacy, paths, whole, wire
from bot.harbor.accounts import Accounts
from bot.harbor.answers import SYSTEM, Answer
from bot.harbor.transport import CALL_SECONDS, Transport

DETAIL_PAGE = 50
"""Scan results cost Harbor several queries per artifact."""
API, OLD_API = "/api/v2.0", "/api"
MOST_PROJECTS = 20
"""Whose repositories are asked one by one for a CLI secret, which may not list all at once."""


class Harbor:
    """One Harbor, seen by everybody with their own logins; `Transport` says what the session must be like."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        ca_file: str | None = None,
        call_seconds: float = CALL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = Transport(
            session, url, ca_file=ca_file, call_seconds=call_seconds, clock=clock
        )
        self._accounts = Accounts(self._transport, self._api, self.info, clock)
        self._base = ""
        self.registry = ""
        """How references call it, once it told so to somebody who is logged in."""

    @property
    def url(self) -> str:
        return str(self._transport.url)

    async def info(self, as_: Token = ANONYMOUS) -> HubInfo:
        base = await self._api()
        answer = await self._transport.call("GET", f"{base}/systeminfo", as_)
        if not answer.ok:
            raise wire.failure(answer, "image", "systeminfo")
        told = wire.info(answer, legacy=base == OLD_API)
        self.registry = told.registry or self.registry
        return told

    async def check(self, as_: Token) -> HubAccount:
        """Whose login is this, and of which kind? Raises WrongLogin."""
        return await self._accounts.check(as_, ANONYMOUS)

    async def believes(self, as_: Token) -> str:
        """What the login still opens; empty when it stopped working: Harbor would not refuse it, and show less."""
        if await self._api() == OLD_API:
            return "full"
        try:
            return await self._accounts.believe(as_)
        except TokenRefused:
            return ""

    async def projects(self, as_: Token, *, page: int = 1, size: int = 50) -> Page[Project]:
        query = paths.query(page=page, page_size=size, with_detail=False)
        answer = await self._get(f"/projects{query}", as_, "project", "")
        rows = wire.rows(answer)
        return Page(tuple(map(wire.project, rows)), wire.total(answer, len(rows)))

    async def project(self, name: str, as_: Token) -> Project:
        """A missing project is refused like a closed one, but to admins."""
        return wire.project(
            wire.plain(await self._get(f"/projects/{paths.segment(name)}", as_, "project", name))
        )

    async def numbered(self, number: int, as_: Token) -> Project:
        """By the number that stands in the addresses of Harbor's pages."""
        path = f"/projects/{number}"
        if await self._api() == OLD_API:
            return wire.project(wire.plain(await self._old(path, as_)))
        answer = await self._get(path, as_, "project", str(number), named=False)
        return wire.project(wire.plain(answer))

    async def repositories(
        self, as_: Token, *, project: str = "", word: str = "", page: int = 1, size: int = 20
    ) -> Page[Repository]:
        """Of one project or all that may be seen, those changed last first; `word` is part of the name.

        Of several words all are; then at most a hundred are found.
        """
        if await self._api() == OLD_API:
            return await legacy.repositories(self._old, as_, project, word, page, size)
        if not project and await self._accounts.believe(as_) == "oidc":
            return await self._by_project(as_, word, page, size)
        where = f"/projects/{paths.segment(project)}/repositories" if project else "/repositories"
        words = searched(word)
        several = (
            len(words) > 1
        )  # the filter takes one: the longest is asked for, the rest looked for here
        asked = {"q": paths.filters({"name": f"~{max(words, key=len)}"})} if words else {}
        at, most = (1, paths.LARGEST_PAGE) if several else (page, size)
        query = paths.query(page=at, page_size=most, sort=paths.sort("-update_time"), **asked)
        answer = await self._get(f"{where}{query}", as_, "image", project)
        rows = map(wire.repository, wire.rows(answer))
        found = [one for one in rows if all(part in one.path.lower() for part in words)]
        if several:
            return Page(tuple(found[(page - 1) * size : page * size]), len(found))
        return Page(tuple(found), wire.total(answer, len(found)))

    async def _by_project(self, as_: Token, word: str, page: int, size: int) -> Page[Repository]:
        """The list of all is closed to CLI secrets, those of the projects are open (contracts/harbor.md 2.3)."""
        found: list[Repository] = []
        total, most = 0, min(paths.LARGEST_PAGE, page * size)
        for one in (await self.projects(as_, size=paths.LARGEST_PAGE)).items[:MOST_PROJECTS]:
            try:
                part = await self.repositories(as_, project=one.name, word=word, size=most)
            except Denied:  # a public project may keep its lists to its members
                continue
            found += part.items
            total += part.total
        never = datetime.min.replace(tzinfo=UTC)
        found.sort(key=lambda r: r.updated_at or never, reverse=True)
        return Page(tuple(found[(page - 1) * size : page * size]), total)

    async def artifacts(
        self, project: str, name: str, as_: Token, *, page: int = 1, size: int = 10, **wanted: str
    ) -> Page[Artifact]:
        """The newest pushed first. A repository that does not exist has no artifacts: it is not told apart."""
        if await self._api() == OLD_API:
            return await legacy.artifacts(self._old, as_, project, name, page, size)
        query = paths.query(
            page=page,
            page_size=min(size, DETAIL_PAGE),
            sort=paths.sort("-push_time"),
            with_tag=True,
            with_scan_overview=True,
            with_immutable_status=True,
            **({"q": paths.filters(wanted)} if wanted else {}),
        )
        path = f"{paths.repository(project, name)}/artifacts{query}"
        answer = await self._get(path, as_, "image", f"{project}/{name}")
        rows = wire.rows(answer)
        found = tuple(wire.artifact(row, project, name) for row in rows)
        return Page(found, wire.total(answer, len(found)))

    async def artifact(self, project: str, name: str, version: str, as_: Token) -> Artifact:
        """By tag or digest, out of the list: with a CLI secret the single one may not be asked for."""
        if await self._api() == OLD_API:
            found = await legacy.artifacts(self._old, as_, project, name, 1, 1000)
        elif ":" in version:  # parts of an index are listed only when asked for
            found = await self.artifacts(project, name, as_, digest=version, base="*")
        else:
            found = await self.artifacts(project, name, as_, tags=version)
        for one in found:
            if version in (one.digest, *one.names):
                return one
        raise NotFound("image", f"{project}/{name}{'@' if ':' in version else ':'}{version}")

    async def history(self, artifact: Artifact, as_: Token) -> tuple[str, ...]:
        """The commands that made it, the oldest first. Not a pull."""
        path = f"{paths.artifact(artifact.project, artifact.repository, artifact.digest)}/additions"
        answer = await self._get(f"{path}/build_history", as_, "image", artifact.path)
        return wire.history(answer)

    async def everything(
        self, project: str, as_: Token, pushed_before: datetime | None = None
    ) -> AsyncIterator[Artifact]:
        """Every artifact of a project, page by page. Don't delete while it runs: pages would shift.

        One list for the project where the server has it (since about 2.10), else one per repository.
        """
        await self._api()
        one_list = await self._accounts.believe(as_) != "oidc"
        async for one in whole.everything(
            self._get, self.repositories, project, as_, pushed_before, one_list=one_list
        ):
            yield one

    async def delete_artifact(self, artifact: Artifact, as_: Token) -> None:
        """With all its tags. Raises Immutable, Referenced, Denied."""
        path = paths.artifact(artifact.project, artifact.repository, artifact.digest)
        await self._change("DELETE", path, as_, artifact.path)

    async def delete_tag(self, artifact: Artifact, tag: str, as_: Token) -> None:
        """That tag alone; the artifact stays, even without any tag."""
        path = paths.artifact(artifact.project, artifact.repository, artifact.digest)
        await self._change("DELETE", f"{path}/tags/{paths.segment(tag)}", as_, tag)

    async def rights(self, project: Project, as_: Token) -> frozenset[str]:
        """What this account may do there, like `artifact:delete`; empty when Harbor does not say."""
        query = paths.query(scope=f"/project/{project.id}", relative=True)
        try:
            return wire.rights(
                await self._get(f"/users/current/permissions{query}", as_, "project", project.name)
            )
        except UserError:
            return frozenset()

    async def quota(self, project: str, as_: Token) -> Quota | None:
        path = f"/projects/{paths.segment(project)}/summary"
        return wire.quota(await self._get(path, as_, "project", project))

    async def pushers(self, project: str, as_: Token) -> Mapping[str, str]:
        """Who pushed what (`path:tag` or `path@digest` → user), as far as Harbor's logs tell."""
        return await auditing.pushers(self._get, project, as_)

    async def start_gc(self, as_: Token, *, dry_run: bool) -> int:
        """Untagged images stay: a job may name one by its digest, and nobody has confirmed their deletion."""
        body = {
            "schedule": {"type": "Manual"},
            "parameters": {"delete_untagged": False, "dry_run": dry_run, "workers": 1},
        }
        answer = await self._change("POST", "/system/gc/schedule", as_, "gc", body)
        ending = answer.headers.get("location", "").rpartition("/")[2]
        if not ending.isdecimal():
            raise Unavailable(SYSTEM, "it does not say which run it began")
        return int(ending)

    async def gc(self, run: int, as_: Token) -> GcRun:
        return wire.gc_run(wire.plain(await self._get(f"/system/gc/{run}", as_, "gc", str(run))))

    async def gc_runs(self, as_: Token) -> tuple[GcRun, ...]:
        query = paths.query(page=1, page_size=5, sort=paths.sort("-creation_time"))
        return tuple(
            map(wire.gc_run, wire.rows(await self._get(f"/system/gc{query}", as_, "gc", "gc")))
        )

    async def make_robot(
        self, project: str, name: str, days: int, as_: Token, *, push: bool = False
    ) -> Robot:
        """`name` is our part of it: the whole name is what the server answers. The secret is told this once."""
        actions = ["pull", "push"] if push else ["pull"]
        access = [{"resource": "repository", "action": action} for action in actions]
        body = {
            "name": name,
            "level": "project",
            "duration": days,
            "description": "made by Pailot",
            "permissions": [{"kind": "project", "namespace": project, "access": access}],
        }
        return wire.robot(await self._change("POST", "/robots", as_, name, body))

    async def delete_robot(self, robot: int, as_: Token) -> None:
        await self._change("DELETE", f"/robots/{robot}", as_, str(robot))

    async def _get(
        self, path: str, as_: Token, what: str, name: str, *, named: bool = True
    ) -> Answer:
        base = await self._api()
        if base == OLD_API:
            raise UserError("harbor-too-old-know")
        await self._accounts.believe(as_)
        answer = await self._transport.call("GET", f"{base}{path}", as_, named=named)
        if answer.status == 405:
            raise wire.PathUnknown
        if answer.status == 403 and name:
            raise wire.hidden(answer, name)
        if not answer.ok:
            raise wire.failure(answer, what, name)
        return answer

    async def _change(
        self, method: str, path: str, as_: Token, name: str, body: object = None
    ) -> Answer:
        """Never repeated by itself: after a lost answer the caller looks again."""
        base = await self._api()
        if base == OLD_API:
            raise UserError("harbor-too-old")
        await self._accounts.believe(as_)
        words = json.dumps(body).encode() if body is not None else b""
        answer = await self._transport.call(method, f"{base}{path}", as_, body=words)
        if not answer.ok:
            raise wire.failure(answer, "image", name)
        return answer

    async def _old(self, path: str, as_: Token) -> Answer:
        answer = await self._transport.call("GET", f"{OLD_API}{path}", as_)
        if not answer.ok:
            raise wire.failure(answer, "image", path)
        return answer

    async def _api(self) -> str:
        """Version 2 says so in JSON; 404 is version 1; anything else is no Harbor (contracts/harbor.md 4)."""
        if not self._base:
            answer = await self._transport.call("GET", "/api/version", ANONYMOUS)
            if answer.ok and "version" in wire.table(answer):
                self._base = API
            elif answer.status == 404 and (not answer.html or await self._speaks_old()):
                self._base = OLD_API
            elif answer.status == 429 or answer.status >= 500:
                raise wire.failure(answer, "image", "version")
            else:
                raise Unavailable(SYSTEM, "there is no Harbor at that address")
        return self._base

    async def _speaks_old(self) -> bool:
        """Pages that say 404 are everywhere: version 1 also tells about itself in JSON."""
        answer = await self._transport.call("GET", f"{OLD_API}/systeminfo", ANONYMOUS)
        return answer.ok and bool(wire.table(answer))
