"""A deletion as it is shown, agreed to and told."""

from dataclasses import dataclass

from bot.domain.errors import Refused
from bot.domain.images.artifact import Artifact
from bot.domain.images.reference import Reference
from bot.domain.jobs import Job
from bot.domain.messages import Button
from bot.domain.text import Text, text
from bot.services.images.references import parse_reference
from bot.services.images.usage import Usage

MAY_DELETE = {"all": "artifact:delete", "tag": "tag:delete"}


@dataclass(frozen=True, slots=True)
class Deletion:
    """What would be deleted, for the dialog that asks."""

    image: Reference
    artifact: Artifact
    running: Usage
    allowed: bool
    """False: the person can only ask an admin."""
    catalogued: bool = False
    only_tag: bool = False
    """With a CLI secret Harbor lets tags be deleted, and nothing else."""
    last_job: Job | None = None
    """The newest job on any of its tags, whoever ran it."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person agreed to: this digest with just these tags; `what` is `all`, or `tag` for one name of it."""

    image: Reference
    digest: str
    tags: frozenset[str]
    what: str
    asker: int = 0
    """Who asked an admin to do it; 0 when nobody did."""


@dataclass(frozen=True, slots=True)
class Deleted:
    name: str
    size: int
    what: str
    there: bool = True
    """False: it was gone already."""


def told(deleted: Deleted) -> Text:
    if not deleted.there:
        return text("image-gone", name=deleted.name)
    return text("image-deleted", name=deleted.name, size=deleted.size, what=deleted.what)


def deletion_buttons(wanted: Deletion, asker: int = 0) -> tuple[tuple[Button, ...], ...]:
    """One for the tag that was named, if there are others; one for all; and a way out.

    Harbor deletes no tag that a rule keeps, nor what has such a tag.
    """
    names, kept = wanted.artifact.names, wanted.artifact.kept
    payload: dict[str, str | int] = {
        "image": str(wanted.image),
        "digest": wanted.artifact.digest,
        "tags": " ".join(names),
        "asker": asker,
    }
    rows = []
    if wanted.image.tag and len(names) > 1 and wanted.image.tag not in kept:
        label = text("button-delete-tag", tag=wanted.image.tag)
        rows.append((Button(label, "image.delete.yes", {**payload, "what": "tag"}, once=True),))
    if wanted.only_tag:
        target = {"image": str(wanted.image)}
        rows.append((Button(text("button-ask-admin"), "image.delete.ask", target, once=True),))
    elif not kept:
        label = text("button-delete-all", count=len(names))
        sure = {**payload, "what": "all"}
        rows.append((Button(label, "image.delete.yes", sure, style="danger", once=True),))
    no = Button(text("button-cancel"), "image.delete.no")
    if asker:
        keep: dict[str, str | int] = {"image": str(wanted.image), "asker": asker}
        no = Button(text("button-image-keep"), "image.delete.keep", keep, once=True)
    rows.append((no,))
    return tuple(rows)


def confirmed(image: str, digest: str, tags: str, what: str, asker: int) -> Confirmed:
    """What a button of `deletion_buttons` carries."""
    if what not in MAY_DELETE:
        raise Refused("harbor", what)
    return Confirmed(parse_reference(image), digest, frozenset(tags.split()), what, asker)
