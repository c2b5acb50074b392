"""/logs: what does my job say?"""

from dataclasses import dataclass
from typing import Literal

from bot.chat import markup
from bot.chat.arguments import arg
from bot.chat.reply import Reply
from bot.chat.router import Ask, Router
from bot.domain.errors import NotFound
from bot.domain.jobs import JobRef
from bot.domain.messages import Attachment, Button, Rows
from bot.domain.people import Place
from bot.domain.text import text
from bot.services.following import LogTail
from handlers import choosing, views

router = Router()

STREAMS = ("all", "stdout", "stderr")
LINES = 50
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class LogsArgs:
    name: str = ""
    stream: Literal["all", "stdout", "stderr"] = "all"
    file: bool = False
    n: int = arg(LINES, least=1, most=MOST_LINES)
    grep: str = arg("", named=True)
    role: str = arg("", named=True)
    task: int = arg(0, named=True, least=0)
    attempt: int | None = arg(None, named=True, least=0)


@dataclass(frozen=True, slots=True)
class Log:
    user: str
    name: str
    stream: str = "all"
    n: int = LINES
    grep: str = ""
    role: str = ""
    task: int = 0
    attempt: int | None = None

    @property
    def ref(self) -> JobRef:
        return JobRef(self.user, self.name)


@router.command("logs", place=Place.PRIVATE, takes=LogsArgs, how="how-logs")
async def logs(ask: Ask[LogsArgs]) -> Reply:
    if not ask.args.name:
        return await choosing.latest(ask, "log.show", "logs-which")
    ref = JobRef.parse(ask.args.name, ask.person.openpai_user)
    try:
        tail = await asked_for(ask, ref)
    except NotFound as missing:
        if missing.what != "job":
            raise
        return await choosing.no_such(ask, ref, "log.show")
    if ask.args.file:
        return document(ask.person.id, ref, ask.args)
    return show(tail, ask.args)


@router.button("log.show", takes=Log, place=Place.PRIVATE)
async def first(ask: Ask[Log]) -> Reply:
    return (await refresh(ask)).with_(new=True)


@router.button("log.refresh", takes=Log, place=Place.PRIVATE)
async def refresh(ask: Ask[Log]) -> Reply:
    return show(await asked_for(ask, ask.args.ref), ask.args)


@router.button("log.file", takes=Log, place=Place.PRIVATE)
async def whole(ask: Ask[Log]) -> Reply:
    return document(ask.person.id, ask.args.ref, ask.args)


async def asked_for(ask: Ask[LogsArgs] | Ask[Log], ref: JobRef) -> LogTail:
    args = ask.args
    return await ask.services.following.logs.tail(
        ask.person,
        ref,
        stream=args.stream,
        count=args.n,
        pattern=args.grep,
        role=args.role,
        task=args.task,
        attempt=args.attempt,
    )


def show(tail: LogTail, asked: LogsArgs | Log) -> Reply:
    """The last lines that fit one message; what was cut is said."""
    lines = list(tail.lines)
    room = views.LOG_SHOWN
    kept: list[str] = []
    for line in reversed(lines):
        short = markup.cut(line, 1000)
        room -= markup.utf16_len(short) + 1
        if room < 0:
            break
        kept.append(short)
    kept.reverse()
    cut = tail.cut or len(kept) < len(lines)
    title = text("log-title", name=tail.ref.name, stream=tail.stream, count=len(kept), cut=cut)
    empty = text("log-no-match", pattern=asked.grep) if asked.grep else text("log-empty")
    body = text("log-body", lines="\n".join(kept)) if kept else empty
    note = (text("log-kept"),) if tail.kept else ()
    return Reply((title, *note, body), log_buttons(tail, asked))


def log_buttons(tail: LogTail, asked: LogsArgs | Log) -> Rows:
    """Each shows what was asked for, but for what its label says."""
    target: dict[str, str | int] = {
        "user": tail.ref.user, "name": tail.ref.name, "n": asked.n,
        "grep": asked.grep, "role": asked.role, "task": asked.task,
    }  # fmt: skip
    if asked.attempt is not None:
        target["attempt"] = asked.attempt
    streams = tuple(
        Button(text("button-stream", stream=s), "log.refresh", {**target, "stream": s})
        for s in STREAMS
        if s != tail.stream
    )
    here = {**target, "stream": tail.stream}
    again = Button(text("button-refresh"), "log.refresh", here)
    return ((again, Button(text("button-log-file"), "log.file", here)), streams)


def document(person: int, ref: JobRef, args: LogsArgs | Log) -> Reply:
    """The whole log as a file, fetched when it is sent: the address of a log lives two minutes only."""
    recipe = (
        "log",
        str(person),
        str(ref),
        args.stream,
        args.role,
        str(args.task),
        "" if args.attempt is None else str(args.attempt),
    )
    return Reply(
        (text("log-file", name=ref.name, stream=args.stream),),
        attachment=Attachment(f"{ref.name}.{args.stream}.log", mime="text/plain", recipe=recipe),
        new=True,
    )
