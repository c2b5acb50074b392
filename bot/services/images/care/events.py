"""What Harbor's webhooks tell: written down once, and told to whom it concerns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Button, Owed, Priority
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services import feeds
from bot.services.images.care.tidying import people_called
from db import Database, UnitOfWork

IMAGE_PUSHED, REGISTRY_FULL = "image_pushed", "registry_full"
"""The events as people switch them on and off."""
QUOTA = "quota"
"""As groups do."""


@dataclass(frozen=True, slots=True)
class HubEvent:
    """One event of Harbor, whichever format it came in. `key` is the same when it is told again."""

    key: str
    kind: str
    """`pushed`, `deleted`, `scanned`, `quota`, or another word for what nobody is told of."""
    operator: str = ""
    path: str = ""
    digest: str = ""
    tag: str = ""
    detail: str = ""
    found: Mapping[str, int] | None = None
    """Of a scan: how many of each severity."""
    full: bool = False
    """Of a quota: nothing more can be pushed, which is other news than that it will be so soon."""


class HubEvents:
    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        host: Callable[[], str],
    ) -> None:
        """`wake` tells the sender that something is owed; `host` is how references call Harbor."""
        self._db = db
        self._clock = clock
        self._wake = wake
        self._host = host

    async def take(self, event: HubEvent) -> bool:
        """Committed when it returns; False when it was told before. The transaction owes the messages too."""
        now, host = self._clock(), self._host()
        told = await self._db.write(lambda uow: record(uow, event, now, host))
        if told:
            self._wake()
        return told is not None


def record(uow: UnitOfWork, event: HubEvent, now: datetime, host: str) -> int | None:
    """How many people are told; None when it was told before."""
    if not uow.images.met(event.key, now):
        return None
    name = f"{event.path}@{event.digest}"
    owner = event.operator
    if event.kind == "pushed":
        uow.images.pushed(name, event.operator, now)
    else:
        owner = uow.images.pushers([name]).get(name, "")
    line = about(event)
    if line is not None:
        _tell_groups(uow, event, now)
    if line is None or (event.kind == "deleted" and owner == event.operator):
        return 0  # whoever did it knows
    people = (
        uow.people.admins() if event.kind == "quota" else people_called(uow, owner) if owner else []
    )
    switch = REGISTRY_FULL if event.kind == "quota" else IMAGE_PUSHED
    people = [one for one in people if switch not in uow.preferences.get(one.id).muted_events]
    for person in people:
        uow.outbox.owe(owed(event, person, line, now, host), now)
    return len(people)


def _tell_groups(uow: UnitOfWork, event: HubEvent, now: datetime) -> None:
    """Of a quota as often as people are told."""
    if event.kind == "quota":
        if not uow.images.met(f"feed:{_occasion(event, now)}", now):
            return
        feeds.tell(uow, QUOTA, _for_groups(event), now)
    else:
        feeds.tell(uow, IMAGE_PUSHED, _for_groups(event), now)


def _for_groups(event: HubEvent) -> Text:
    if event.kind == "quota":
        project = event.path.partition("/")[0]
        return text("feed-quota", project=feeds.cut(project), detail=feeds.cut(event.detail))
    found = event.found or {}
    return text(
        "feed-image",
        kind=event.kind,
        name=feeds.cut(_name(event)),
        who=feeds.cut(event.operator),
        critical=found.get("Critical", 0),
        high=found.get("High", 0),
    )


def about(event: HubEvent) -> Text | None:
    """The line to tell; None for what concerns nobody: parts of an index, clean scans, own deletions."""
    name = _name(event)
    match event.kind:
        case "pushed" if event.tag and ":" not in event.tag:
            return text("hub-pushed", name=name)
        case "deleted":
            return text("hub-deleted", name=name, who=event.operator)
        case "scanned" if event.found and (event.found.get("Critical") or event.found.get("High")):
            return text(
                "hub-scanned",
                name=name,
                critical=event.found.get("Critical", 0),
                high=event.found.get("High", 0),
            )
        case "quota":
            return text("hub-quota", detail=event.detail, project=event.path.partition("/")[0])
    return None


def _name(event: HubEvent) -> str:
    return f"{event.path}:{event.tag}" if event.tag else f"{event.path}@{event.digest[:19]}"


def _occasion(event: HubEvent, now: datetime) -> str:
    """Harbor warns of a quota at every push: that it is nearly full, and that it is, are told once a day each."""
    how = "full" if event.full else "nearly"
    return f"quota:{event.path.partition('/')[0]}:{how}:{now:%Y%m%d}"


def owed(event: HubEvent, person: Person, line: Text, now: datetime, host: str) -> Owed:
    """Silent: news of images never wake anybody.

    The image's host is ours: Harbor's own name for itself may be one that nobody here can reach.
    """
    occasion = event.key
    if event.kind == "quota":
        occasion = _occasion(event, now)
    image = f"{host}/{event.path}:{event.tag}"
    show = Button(text("button-image-card"), "image.open", {"image": image})
    buttons = ((show,),) if event.kind in {"pushed", "scanned"} and event.tag else ()
    return Owed(
        f"hub:{occasion}:{person.id}",
        person.id,
        (line,),
        person.language,
        buttons,
        person.id,
        priority=Priority.ALERT,
        silent=True,
    )
