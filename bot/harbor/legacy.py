"""Harbor 1.x, as far as it is read: projects by number, tags not paged, one entry for each tag."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from bot.domain.errors import NotFound
from bot.domain.images.artifact import Artifact, Page, Repository, Tag
from bot.domain.images.reference import searched
from bot.domain.people import Token
from bot.harbor import paths, wire
from bot.harbor.answers import Answer

Get = Callable[[str, Token], Awaitable[Answer]]


async def repositories(
    get: Get, as_: Token, project: str, word: str, page: int, size: int
) -> Page[Repository]:
    """Of one project; without one, of what the search finds."""
    if not project:
        parts = searched(word)
        asked = max(parts, key=len, default="")
        answer = await get(f"/search{paths.query(q=asked)}", as_)
        found = wire.plain(answer)
        rows = found.get("repository") if isinstance(found, dict) else None
        named = [
            wire.repository({**row, "name": row.get("repository_name")})
            for row in rows or []
            if isinstance(row, dict)
        ]
        named = [one for one in named if all(part in one.path.lower() for part in parts)]
        return Page(tuple(named[(page - 1) * size : page * size]), len(named))
    number = await _number(get, as_, project)
    query = paths.query(project_id=number, q=word, page=page, page_size=size)
    answer = await get(f"/repositories{query}", as_)
    listed = tuple(map(wire.repository, wire.rows(answer)))
    return Page(listed, wire.total(answer, len(listed)))


async def artifacts(
    get: Get, as_: Token, project: str, name: str, page: int, size: int
) -> Page[Artifact]:
    """Slashes stay plain here; the server gives all tags at once."""
    answer = await get(f"/repositories/{quote(f'{project}/{name}', safe='/')}/tags", as_)
    found = [_tag(row, project, name) for row in wire.rows(answer)]
    found.sort(key=lambda one: one.names)
    return Page(tuple(found[(page - 1) * size : page * size]), len(found))


async def _number(get: Get, as_: Token, project: str) -> int:
    """Paths take the number only."""
    answer = await get(f"/projects{paths.query(name=project, page_size=100)}", as_)
    for row in map(wire.project, wire.rows(answer)):
        if row.name == project:
            return row.id
    raise NotFound("project", project)


def _tag(row: object, project: str, name: str) -> Artifact:
    made = row if isinstance(row, dict) else {}
    digest, size = made.get("digest"), made.get("size")
    tag = Tag(
        str(made.get("name") or ""),
        wire.moment(made.get("push_time")),
        wire.moment(made.get("pull_time")),
    )
    return Artifact(
        project,
        name,
        digest if isinstance(digest, str) else "",
        size if isinstance(size, int) else 0,
        pushed_at=tag.pushed_at or wire.moment(made.get("created")),
        pulled_at=tag.pulled_at,
        tags=(tag,),
    )
