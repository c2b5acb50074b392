"""/run and job protocols sent as documents: from words to a job, with a look at it in between."""

from dataclasses import dataclass

from bot.chat import markup
from bot.chat.arguments import Rest
from bot.chat.reply import NextStep, Reply
from bot.chat.router import Ask, Router
from bot.domain import runline
from bot.domain.errors import UserError
from bot.domain.files.mentions import replaced
from bot.domain.images import smoke
from bot.domain.messages import Attachment, Button, Rows
from bot.domain.people import Place
from bot.domain.text import Text, text
from bot.services.submitting import BadProtocol, NoImage, Preview, Submitted
from handlers import choosing

router = Router()

COMMAND_SHOWN = 1200
"""UTF-16 units of the command in a preview; the whole of it is in the YAML."""
LONG_LINE = 3900
"""Telegram cuts longer messages into several, and only the first of them begins with `/run`."""
PROBLEMS_SHOWN = 12
YAML = (".yaml", ".yml")
DOCUMENT_LIMIT_BYTES = 1 << 20
"""Above it nobody looks: OpenPAI takes 100 kB."""


@dataclass(frozen=True, slots=True)
class RunArgs:
    line: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class DraftButton:
    draft: str


@dataclass(frozen=True, slots=True)
class Repair:
    draft: str
    words: str


@dataclass(frozen=True, slots=True)
class Path:
    draft: str
    old: str
    new: str


@router.command("run", place=Place.PRIVATE, takes=RunArgs, how="run-example")
async def run(ask: Ask[RunArgs]) -> Reply:
    if not ask.args.line.strip():
        offered = await choosing.image(ask)
        pick = (text("run-pick-first"),) if offered.buttons else ()
        return offered.with_(lines=(text("run-how"), text("run-example"), *pick))
    line = runline.parse(ask.args.line)
    try:
        preview = await ask.services.submitting.preview(ask.person, line, ask.key)
    except NoImage:
        return await choosing.image(ask, ask.args.line)
    cut = markup.utf16_len(ask.args.line) > LONG_LINE
    # Begun already: this line is answered once more, whatever time it is now.
    if line.now and (preview.begun or not (preview.bad or ask.late or cut)):
        return done(ask, await ask.services.submitting.submit(ask.person, preview.draft, ask.key))
    reply = show(preview)
    if cut:
        return reply.with_(lines=(*reply.lines, text("run-cut")))
    if line.now and ask.late:
        return reply.with_(lines=(text("run-late"), *reply.lines))
    return reply


async def document(ask: Ask[str]) -> Reply:
    """A `.yaml` is a job; other files have no home yet."""
    file = ask.file
    if file is None or not file.name.lower().endswith(YAML):
        raise UserError("document-unknown", name=(file.name if file else "") or "?")
    if file.size > DOCUMENT_LIMIT_BYTES:
        raise UserError("protocol-too-large", bytes=file.size, limit=100 * 1024)
    return await preview_of(ask, await ask.services.files(file.id))


async def preview_of(ask: Ask[str], data: bytes) -> Reply:
    """The card of somebody's own protocol, or what is wrong in it, by its places."""
    try:
        return show(await ask.services.submitting.preview_document(ask.person, data, ask.key))
    except BadProtocol as error:
        shown = error.problems[:PROBLEMS_SHOWN]
        lines = [text("protocol-problem", path=p.path or "·", message=p.message) for p in shown]
        rest = len(error.problems) - len(shown)
        more = (text("protocol-more", count=rest),) if rest else ()
        return Reply((error.text, *lines, *more, text("protocol-mend")))


def show(preview: Preview) -> Reply:
    """The preview card: what will run, where, with what, and what the checks found."""
    lines: list[Text] = [text("preview-title", name=preview.name, note=preview.note)]
    lines.append(text("preview-image", image=preview.image, inherited="image" in preview.inherited))
    where = "vc" in preview.inherited or "sku" in preview.inherited
    spec = preview.spec
    sku = spec.sku if spec else ""
    lines.append(text("preview-where", gpus=preview.gpus, vc=preview.vc, sku=sku, inherited=where))
    if spec is not None:
        lines.append(text("preview-resources", cpus=spec.cpus, memory=spec.memory_mb << 20))
        shm = (spec.shm_mb or 0) << 20
        if shm or spec.retries or spec.priority:
            lines.append(
                text("preview-extras", shm=shm, retries=spec.retries, priority=spec.priority)
            )
        if spec.env:
            lines.append(text("preview-env", names=", ".join(name for name, _ in spec.env)))
    if spec is not None and spec.auth is not None:
        lines.append(text("preview-auth", user=spec.auth.username, host=spec.auth.registry))
    lines += commanded(preview)
    lines += [finding.text for finding in preview.findings]
    return Reply(tuple(lines), preview_buttons(preview))


def commanded(preview: Preview) -> list[Text]:
    """What will run, as far as it fits; of our own test, what it does."""
    if preview.test:
        return [text("preview-test", mount=smoke.mounts(preview.command))]
    command = markup.cut(preview.command, COMMAND_SHOWN)
    cut = [text("preview-cut")] if command != preview.command else []
    return [text("preview-command", command=command), *cut]


def preview_buttons(preview: Preview) -> Rows:
    target = {"draft": preview.draft}
    submit = (
        Button(text("button-submit-anyway"), "run.submit", target, style="danger")
        if preview.bad
        else Button(text("button-submit"), "run.submit", target, style="success")
    )
    cancel = Button(text("button-cancel"), "run.cancel", target)
    yaml = Button(text("button-yaml"), "run.yaml", target)
    edit = (Button(text("button-edit"), "run.edit", target),) if preview.spec else ()
    return (*repairs(preview), *paths(preview), (submit, *edit), (yaml, cancel))


def repairs(preview: Preview) -> Rows:
    """What the findings say would be right, as words of /run, each behind a button."""
    fixes = dict.fromkeys(str(f.args["fix"]) for f in preview.findings if f.args.get("fix"))
    far = dict.fromkeys(str(f.args["copy"]) for f in preview.findings if f.args.get("copy"))
    copies = tuple(
        (Button(text("button-image-copy"), "image.copy", {"image": image}),) for image in far
    )
    return copies + tuple(
        (
            Button(
                text("button-repair", fix=short(fix)),
                "run.repair",
                {"draft": preview.draft, "words": fix},
            ),
        )
        for fix in (fixes if preview.spec else ())
    )


def short(fix: str) -> str:
    """As a phone shows it: of a whole image, the end is what differs and must not be cut off."""
    key, _, image = fix.partition("=")
    host, slash, path = image.partition("/")
    return path if key == "image" and slash and ("." in host or ":" in host) else fix


def paths(preview: Preview) -> Rows:
    """Paths that lead nowhere, with the right one behind a button: the command changes, and nothing else."""
    rows = []
    for finding in preview.findings if preview.spec else ():
        old, new = str(finding.args.get("path", "")), str(finding.args.get("suggestion", ""))
        if finding.code.startswith("path.") and replaced(preview.command, old, new):
            change = {"draft": preview.draft, "old": old, "new": new}
            rows.append((Button(text("button-repair-path", path=new), "run.path", change),))
    return tuple(rows)


@router.button("run.path", takes=Path, place=Place.PRIVATE)
async def repair_path(ask: Ask[Path]) -> Reply:
    change, args = ask.services.submitting.change_path, ask.args
    return show(await change(ask.person, args.draft, args.old, args.new, ask.key))


@router.button("run.repair", takes=Repair, place=Place.PRIVATE)
async def repair(ask: Ask[Repair]) -> Reply:
    change = ask.services.submitting.change
    return show(await change(ask.person, ask.args.draft, ask.args.words, ask.key))


@router.button("run.submit", takes=DraftButton, place=Place.PRIVATE)
async def submit(ask: Ask[DraftButton]) -> Reply:
    return done(ask, await ask.services.submitting.submit(ask.person, ask.args.draft, ask.key))


@router.button("run.cancel", takes=DraftButton, place=Place.PRIVATE)
async def cancel(ask: Ask[DraftButton]) -> Reply:
    await ask.services.submitting.cancel(ask.person, ask.args.draft, ask.key)
    return Reply.of(text("run-cancelled"))


@router.button("run.edit", takes=DraftButton, place=Place.PRIVATE)
async def edit(ask: Ask[DraftButton]) -> Reply:
    preview = await ask.services.submitting.find(ask.person, ask.args.draft)
    step = NextStep("run.edit", {"draft": preview.draft})
    return Reply((text("run-edit", name=preview.name),), then=step, new=True)


@router.step("run.edit")
async def edited(ask: Ask[str]) -> Reply:
    """Options, a new command, or both; a mistake may be mended at once."""
    draft = str(ask.data["draft"])
    try:
        words = ask.args.removeprefix("/run ")
        preview = await ask.services.submitting.change(ask.person, draft, words, ask.key)
    except UserError as error:
        if error.text.key.startswith("draft-"):  # there is nothing to change any more
            return Reply((error.text,), done=True)
        return Reply((error.text,), then=NextStep("run.edit", {"draft": draft}))
    return show(preview).with_(done=True)


@router.button("run.yaml", takes=DraftButton, place=Place.PRIVATE)
async def as_yaml(ask: Ask[DraftButton]) -> Reply:
    preview = await ask.services.submitting.find(ask.person, ask.args.draft)
    words = preview.readable.encode()
    file = Attachment(f"{preview.name}.yaml", words, "text/yaml")
    return Reply((text("run-yaml", name=preview.name),), attachment=file, new=True)


def done(ask: Ask[RunArgs] | Ask[DraftButton], job: Submitted) -> Reply:
    lines = [text("run-done", name=job.ref.name, note=job.note)]
    if job.renamed_from:
        lines.append(text("run-renamed", old=job.renamed_from, new=job.ref.name))
    lines.append(text("run-told"))
    target = {"user": job.ref.user, "name": job.ref.name}
    row = [
        Button(text("button-job-card"), "job.open", target),
        Button(text("button-stop"), "job.stop", target, style="danger"),
    ]
    return Reply(tuple(lines), (tuple(row),))
