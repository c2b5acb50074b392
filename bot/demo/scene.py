"""What really happened in the lab, asked of both emulators; the tour's steps are decided by it."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.demo.cast import STUDENT, Role
from bot.demo.openpai import OpenPaiEmulator
from bot.demo.openpai.lab.job import Job
from bot.demo.telegram import Group, Message, Person, TelegramEmulator
from bot.demo.telegram.state import Message as Stored
from bot.demo.words import Language

Found = TypeVar("Found")

ANSWER_SECONDS = 12.0
LOOK_SECONDS = 0.1
LOG_LINE = 12  # characters from which a line says something of its own
ASKED_SECONDS = 3
ALIVE = re.compile("▶|✅|❌|running|运行中")
SUCCEEDED = re.compile("✅|succeeded|成功")
FAILED = re.compile("❌|failed|失败")
VIEW = re.compile(r"/(gpu|jobs|job|queue|nodes|vc|free)\b")
TESTED = re.compile(r"✅ GPU.*^✅ Python", re.DOTALL | re.MULTILINE)
LISTED = re.compile(r"^📄 /mnt/", re.MULTILINE)
QUIET = re.compile(r"quiet|免打扰", re.IGNORECASE)
HOURS = re.compile(r"\d?\d:\d\d\D{1,8}\d?\d:\d\d")
OF_SOMEBODY = re.compile(r"的按钮|\bbutton (is|belongs)\b|[’']s button", re.IGNORECASE)
LOGS = ("pre", "code", "blockquote", "expandable_blockquote")


class Stuck(Exception):
    """A step could not be done for the visitor; the text says what did not come."""


@dataclass(slots=True)
class Scene:
    """The people of the tour and where they meet."""

    tg: TelegramEmulator
    pai: OpenPaiEmulator
    student: Person
    second: Person
    admin: Person
    group: Group
    topic: int
    language: Language = "en"

    # Asking OpenPAI

    def linked(self, role: Role) -> bool:
        """Whether the person's account has an application token, which only linking makes."""
        return bool(self.pai.app_tokens(role.account))

    def jobs(self, role: Role = STUDENT) -> list[Job]:
        return [job for job in self.pai.jobs() if job.user == role.account]

    def failed(self) -> list[Job]:
        return [job for job in self.jobs() if job.state == "FAILED"]

    def succeeded(self) -> list[Job]:
        return [job for job in self.jobs() if job.state == "SUCCEEDED"]

    def unfinished(self) -> list[Job]:
        return [job for job in self.jobs() if not job.terminal]

    def tests(self) -> list[Job]:
        """Jobs that try an image: Pailot names them after it."""
        return [job for job in self.jobs() if job.name.startswith("test-")]

    # Asking Telegram

    def said(self, person: Person) -> list[Message]:
        """What the bot's messages in the person's private chat say now, oldest first."""
        return person.messages()

    def about(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Message]]:
        """The bot's messages to the student that name one of the jobs."""
        messages = self.said(self.student)
        for job in jobs:
            yield from ((job, one) for one in messages if job.name in one.text)

    def told_of_end(self, jobs: Iterable[Job], mark: re.Pattern[str]) -> bool:
        """A new message with the mark of that end, and nobody had just asked about the job."""
        return any(
            mark.search(one.text) is not None and one.edits == 0 and not self.asked_for(one, job)
            for job, one in self.about(jobs)
        )

    def asked_for(self, message: Message, job: Job) -> bool:
        """Whether the student asked for the job in the seconds before."""
        return any(
            asked.sender_id == self.student.id
            and 0 <= message.stored.date - asked.date <= ASKED_SECONDS
            and asked.id < message.id
            and asked.text.startswith("/job ")
            and job.name in asked.text
            for asked in self.tg.telegram.state.messages[self.student.id].values()
        )

    def card_moves(self) -> bool:
        """A message about a job was edited since, and says that it runs or how it ended."""
        return any(
            one.edits > 0 and job.launched is not None and ALIVE.search(one.text) is not None
            for job, one in self.about(self.jobs())
        )

    def log_shown(self) -> bool:
        """A line of one of the student's logs stands in a quotation or a code block."""
        shown = [
            one
            for one in self.said(self.student)
            if set(LOGS) & types(one.stored) and FAILED.search(one.text) is None
        ]
        return any(
            line in one.text for job in self.jobs() for line in log_lines(job) for one in shown
        )

    def group_answers(self) -> list[Message]:
        """What the bot said in the group since somebody asked it for a view there."""
        bot = self.tg.telegram.state.bot.id
        asked = [
            one.id
            for one in self.tg.telegram.state.messages[self.group.id].values()
            if one.sender_id != bot and VIEW.match(one.text)
        ]
        if not asked:
            return []
        return [one for one in self.student.messages(self.group) if one.id > asked[0]]

    def test_told(self) -> bool:
        """A message to the student that tells of the GPU and Python inside an image, after its test."""
        return bool(self.tests()) and any(
            TESTED.search(one.text) is not None for one in self.said(self.student)
        )

    def files_shown(self) -> bool:
        """A message to the student lists files by their paths inside a job."""
        return any(LISTED.search(one.text) is not None for one in self.said(self.student))

    def quiet_hours_set(self) -> bool:
        """A message to the student says from when to when it is quiet."""
        return any(
            QUIET.search(one.text) is not None and HOURS.search(one.text) is not None
            for one in self.said(self.student)
        )

    def refused_presses(self) -> int:
        """How often somebody pressed a button that belongs to somebody else."""
        return sum(
            OF_SOMEBODY.search(str(call.params.get("text", ""))) is not None
            for call in self.tg.calls_of("answerCallbackQuery")
        )

    def last_toast(self) -> str:
        """What the last press was answered with."""
        return str(self.tg.calls_of("answerCallbackQuery")[-1].params.get("text", ""))

    # Acting

    async def until(
        self, found: Callable[[], Found | None], what: str, within: float = ANSWER_SECONDS
    ) -> Found:
        """The first true result; Stuck when it does not come."""
        try:
            async with asyncio.timeout(within):
                # Asked of two emulators, of which one tells nobody when something happens.
                while not (result := found()):  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)
                return result
        except TimeoutError:
            raise Stuck(what) from None

    async def ask(self, person: Person, text: str, within: float = ANSWER_SECONDS) -> Message:
        """Sends a text to the bot and waits for what it answers there."""
        before = {one.id: one.edits for one in self.said(person)}
        await person.sends(text)
        return await self.until(lambda: self.news(person, before), f"{text}: …", within)

    def news(self, person: Person, before: dict[int, int]) -> Message | None:
        """The newest message that was not there, or was edited, since `before` (id → edits)."""
        fresh = [one for one in self.said(person) if before.get(one.id) != one.edits]
        return fresh[-1] if fresh else None

    async def press(self, person: Person, message: Message, *labels: str) -> bool:
        """Presses the first button with one of the labels; False if there is none."""
        now = message.now or message
        for label in labels:
            for button in now.buttons:
                if label == button:
                    await person.presses(button, on=now, within=ANSWER_SECONDS)
                    return True
        return False


def types(stored: Stored) -> set[str]:
    return {str(entity["type"]) for entity in stored.entities}


def log_lines(job: Job) -> set[str]:
    """Lines that the job's containers have printed, those too short to be told apart left out."""
    return {
        line.text.strip()
        for attempt in job.attempts
        for task in attempt.tasks
        for pod in task.pods
        if pod.run is not None
        for line in pod.run.lines
        if len(line.text.strip()) >= LOG_LINE
    }
