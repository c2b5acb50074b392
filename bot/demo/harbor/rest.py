"""Harbor's REST calls on projects, repositories, artifacts and tags."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bot.demo.harbor import views
from bot.demo.harbor.accounts import Accounts, Caller
from bot.demo.harbor.queries import chosen, page_of
from bot.demo.harbor.store import Artifact, Project, Refused, Repository, Store, Tag

TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")


@dataclass(slots=True)
class Call:
    """`args` are the parts of the path in braces, the repository's name decoded a second time."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    caller: Caller
    args: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    store: Store
    accounts: Accounts
    now: Callable[[], float]
    host: Callable[[], str]
    happened: Callable[[str, Project, Repository, Artifact, str, str], None]
    """Event, where, what, tag, who: for webhooks."""
    version: str = "v2.16.0-1a2b3c4d"
    project_lists: bool = True
    """`/projects/{}/artifacts`, which old servers do not have."""
    gc: list[dict[str, Any]] = field(default_factory=list)

    def project(self, call: Call) -> Project:
        found = self.store.projects.get(call.args["p"])
        if found is None and call.args["p"].isdigit():
            found = next(
                (p for p in self.store.projects.values() if p.id == int(call.args["p"])), None
            )
        if found is None:
            if call.caller.admin:
                raise Refused(404, "NOT_FOUND", f"project {call.args['p']} not found")
            anonymous = call.caller.kind == "anonymous"
            raise (
                Refused(401, "UNAUTHORIZED", "unauthorized")
                if anonymous
                else Refused(403, "FORBIDDEN", "forbidden")
            )
        return found

    def writable(self) -> None:
        if self.store.read_only:
            raise Refused(
                403, "DENIED", "The system is in read only mode. Any modification is prohibited."
            )

    def artifact(self, call: Call, right: str) -> tuple[Project, Repository, Artifact]:
        project = self.project(call)
        call.caller.need(project, right)
        repository = project.repositories.get(call.args["r"])
        found = repository.find(call.args["ref"]) if repository else None
        if repository is None or found is None:
            name = f"{project.name}/{call.args['r']}"
            sign = "@" if ":" in call.args["ref"] else ":"
            raise Refused(404, "NOT_FOUND", f"artifact {name}{sign}{call.args['ref']} not found")
        return project, repository, found


Endpoint = Callable[[World, Call], Told]
ROUTES: list[tuple[str, re.Pattern[str], Endpoint]] = []


def route(method: str, pattern: str) -> Callable[[Endpoint], Endpoint]:
    words = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)

    def register(run: Endpoint) -> Endpoint:
        ROUTES.append((method, re.compile(words), run))
        return run

    return register


def respond(world: World, call: Call) -> Told:
    """`call.path` is what core gets: decoded once by nginx and encoded again."""
    below = call.path.removeprefix("/api/v2.0")
    for method, pattern, run in ROUTES:
        if method == call.method and (found := pattern.fullmatch(below)):
            call.args = {name: unquote(word) for name, word in found.groupdict().items()}
            if "r" in call.args:
                call.args["r"] = unquote(call.args["r"])
            return run(world, call)
    raise Refused(404, "NOT_FOUND", f"path {call.path} was not found")


def listed(rows: list[Any], total: int) -> Told:
    return Told(
        200, rows, {"X-Total-Count": str(total), "Link": '</api/v2.0/x?page=2&q=a b>; rel="next"'}
    )


@route("GET", "/projects")
def projects(world: World, call: Call) -> Told:
    seen = [p for p in world.store.projects.values() if call.caller.sees(p)]
    named = call.query.get("name", "")
    seen = [p for p in seen if named.lower() in p.name.lower()]
    rows = chosen(seen, call.query, lambda p: {"name": p.name, "project_id": p.id}, "name")
    found, total = page_of(rows, call.query)
    return listed([views.project(p, p.members.get(call.caller.name)) for p in found], total)


@route("GET", "/projects/{p}")
def project(world: World, call: Call) -> Told:
    found = world.project(call)
    call.caller.need(found, "project:read")
    return Told(200, views.project(found, found.members.get(call.caller.name)))


@route("GET", "/projects/{p}/summary")
def summary(world: World, call: Call) -> Told:
    found = world.project(call)
    call.caller.need(found, "project:read")
    made: dict[str, Any] = {"repo_count": len(found.repositories)}
    if "quota:read" in call.caller.rights(found):
        made["quota"] = {"hard": {"storage": found.quota}, "used": {"storage": found.used}}
    return Told(200, made)


@route("GET", "/projects/{p}/logs")
def logs(world: World, call: Call) -> Told:
    """Of a newer server only what was before its upgrade."""
    return _logged(world, call, empty=world.project_lists)


@route("GET", "/projects/{p}/auditlog-exts")
def audit_logs(world: World, call: Call) -> Told:
    if not world.project_lists:
        raise Refused(404, "NOT_FOUND", f"path {call.path} was not found")
    return _logged(world, call, operation_result=True)


def _logged(world: World, call: Call, *, empty: bool = False, **more: object) -> Told:
    found = world.project(call)
    call.caller.need(found, "log:list")
    rows = [
        {
            "operation": what,
            "username": who,
            "resource": name,
            "resource_type": "artifact",
            "op_time": at,
            **more,
        }
        for at, who, what, name in ([] if empty else reversed(found.log))
    ]
    kept = chosen(rows, call.query, lambda row: row, "-op_time")
    shown, total = page_of(kept, call.query)
    return listed(
        [{**row, "op_time": views.moment(float(str(row["op_time"])))} for row in shown], total
    )


def _repositories(seen: list[tuple[Project, Repository]], query: Mapping[str, str]) -> Told:
    def fields(pair: tuple[Project, Repository]) -> dict[str, Any]:
        of, one = pair
        return {
            "name": f"{of.name}/{one.name}",
            "creation_time": one.created,
            "update_time": one.updated,
            "pull_count": one.pulls,
        }

    rows = chosen(seen, query, fields, "-creation_time")
    found, total = page_of(rows, query)
    return listed([views.repository(*pair) for pair in found], total)


@route("GET", "/projects/{p}/repositories")
def repositories(world: World, call: Call) -> Told:
    found = world.project(call)
    call.caller.need(found, "repository:list")
    return _repositories([(found, one) for one in found.repositories.values()], call.query)


@route("GET", "/repositories")
def all_repositories(world: World, call: Call) -> Told:
    seen = [p for p in world.store.projects.values() if call.caller.sees(p)]
    return _repositories([(p, r) for p in seen for r in p.repositories.values()], call.query)


def _artifacts(world: World, call: Call, seen: list[tuple[Project, Repository, Artifact]]) -> Told:
    if "base=*" not in call.query.get("q", ""):
        hidden = {
            (r.id, d) for r in {r.id: r for _, r, _ in seen}.values() for d in r.held - r.tagged
        }
        seen = [(p, r, a) for p, r, a in seen if (r.id, a.digest) not in hidden]
    rows = chosen(seen, call.query, lambda each: views.fields(*each), "-push_time")
    found, total = page_of(rows, call.query)
    return listed([views.artifact(world.store, *each, call.query) for each in found], total)


@route("GET", "/projects/{p}/repositories/{r}/artifacts")
def artifacts(world: World, call: Call) -> Told:
    """A repository that does not exist has none: 200 and an empty list."""
    found = world.project(call)
    call.caller.need(found, "artifact:list")
    repository = found.repositories.get(call.args["r"])
    rows = [(found, repository, a) for a in repository.artifacts.values()] if repository else []
    return _artifacts(world, call, rows)


@route("GET", "/projects/{p}/artifacts")
def project_artifacts(world: World, call: Call) -> Told:
    found = world.project(call)
    call.caller.need(found, "artifact:list")
    if not world.project_lists:
        raise Refused(404, "NOT_FOUND", f"path {call.path} was not found")
    rows = [(found, r, a) for r in found.repositories.values() for a in r.artifacts.values()]
    return _artifacts(world, call, rows)


@route("GET", "/projects/{p}/repositories/{r}/artifacts/{ref}")
def artifact(world: World, call: Call) -> Told:
    found = world.artifact(call, "artifact:read")
    return Told(200, views.artifact(world.store, *found, call.query))


@route("DELETE", "/projects/{p}/repositories/{r}/artifacts/{ref}")
def delete_artifact(world: World, call: Call) -> Told:
    project, repository, found = world.artifact(call, "artifact:delete")
    world.writable()
    tags = repository.tags_of(found.digest)
    world.store.delete(project, repository, found)
    name = tags[0].name if tags else found.digest
    project.log.append(
        (world.now(), call.caller.name, "delete", _resource(project, repository, name))
    )
    world.happened("DELETE_ARTIFACT", project, repository, found, name, call.caller.name)
    return Told()


@route("GET", "/projects/{p}/repositories/{r}/artifacts/{ref}/additions/build_history")
def history(world: World, call: Call) -> Told:
    _, _, found = world.artifact(call, "artifact-addition:read")
    return Told(200, views.configuration(world.store, found).get("history") or [])


@route("POST", "/projects/{p}/repositories/{r}/artifacts/{ref}/tags")
def create_tag(world: World, call: Call) -> Told:
    project, repository, found = world.artifact(call, "tag:create")
    world.writable()
    name = str((call.body or {}).get("name", ""))
    if not TAG.fullmatch(name):
        raise Refused(400, "BAD_REQUEST", f"invalid tag name: {name}")
    if project.proxy:
        raise Refused(
            405, "METHOD_NOT_ALLOWED", "the operation isn't supported for a proxy project"
        )
    if name in repository.tags:
        raise Refused(409, "CONFLICT", f"tag {name} already exists")
    repository.tags[name] = Tag(world.store.next(), name, found.digest, world.now())
    return Told(201)


@route("DELETE", "/projects/{p}/repositories/{r}/artifacts/{ref}/tags/{tag}")
def delete_tag(world: World, call: Call) -> Told:
    project, repository, found = world.artifact(call, "tag:delete")
    world.writable()
    tag = repository.tags.get(call.args["tag"])
    if tag is None or tag.digest != found.digest:
        raise Refused(
            404, "NOT_FOUND", f"tag {call.args['tag']} attached to the artifact not found"
        )
    if project.fixed(repository.name, tag.name):
        raise Refused(
            412, "PRECONDITION", f"the tag {tag.name} configured as immutable, cannot be deleted"
        )
    del repository.tags[tag.name]
    return Told()


def _resource(project: Project, repository: Repository, name: str) -> str:
    return f"{project.name}/{repository.name}{'@' if ':' in name else ':'}{name}"
