"""What can be wrong with a file, told to the person who asked for it."""

import shlex

from bot.domain.errors import UserError
from bot.domain.files.paths import FilePath, Places


class Missing(UserError):
    """There is nothing at this path."""

    def __init__(self, path: str) -> None:
        super().__init__("files-missing", path=path)


class Exists(UserError):
    """There is something at this path already, and nothing is ever replaced unasked."""

    def __init__(self, path: str) -> None:
        super().__init__("files-exists", path=path)


class NoRight(UserError):
    """The server's own permissions forbid it: mostly files that a job wrote as another uid."""

    def __init__(self, path: str) -> None:
        super().__init__("files-no-right", path=path)
        self.path = path


class LeadsOut(UserError):
    """A symbolic link stands in the way; none is ever followed, wherever it leads."""

    def __init__(self, path: str) -> None:
        super().__init__("files-link", path=path)


class WrongKind(UserError):
    """A directory where a file is needed, or the other way round."""

    def __init__(self, path: str) -> None:
        super().__init__("files-wrong-kind", path=path)


class HardLinked(UserError):
    """A file of several names may be somebody else's under another one: it is not read."""

    def __init__(self, path: str) -> None:
        super().__init__("files-hard-link", path=path)


class Full(UserError):
    """No room: the disk or a quota of the server is full."""

    def __init__(self) -> None:
        super().__init__("files-disk-full")


class HostKeyChanged(UserError):
    """The server shows another key than the one in the settings: nothing is sent to it."""

    def __init__(self) -> None:
        super().__init__("files-host-key")


class NotCaged(UserError):
    """An account without a shell that sees the whole machine: no path can be kept in the folder there."""

    def __init__(self) -> None:
        super().__init__("files-not-caged")


class LoginRefused(UserError):
    """The server refuses the site's key or password."""

    def __init__(self) -> None:
        super().__init__("files-login-refused")


class OwnKeyRefused(UserError):
    """The server refuses a member's own key, which was good once."""

    def __init__(self, account: str) -> None:
        super().__init__("own-key-refused", account=account)


class Changed(UserError):
    """The file is not the one that was read before: somebody else has written it meanwhile."""

    def __init__(self, path: str) -> None:
        super().__init__("edit-changed", path=path)


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
