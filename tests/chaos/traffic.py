"""Commands, presses and jobs of many people, and the book in which it is kept what each must lead to."""

import asyncio
import itertools
import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.demo.openpai import Outcome
from bot.demo.telegram import Group, Person
from tests.chaos.world import World

ACCEPT_SECONDS = 1.0
"""How long after Telegram's acceptance a death may still lead to a repeat: until that is on disk."""
EVENT = re.compile(r"<b>(Running|Succeeded|Failed|Stopped)</b>: <code>(portal\d+)</code>")
RUN = re.compile(r"train\.py --run (\d+)")
MARK = re.compile(r"(?:\bzz|\bgone-|--run )(\d+)\b")


@dataclass(slots=True)
class Book:
    """What happened, counted from outside. `lost` must be empty, `repeated` is judged by the kills."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    repeated: int = 0
    unexplained: list[str] = field(default_factory=list)
    """Repeats that no death between acceptance and note can excuse."""
    widest_seconds: float = 0.0
    """The longest time between an acceptance that was not noted and the death."""


class Traffic:
    """`command` and `job` let the next thing happen; `book` sums up once all has settled."""

    def __init__(
        self, world: World, people: Sequence[Person], groups: Sequence[Group], seed: int
    ) -> None:
        self._world = world
        self._people = people
        self._groups = groups
        self._random = random.Random(seed)
        self._asked: dict[int, list[int]] = defaultdict(list)
        """Numbers of the commands by chat, in the order in which they were sent."""
        self._submitted: set[int] = set()
        self._ending: set[str] = set()
        self._staying: set[str] = set()
        self._pressed: set[tuple[int, int]] = set()
        self._number = 0

    async def command(self) -> None:
        """Somebody asks something somewhere; the answer names the number."""
        self._number += 1
        number, person = self._number, self._random.choice(self._people)
        kind = self._random.choice(("unknown", "gone", "now", "run", "group"))
        chat = self._random.choice(self._groups) if kind == "group" else None
        line = {
            "group": f"/zz{number}@{self._world.tg.telegram.state.bot.username}",
            "unknown": f"/zz{number}",
            "gone": f"/job gone-{number}",
            "now": f"/run now gpu=1 python train.py --run {number}",
            "run": f"/run name=own{number} gpu=1 python train.py --run {number}",
        }[kind]
        if kind in {"now", "run"}:
            self._submitted.add(number)
        if kind != "now":  # its answer names the job, whose name is made up
            self._asked[chat.id if chat else person.id].append(number)
        await person.sends(line, chat=chat)

    def job(self) -> None:
        """A job comes from the web portal; most of them end, the rest stay."""
        self._number += 1
        name, owner = f"portal{self._number}", self._random.choice(self._people)
        stays = self._random.random() < 0.25
        outcome = Outcome(
            runs_seconds=10_000 if stays else self._random.uniform(0.2, 9.0),
            exit=self._random.choice((0, 0, 1)),
            pull_seconds=0.1,
        )
        (self._staying if stays else self._ending).add(name)
        self._world.pai.submit(owner.user.username, name=name, outcome=outcome)

    async def press_all(self) -> None:
        """Everybody submits the previews they see; some tap twice."""
        for person in self._people:
            for preview in person.messages():
                key = (preview.chat_id, preview.id)
                if "Submit" not in preview.buttons or key in self._pressed:
                    continue
                self._pressed.add(key)
                for _ in range(self._random.choice((1, 1, 2))):
                    await person.presses("Submit", on=preview, within=None)

    async def keep_pressing(self) -> None:
        while True:
            await self.press_all()
            await asyncio.sleep(0.05)

    # Counting

    def settled(self) -> bool:
        """Whether nothing is missing any more."""
        book = self.book([])
        return not book.lost

    def book(self, killed_at: Sequence[float]) -> Book:
        book = Book()
        self._count_answers(book, killed_at)
        self._count_alerts(book, killed_at)
        self._count_jobs(book)
        return book

    def _sent(self) -> list[tuple[float, int, str]]:
        """What Telegram accepted: when, where, what; edits are not counted, they change nothing twice."""
        return [
            (call.at, int(call.params["chat_id"]), str(call.params["text"]))
            for call in self._world.tg.calls_of("sendMessage")
            if call.ok
        ]

    def _count_answers(self, book: Book, killed_at: Sequence[float]) -> None:
        times: dict[tuple[int, int], list[float]] = defaultdict(list)
        order: dict[int, list[int]] = defaultdict(list)
        for at, chat, words in self._sent():
            if (mark := MARK.search(words)) is None:
                continue
            number = int(mark[1])
            if not times[chat, number] and number in self._asked[chat]:
                order[chat].append(number)
            times[chat, number].append(at)
        for chat, numbers in self._asked.items():
            book.lost += [f"command {n} of {chat}" for n in numbers if not times[chat, n]]
            if (answered := [n for n in numbers if times[chat, n]]) != order[chat]:
                book.disordered.append(f"{chat}: asked {answered}, answered {order[chat]}")
        for (chat, number), moments in times.items():
            self._judge(book, f"answer {number} in {chat}", moments, killed_at)

    def _count_alerts(self, book: Book, killed_at: Sequence[float]) -> None:
        told: dict[tuple[str, str], list[float]] = defaultdict(list)
        for at, _, words in self._sent():
            for event, name in EVENT.findall(words):
                told[name, event].append(at)
        for name in self._ending:
            if not any(told[name, end] for end in ("Succeeded", "Failed", "Stopped")):
                book.lost.append(f"end of {name}")
        book.lost += [f"start of {name}" for name in self._staying if not told[name, "Running"]]
        for (name, event), moments in told.items():
            self._judge(book, f"{event} of {name}", moments, killed_at)

    def _count_jobs(self, book: Book) -> None:
        made: Counter[int] = Counter()
        for job in self._world.pai.jobs():
            if (run := RUN.search(job.text or "")) is not None:
                made[int(run[1])] += 1
        book.lost += [f"job of command {n}" for n in self._submitted if not made[n]]
        book.doubled += [
            f"job of command {n}: {count} times" for n, count in made.items() if count > 1
        ]

    @staticmethod
    def _judge(book: Book, what: str, moments: Sequence[float], killed_at: Sequence[float]) -> None:
        for first, second in itertools.pairwise(moments):
            book.repeated += 1
            # What was on its way when the process died may be accepted a moment later.
            ages = [death - first for death in killed_at if death <= second]
            age = min((a for a in ages if a >= -ACCEPT_SECONDS), default=ACCEPT_SECONDS * 2)
            book.widest_seconds = max(book.widest_seconds, age)
            if age > ACCEPT_SECONDS:
                book.unexplained.append(f"{what}: {second - first:.3f} s apart")
