"""What registries refuse, beside what every system may."""

from bot.domain.errors import Denied, UserError


class Blocked(UserError):
    """The registry has the image and does not hand it out: its policy (scan, signature) forbids it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("image-blocked", detail=detail)
        self.detail = detail


def denied(system: str, code: str, message: str) -> Denied:
    """What 403 means: no right, or Harbor's `DENIED`, which tells of a full quota or its read-only mode."""
    if code == "DENIED" and "storage resource" in message:
        return NoRoom(message)
    if code == "DENIED" and "read only" in message.lower():
        return ReadOnly()
    return Denied(system, message)


class NoRoom(Denied):
    """The project would pass its quota."""

    def __init__(self, detail: str) -> None:
        UserError.__init__(self, "image-no-room", detail=detail)
        self.detail = detail


class ReadOnly(Denied):
    """The registry takes no change from anybody for now."""

    def __init__(self) -> None:
        UserError.__init__(self, "image-read-only")
        self.detail = ""


class Hidden(Denied):
    """Harbor says the same of what is missing and of what is closed to whoever asks (contracts/harbor.md 1.1)."""

    def __init__(self, name: str) -> None:
        UserError.__init__(self, "harbor-hidden", name=name)
        self.detail = ""


class Immutable(UserError):
    """A rule of the project keeps this tag as it is."""

    def __init__(self, tag: str) -> None:
        super().__init__("image-immutable", tag=tag)
        self.tag = tag


class Referenced(UserError):
    """It is part of a multi-platform image, which has to go first."""

    def __init__(self) -> None:
        super().__init__("image-referenced")


class Elsewhere(UserError):
    """The reference's host is no registry of the settings: it is not asked."""

    def __init__(self, host: str) -> None:
        super().__init__("image-elsewhere", host=host)
        self.host = host


class Changed(UserError):
    """What was confirmed is not what is there now."""

    def __init__(self, name: str) -> None:
        super().__init__("image-changed", name=name)
