"""Who pushed what, out of Harbor's logs of what people did."""

from collections.abc import Mapping

from bot.domain.errors import NotFound
from bot.domain.people import Token
from bot.harbor import paths, wire
from bot.harbor.whole import Get

LOGS = ("auditlog-exts", "logs")
"""Newer servers write into the first, and keep in the second only what was before their upgrade."""
MOST_PAGES = 5


async def pushers(get: Get, project: str, as_: Token) -> Mapping[str, str]:
    """`path:tag` or `path@digest` → user, the latest, as far as the last 500 lines of each log tell."""
    found: dict[str, str] = {}
    for log in LOGS:
        try:
            await _read(get, f"/projects/{paths.segment(project)}/{log}", project, as_, found)
        except (wire.PathUnknown, NotFound):  # a server has one of them or both
            continue
    return found


async def _read(get: Get, path: str, project: str, as_: Token, found: dict[str, str]) -> None:
    for page in range(1, MOST_PAGES + 1):
        query = paths.query(
            page=page,
            page_size=paths.LARGEST_PAGE,
            sort=paths.sort("-op_time"),
            q=paths.filters({"operation": "create"}),
        )
        rows = wire.pusher(await get(f"{path}{query}", as_, "project", project))
        for resource, user in rows:
            found.setdefault(resource, user)
        if len(rows) < paths.LARGEST_PAGE:
            return
