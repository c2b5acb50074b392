"""How images look in a chat: lists of repositories and tags, and the card of one image."""

from datetime import datetime

from bot.chat.markup import cut
from bot.chat.reply import Reply
from bot.domain.images.artifact import Artifact, Page, Repository, Scan
from bot.domain.images.reference import Reference
from bot.domain.jobs import JobState
from bot.domain.messages import Button, Rows
from bot.domain.text import Text, text
from bot.services.images.browsing import PAGE, ImageCard

COPY_LIMIT = 256
"""Telegram's, for what a button copies."""
TAGS_SHOWN = 12
WORD_SHOWN = 80


def repositories(found: Page[Repository], word: str, page: int, now: datetime) -> Reply:
    shown = cut(word, WORD_SHOWN)
    if not found.items:
        return Reply.of(text("images-none", word=shown))
    title = text("images-title", count=found.total, word=shown, page=page, pages=pages(found.total))
    lines = [
        text("images-line", name=one.path, count=one.artifacts, age=ago(one.updated_at, now))
        for one in found
    ]
    rows = [
        (Button(text("button-name", name=one.path), "images.tags", {"path": one.path, "page": 1}),)
        for one in found
    ]
    turn = turning(found.total, page, "images.page", {"word": word})
    return Reply((title, *lines), (*rows, *((turn,) if turn else ())))


def registries(hosts: tuple[str, ...]) -> Reply:
    rows = tuple(
        (
            Button(
                text("button-name", name=host),
                "images.elsewhere",
                {"host": host, "word": "", "page": 1},
            ),
        )
        for host in hosts
    )
    return Reply((text("registries-which"),), rows)


def elsewhere(host: str, found: Page[Reference], word: str, page: int) -> Reply:
    if not found.items:
        return Reply.of(text("registry-none", host=host, word=word))
    title = text(
        "registry-title", host=host, count=found.total, page=page, pages=pages(found.total)
    )
    rows = [
        (
            Button(
                text("button-name", name=one.path),
                "images.elsewhere.tags",
                {"image": str(one), "page": 1},
            ),
        )
        for one in found
    ]
    turn = turning(found.total, page, "images.elsewhere", {"host": host, "word": word})
    return Reply((title,), (*rows, *((turn,) if turn else ())))


def elsewhere_tags(image: Reference, found: Page[Reference], page: int) -> Reply:
    if not found.items:
        return Reply.of(text("images-no-tags", name=image.name))
    title = text(
        "registry-title", host=image.name, count=found.total, page=page, pages=pages(found.total)
    )
    rows = [
        (Button(text("button-name", name=one.tag), "image.open", {"image": str(one)}),)
        for one in found
    ]
    turn = turning(found.total, page, "images.elsewhere.tags", {"image": str(image)})
    return Reply((title,), (*rows, *((turn,) if turn else ())))


def artifacts(host: str, path: str, found: Page[Artifact], page: int, now: datetime) -> Reply:
    if not found.items:
        return Reply.of(text("images-no-tags", name=path))
    title = text("images-tags", name=path, count=found.total, page=page, pages=pages(found.total))
    lines = [artifact_line(one, now) for one in found]
    rows = [
        (
            Button(
                text("button-name", name=shown_name(one)),
                "image.open",
                {"image": reference(host, one)},
            ),
        )
        for one in found
    ]
    turn = turning(found.total, page, "images.tags", {"path": path})
    back = Button(text("button-all-images"), "images.page", {"word": "", "page": 1})
    return Reply((title, *lines), (*rows, (*turn, back)))


def artifact_line(one: Artifact, now: datetime) -> Text:
    return text(
        "images-tag-line",
        name=shown_name(one),
        size=one.size,
        age=ago(one.pushed_at, now),
        pulled=ago(one.pulled_at, now),
        never=one.pulled_at is None,
        scan=scan_word(one.scan),
    )


def shown_name(one: Artifact) -> str:
    names = one.names[:3]
    return ", ".join(names) + ("…" if len(one.names) > 3 else "") if names else one.digest[:19]


def reference(host: str, one: Artifact) -> str:
    tag = one.names[0] if one.names else ""
    return str(Reference(host, one.path, tag, "" if tag else one.digest))


def scan_word(scan: Scan | None) -> str:
    if scan is None or scan.status.lower() != "success":
        return "none"
    return "clean" if not scan.total else scan.found[0][0].lower() if scan.found else "clean"


def card(shown: ImageCard, now: datetime, docker: str, copies: str) -> Reply:
    """`docker` is how the site calls docker: with `sudo`, or without; `copies` is where images can be copied to."""
    image = shown.reference
    lines = [text("image-title", name=str(image)), text("image-digest", digest=shown.digest)]
    if shown.size or shown.platforms:
        lines.append(text("image-size", size=shown.size, platforms=", ".join(shown.platforms)))
    if shown.versions:
        lines.append(
            text("image-versions", versions=" · ".join(" ".join(v) for v in shown.versions))
        )
    lines.append(text("image-nfs", nfs={True: "yes", False: "no", None: "unknown"}[shown.nfs]))
    lines += dates(shown, now)
    if len(shown.tags) > 1:
        more = len(shown.tags) - TAGS_SHOWN
        lines.append(text("image-tags", tags=", ".join(shown.tags[:TAGS_SHOWN]), more=max(0, more)))
    if shown.artifact is not None:
        lines.append(scan_line(shown.scan))
    lines.append(used_line(shown))
    return Reply(tuple(lines), card_buttons(shown, f"{docker} pull {image}", copies))


def summary(shown: ImageCard) -> tuple[Text, ...]:
    """For a group: what is inside and whether it works here, and nothing of who used it."""
    inside = " · ".join(" ".join(pair) for pair in shown.versions)
    lines = [text("image-title", name=str(shown.reference))]
    if shown.size or shown.platforms:
        lines.append(text("image-size", size=shown.size, platforms=", ".join(shown.platforms)))
    if inside:
        lines.append(text("image-versions", versions=inside))
    return (*lines, used_line(shown))


def dates(shown: ImageCard, now: datetime) -> list[Text]:
    lines = []
    if shown.created_at is not None:
        lines.append(text("image-created", at=shown.created_at.timestamp()))
    if shown.pushed_at is not None:
        pulled = shown.pulled_at
        lines.append(
            text(
                "image-pushed",
                age=ago(shown.pushed_at, now),
                never=pulled is None,
                pulled=ago(pulled, now),
            )
        )
    return lines


def scan_line(scan: Scan | None) -> Text:
    if scan is None:
        return text("image-scan-none")
    if scan.status.lower() != "success":
        return text("image-scan-other", status=scan.status)
    found = ", ".join(f"{count} {severity}" for severity, count in scan.found)
    return text("image-scan", found=found, fixable=scan.fixable)


def used_line(shown: ImageCard) -> Text:
    usage = shown.usage
    return text(
        "image-used",
        count=len(usage.jobs),
        good=usage.count(JobState.SUCCEEDED),
        bad=usage.count(JobState.FAILED),
        now=len(usage.unfinished),
    )


def card_buttons(shown: ImageCard, pull: str, copies: str) -> Rows:
    target = {"image": str(shown.reference)}
    first = [Button(text("button-image-use"), "image.use", target, style="primary")]
    if len(pull) <= COPY_LIMIT:
        first.append(Button(text("button-image-pull"), copy=pull))
    second = [Button(text("button-image-test"), "image.test", target)]
    elsewhere = Button(text("button-image-copy-to"), "image.copy.to", target)
    if shown.artifact is None:
        into = Button(text("button-image-copy"), "image.copy", target)
        second += [into] if copies == "harbor" else [elsewhere] if copies else []
        return (tuple(first), tuple(second))
    second += [
        elsewhere,
        Button(text("button-image-tag"), "image.tag", target),
        Button(text("button-image-delete"), "image.delete", target, style="danger"),
    ]
    return (tuple(first), tuple(second))


def ago(at: datetime | None, now: datetime) -> int:
    return max(0, int((now - at).total_seconds())) if at else 0


def pages(total: int) -> int:
    return max(1, -(-total // PAGE))


def turning(
    total: int, page: int, action: str, payload: dict[str, str | int]
) -> tuple[Button, ...]:
    row = []
    if page > 1:
        row.append(Button(text("button-previous"), action, {**payload, "page": page - 1}))
    if page < pages(total):
        row.append(Button(text("button-next"), action, {**payload, "page": page + 1}))
    return tuple(row)
