"""Logs of jobs, for those who may read them."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import NotFound, Unavailable, UserError
from bot.domain.jobs import JobDetail, JobRef, JobState, LogText
from bot.domain.people import Person, Role, Token
from bot.domain.ports import Cluster
from bot.services.tokens import Tokens

GONE = (NotFound, Unavailable)
"""The log was cleaned, or its node is down."""
KEPT_ONLY = b"# The platform has this log no more. This is the end of it that Pailot kept.\n"


@dataclass(frozen=True, slots=True)
class LogTail:
    ref: JobRef
    stream: str
    lines: tuple[str, ...]
    cut: bool
    """There is more before the first line."""
    state: JobState
    kept: bool = False
    """OpenPAI has it no more: this is the end that was kept in the owner's folder."""


Kept = Callable[[JobRef, str], Awaitable[bytes | None]]
"""What was kept of a failed job's stream; None when nothing was."""


class Logs:
    def __init__(
        self, cluster: Cluster, tokens: Tokens, kept: Kept, *, in_chat: bool = True
    ) -> None:
        """`in_chat`: whether this lab lets log text into Telegram."""
        self._cluster = cluster
        self._tokens = tokens
        self._kept = kept
        self._in_chat = in_chat

    async def tail(
        self,
        person: Person,
        ref: JobRef,
        *,
        stream: str,
        count: int,
        pattern: str = "",
        role: str = "",
        task: int = 0,
        attempt: int | None = None,
    ) -> LogTail:
        """The last lines of a job's log, narrowed to those that match `pattern`."""
        kept = False
        try:
            token, detail, where = await self._log_of(person, ref, role, task, attempt)
            state = detail.job.state
            tail = await self._cluster.log(ref, token, name=stream, tail=True, **where)
        except GONE as error:
            data = await self._kept_of(ref, stream, role, task, attempt, error)
            tail, state, kept = LogText(data), JobState.FAILED, True
        lines = tail.data.decode("utf-8", "replace").split("\n")
        cut = tail.start > 0
        if cut:  # the first line is only its end
            lines = lines[1:]
        lines = [line.rsplit("\r", 1)[-1].rstrip() for line in lines]  # progress bars: as seen last
        while lines and not lines[-1]:
            lines.pop()
        if pattern:
            lines = [line for line in lines if _matcher(pattern)(line)]
        cut = cut or len(lines) > count
        return LogTail(ref, stream, tuple(lines[-count:]), cut, state, kept)

    async def whole(
        self,
        person: Person,
        ref: JobRef,
        stream: str,
        role: str = "",
        task: int = 0,
        attempt: int | None = None,
        max_bytes: int = 48 << 20,
    ) -> LogText:
        """The log from its beginning, for a document; at most `max_bytes` (Telegram takes 50 MB)."""
        try:
            token, _, where = await self._log_of(person, ref, role, task, attempt)
            return await self._cluster.log(
                ref, token, name=stream, tail=False, max_bytes=max_bytes, **where
            )
        except GONE as error:
            return LogText(KEPT_ONLY + await self._kept_of(ref, stream, role, task, attempt, error))

    async def _kept_of(
        self, ref: JobRef, stream: str, role: str, task: int, attempt: int | None, gone: UserError
    ) -> bytes:
        """The kept end of the log, for who asked for nothing in particular; else raises `gone`."""
        plain = not (role or task) and attempt is None
        data = await self._kept(ref, stream) if plain else None
        if data is None:
            raise gone
        return data

    async def _log_of(
        self, person: Person, ref: JobRef, role: str, task: int, attempt: int | None
    ) -> tuple[Token, JobDetail, dict[str, Any]]:
        """Whose log, and the path to it: the role as OpenPAI spells it in paths, the attempts' indices."""
        if ref.user != person.openpai_user and person.role < Role.ADMIN:
            raise UserError("log-not-yours", name=str(ref))
        if not self._in_chat:
            raise UserError("log-not-here", portal=self._cluster.portal or "OpenPAI")
        token = await self._tokens.of(person)
        detail = (
            await self._cluster.job(ref, token)
            if attempt is None
            else await self._cluster.attempt(ref, attempt, token)
        )
        if (
            attempt is None and detail.job.state is JobState.WAITING
        ):  # its tasks may be listed already
            raise UserError("log-not-yet", name=ref.name, state=str(detail.job.state))
        wanted = re.sub(r"[^a-z0-9]", "", role.lower())
        tasks = [t for t in detail.tasks if t.index == task and wanted in {"", t.role}]
        if not tasks:
            if not detail.tasks:
                raise UserError("log-not-yet", name=ref.name, state=str(detail.job.state))
            raise NotFound("task", f"{role or detail.tasks[0].role}:{task}")
        found = tasks[0]
        return (
            token,
            detail,
            {
                "role": found.role,
                "index": found.index,
                "attempt": found.attempt,
                "job_attempt": detail.attempt or 0,
            },
        )


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Lines that match a person's pattern, which may be hostile: a search gives up after 50 ms."""
    import regex  # 2 MiB: when needed

    try:
        compiled = regex.compile(pattern, regex.IGNORECASE)
    except regex.error as cause:
        raise UserError("log-bad-pattern", pattern=pattern, detail=str(cause)) from cause

    def matches(line: str) -> bool:
        try:
            return compiled.search(line, timeout=0.05) is not None
        except TimeoutError as cause:
            raise UserError("log-slow-pattern", pattern=pattern) from cause

    return matches
