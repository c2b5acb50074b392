"""Every artifact of a project, however many there are, a hundred for each request."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.errors import NotFound
from bot.domain.images.artifact import Artifact, Page, Repository
from bot.domain.people import Token
from bot.harbor import paths, wire
from bot.harbor.answers import Answer

MOST_PAGES = 2000
"""A server that never comes to an end is left."""


class Get(Protocol):
    def __call__(self, path: str, as_: Token, what: str, name: str) -> Awaitable[Answer]: ...


class Repositories(Protocol):
    def __call__(
        self, as_: Token, *, project: str, page: int, size: int
    ) -> Awaitable[Page[Repository]]: ...


async def everything(
    get: Get,
    repositories: Repositories,
    project: str,
    as_: Token,
    pushed_before: datetime | None,
    *,
    one_list: bool,
) -> AsyncIterator[Artifact]:
    """By one list for the project where the server has it (`one_list`: and lets us), else one per repository."""
    wanted = {"push_time": paths.before(pushed_before)} if pushed_before else {}
    if one_list:
        path = f"/projects/{paths.segment(project)}/artifacts"
        try:
            async for one in _pages(get, path, project, "", as_, wanted):
                if _pushed_by(one, pushed_before):
                    yield one
            return
        except (wire.PathUnknown, NotFound):  # an older server
            pass
    page, seen = 1, 0
    while page <= MOST_PAGES:
        found = await repositories(as_, project=project, page=page, size=paths.LARGEST_PAGE)
        for repository in found:
            path = f"{paths.repository(project, repository.name)}/artifacts"
            async for each in _pages(get, path, project, repository.name, as_, wanted):
                if _pushed_by(each, pushed_before):
                    yield each
        page, seen = page + 1, seen + len(found.items)
        if not found.items or seen >= found.total:
            return


async def _pages(
    get: Get, path: str, project: str, name: str, as_: Token, wanted: Mapping[str, str]
) -> AsyncIterator[Artifact]:
    """Counted by the total that the server tells; where it tells none, until a page is not full."""
    seen = 0
    extra = {"q": paths.filters(wanted)} if wanted else {}
    for page in range(1, MOST_PAGES + 1):
        query = paths.query(
            page=page,
            page_size=paths.LARGEST_PAGE,
            sort=paths.sort("id"),
            with_tag=True,
            **extra,
        )
        answer = await get(f"{path}{query}", as_, "project", project)
        rows = wire.rows(answer)
        for row in rows:
            yield wire.artifact(row, project, name)
        seen += len(rows)
        told = wire.total(answer, 0)
        if not rows or seen >= told > 0 or (not told and len(rows) < paths.LARGEST_PAGE):
            return


def _pushed_by(one: Artifact, moment: datetime | None) -> bool:
    """Checked again here: a filter that Harbor does not know it ignores."""
    return moment is None or (one.pushed_at is not None and one.pushed_at <= moment)
