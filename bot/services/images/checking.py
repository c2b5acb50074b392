"""What can be said of a job's image before it costs GPU time, within three seconds."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import Busy, Denied, NotFound, UserError
from bot.domain.images.artifact import Artifact
from bot.domain.images.errors import Blocked, Elsewhere
from bot.domain.images.ports import ANONYMOUS, Hub, Registries
from bot.domain.images.reference import DOCKER_HUB, LATEST, Reference, page_link
from bot.domain.images.versions import mounts
from bot.domain.jobs import JobState
from bot.domain.people import Person, Token
from bot.domain.preflight import Finding
from bot.services.images.browsing import Browsing, Choices
from bot.services.images.browsing import near as alike
from bot.services.images.logins import Logins
from bot.services.images.references import parse
from bot.services.images.usage import ImageUsage
from bot.services.pushing.pulling import Pulling

SECONDS = 3.0
"""For all that is asked about a job's image; what a name means may take half of it."""
MORE_SECONDS = 1.0
"""For what is only good to know."""
SILENT_FOR = timedelta(seconds=60)
_OURS = "pailot: nfs-common"
"""Stands in the lines that bring the personal folder in."""
_MOUNTS = re.compile(r"\bmount\b[^\n]*\bnfs")
_INSTALLS = re.compile(r"\binstall\b[^\n]*\bnfs-(?:common|utils)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`login` is what the job needs to pull the image; None when everybody may, or nobody knows."""

    findings: tuple[Finding, ...] = ()
    login: Token | None = None
    host: str = ""


class ImageChecks:
    def __init__(
        self,
        hub: Hub | None,
        registries: Registries,
        logins: Logins,
        usage: ImageUsage,
        browsing: Browsing,
        clock: Callable[[], datetime],
        pulling: Pulling,
    ) -> None:
        self._hub = hub
        self._registries = registries
        self._logins = logins
        self._usage = usage
        self._browsing = browsing
        self._clock = clock
        self._pulling = pulling
        self._silent_until: dict[str, datetime] = {}

    async def meant(self, person: Person, words: str) -> str:
        """The image that a word of `/run` stands for; words that fit none stay as they are.

        Raises UserError when they fit several.
        """
        try:
            if not page_link(words) and parse(words).faults:
                return words  # pasted: the check says what is wrong with it
            hub = self._browsing.hub_host
            if self._silent(hub):
                return words
            async with asyncio.timeout(SECONDS / 2):
                found = await self._browsing.meant(person, words)
        except TimeoutError:
            self._silent_until[hub] = self._clock() + SILENT_FOR
            return words
        except UserError:
            return words
        if isinstance(found, Choices):
            names = ", ".join(str(one) for one in found.references)
            raise UserError("image-several", word=words, names=names)
        return str(found) if self._browsing.names.own(found.host) else words

    async def check(
        self,
        person: Person,
        words: str,
        command: str = "",
        *,
        seconds: float = SECONDS,
    ) -> Verdict:
        """All `image.*` findings (product 3). Nothing it does counts as a pull on Harbor.

        `command` has our own lines in front, if they bring the folder in. `seconds`: what is left of the time.
        """
        try:
            parsed = parse(words)
        except UserError:
            return Verdict((Finding("bad", "image.format", {"image": words, "fault": "other"}),))
        image, findings = parsed.reference, list[Finding]()
        for fault in parsed.faults[:1]:
            grade = "warn" if fault == "both" else "bad"
            args = {"image": words, "fault": fault}
            findings.append(
                Finding(grade, "image.format", _fix(args, image) if grade == "bad" else args)
            )
        if self._browsing.names.own(image.host) and not image.repository:
            return Verdict((Finding("bad", "image.format", {"image": words, "fault": "project"}),))
        told, login = await self._in_time(person, image, _mounts(command), seconds)
        return Verdict((*findings, *told), login, image.host)

    async def _in_time(
        self, person: Person, image: Reference, nfs: str, seconds: float
    ) -> tuple[list[Finding], Token | None]:
        """A registry that did not answer is left alone for a while: nobody waits for it at each job."""
        now = self._clock()
        if self._silent(image.host):
            return [_unknown(image, "silent")], None
        try:
            async with asyncio.timeout(max(MORE_SECONDS, seconds)):
                told, login = await self._asked(person, image, nfs)
        except TimeoutError:
            told, login = [_unknown(image, "slow")], None
        if any(f.args.get("why") in {"silent", "slow"} for f in told):
            self._silent_until[image.host] = now + SILENT_FOR
        return told, login

    def _silent(self, host: str) -> bool:
        now = self._clock()
        return self._silent_until.get(host, now) > now

    async def _asked(
        self, person: Person, image: Reference, nfs: str
    ) -> tuple[list[Finding], Token | None]:
        shown = {"image": str(image)}
        await self._browsing.names.learn(image.host, self._clock())
        try:
            login = await self._pulls(person, image)
        except Elsewhere:
            return [_unknown(image, "elsewhere")], None
        except NotFound:
            near = await self._browsing.nearest(person, image)
            same = bool(near) and near[0].path == image.path
            names = [one.tag if same else str(one) for one in near]
            like = "yes" if not same or alike(image.tag or LATEST, tuple(names)) else "no"
            asked = image if image.tag or image.digest else image.at(tag=LATEST)
            args = {"image": str(asked), "near": ", ".join(names), "like": like}
            if near:
                args = _fix(args, near[0])
            return [Finding("bad", "image.missing", args)], None
        except Blocked as error:
            why = error.detail or await self._scanned(person, image)
            return [Finding("bad", "image.blocked", {**shown, "why": why})], None
        except Denied:
            own = await self._logins.own(person, image.host)
            grade = "bad" if own else "unknown"
            harbor = "yes" if self._browsing.names.own(image.host) else "no"
            works = "no" if own and await self._logins.stopped(own) else "yes"
            args = {**shown, "harbor": harbor, "works": works}
            return [Finding(grade, "image.denied", args)], None
        except Busy:
            return [_unknown(image, "busy")], None
        except UserError:
            return [Finding("unknown", "image.missing", {**shown, "why": "silent"})], None
        more = await asyncio.gather(self._far(image), self._mount(person, image, nfs))
        return [finding for found in more for finding in found], login

    async def _scanned(self, person: Person, image: Reference) -> str:
        """Why a policy may have blocked it: HEAD says nothing, and GET would be a pull."""
        scan = found.scan if (found := await self._artifact(person, image)) else None
        return ", ".join(f"{count} {severity}" for severity, count in scan.found) if scan else ""

    async def _artifact(self, person: Person, image: Reference) -> Artifact | None:
        """None where Harbor does not tell, or not soon."""
        if self._hub is None or not self._browsing.names.own(image.host):
            return None
        try:
            async with asyncio.timeout(MORE_SECONDS):
                as_ = await self._logins.reading(person, image.host)
                return await self._hub.artifact(image.project, image.repository, image.version, as_)
        except (UserError, TimeoutError):
            return None

    async def _pulls(self, person: Person, image: Reference) -> Token | None:
        """The login that pulls it: none if everybody may, else the person's own. Raises Denied."""
        own = await self._logins.own(person, image.host)
        if own is None:
            return await self._pulls_without(person, image)
        open_to_all, mine = await asyncio.gather(
            self._registries.look(image, ANONYMOUS),
            self._registries.look(image, own),
            return_exceptions=True,
        )
        if not isinstance(open_to_all, BaseException):
            return None
        if isinstance(mine, BaseException):
            raise mine
        return own

    async def _pulls_without(self, person: Person, image: Reference) -> Token | None:
        """Somebody without a login: the site's robot, if not everybody may. Raises Denied where it can't either."""
        try:
            await self._registries.look(image, ANONYMOUS)
        except Denied as closed:
            robot = await self._pulling.login(person, image)
            if robot is not None:
                return robot
            # Not given to the job; but with the site's own login it can be known to be missing.
            if (site := self._registries.site_login(image.host)).user:
                await self._registries.look(image, site)
            raise closed from None
        return None

    async def _far(self, image: Reference) -> list[Finding]:
        """A public registry that the nodes may not reach; silent once a job has succeeded on it."""
        if self._hub is None or image.host != DOCKER_HUB:
            return []
        if (await self._usage.of(image)).count(JobState.SUCCEEDED):
            return []
        args = {"image": str(image), "host": image.host, "copy": str(image)}
        return [Finding("warn", "image.far", args)]

    async def _mount(self, person: Person, image: Reference, nfs: str) -> list[Finding]:
        """Something mounts by NFS, and the image has nothing to do it with; our own `lines` install it then."""
        if not nfs or self._hub is None or (found := await self._artifact(person, image)) is None:
            return []
        try:
            async with asyncio.timeout(MORE_SECONDS):
                as_ = await self._logins.reading(person, image.host)
                able = mounts(await self._hub.history(found, as_))
        except (UserError, TimeoutError):
            return []
        if able is not False:
            return []
        return [Finding("warn", "image.mount", {"image": str(image), "ours": nfs == "lines"})]


def _mounts(command: str) -> str:
    """`lines` if our own mount the folder, `command` if the person's does and installs nothing; else empty."""
    if not _MOUNTS.search(command):
        return ""
    if _OURS in command:
        return "lines"
    return "" if _INSTALLS.search(command) else "command"


def _unknown(image: Reference, why: str) -> Finding:
    return Finding("unknown", "image.missing", {"image": str(image), "why": why})


def _fix(args: dict[str, str], image: Reference) -> dict[str, str]:
    return {**args, "fix": f"image={image}"}
