"""What helps where a file belongs to another account: jobs write as the uid that the export maps root to."""

import shlex

from bot.domain.errors import UserError
from bot.domain.files.errors import NoRight
from bot.domain.files.paths import FilePath, Places


class NotOurs(UserError):
    """As NoRight, with the commands that mend it: one for a job, one for an admin of the storage server."""


def explained(error: NoRight, place: Places, account: str) -> UserError:
    """Everything below the directory at the top is mended at once: such files seldom lie alone."""
    try:
        path = FilePath.of(error.path)
    except ValueError:
        return error
    top = FilePath(path.parts[:1])
    if not top.parts:
        return error
    return NotOurs(
        "files-not-ours",
        path=place.in_job(path),
        account=account,
        job=f"chmod -R a+rwX {shlex.quote(place.in_job(top))}",
        admin=f"sudo chown -R {account} {shlex.quote(place.on_server(top))}",
    )
