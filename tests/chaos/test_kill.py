"""The promise of product 5, tried by killing the process at any point (numbers R1)."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest

from bot.demo.telegram import Group
from tests import servers
from tests.chaos.process import BotProcess, until
from tests.chaos.traffic import Book, Traffic
from tests.chaos.world import World, living

NAMES = (
    *("Ann", "Bob", "Cai", "Dan", "Eve", "Fan", "Gao", "Han", "Ida", "Jin"),
    *("Kai", "Lea", "Min", "Ned", "Oda", "Pan", "Qin", "Ron", "Sun", "Tao"),
)


class Chaos:
    """Lives of one bot, ended at points that the seed chooses, while people go on as if nothing was."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seed = seed
        self._random = random.Random(seed)
        self._accepted = 0
        self._die_at: int | None = None
        self._bot: BotProcess | None = None
        world.tg.telegram.watch(lambda event: self._count(event.kind))

    def _count(self, kind: str) -> None:
        """Telegram has just accepted something: the sharpest moment to die is before it answers."""
        if kind in {"message", "edit"}:
            self._accepted += 1
            if self._die_at is not None and self._accepted >= self._die_at and self._bot:
                self._die_at = None
                self._bot.strike()

    async def live_and_die(
        self, bot: BotProcess, traffic: Traffic, commands: int, jobs: int
    ) -> None:
        """One life with its share of commands and jobs, some of them from before it."""
        things = ["command"] * commands + ["job"] * jobs
        self._random.shuffle(things)
        waiting = self._random.randrange(len(things) // 2 + 1)
        await self._happen(traffic, things[:waiting])
        await bot.start()
        if self._random.random() < 0.9:
            await bot.is_ready()
        how = self._random.choice(("moment", "accepted", "asked"))
        self._bot = bot
        asked = len(self.world.pai.requests)
        if how == "accepted":
            self._die_at = self._accepted + self._random.randrange(1, 2 * len(things))
        more = asked + self._random.randrange(1, len(things))
        async with asyncio.TaskGroup() as group:
            happening = group.create_task(
                self._happen(traffic, things[waiting:], self._random.uniform(0.0, 0.4))
            )
            with suppress(AssertionError):
                await until(
                    lambda: (
                        not bot.running or (how == "asked" and len(self.world.pai.requests) >= more)
                    ),
                    self._random.uniform(0.0, 0.7),
                    pause=0.001,
                )
            await bot.kill()
            self._die_at = None
            await happening

    async def _happen(self, traffic: Traffic, things: list[str], seconds: float = 0.0) -> None:
        for thing in things:
            if thing == "job":
                traffic.job()
            else:
                await traffic.command()
            await asyncio.sleep(seconds / len(things))


async def kill_often(
    world: World, *, kills: int, commands: int, jobs: int, seed: int, within: float, **settings: str
) -> Book:
    print(f"\nseed {seed}: {kills} kills, {commands} commands, {jobs} jobs")
    people = await world.members(*NAMES)
    groups: list[Group] = [
        await world.allowed_group(title, people) for title in ("Lab", "Class", "Cluster")
    ]
    traffic, chaos = Traffic(world, people, groups, seed), Chaos(world, seed)
    bot = world.bot(**settings)
    await world.looked_before()
    async with asyncio.TaskGroup() as group:
        pressing = group.create_task(traffic.keep_pressing())
        for _ in range(kills):
            await chaos.live_and_die(bot, traffic, commands // kills, jobs // kills)
        await bot.start()
        with suppress(AssertionError):
            await until(traffic.settled, within, pause=0.2)
        pressing.cancel()
    await asyncio.sleep(1.2)  # anything said twice would come now
    assert await bot.stop() == 0
    book = traffic.book(bot.killed_at)
    print(
        f"lost {len(book.lost)}, doubled {len(book.doubled)}, repeated {book.repeated}"
        f" (unexplained {len(book.unexplained)}, accepted at most {book.widest_seconds:.3f} s before"
        f" a death), out of order {len(book.disordered)}"
    )
    return book


def assert_promise_kept(book: Book) -> None:
    assert not book.lost, book.lost
    assert not book.doubled, book.doubled
    assert not book.disordered, book.disordered
    assert not book.unexplained, book.unexplained


@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_done_twice_in_ten_kills(world: World) -> None:
    book = await kill_often(
        world,
        kills=10,
        commands=200,
        jobs=200,
        seed=20261124,
        within=60,
        PAILOT_TELEGRAM__PACE="off",
    )
    assert_promise_kept(book)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("quarter", range(4))
async def test_nothing_is_lost_or_done_twice_in_a_hundred_kills(world: World, quarter: int) -> None:
    """Each quarter is a lab of its own: they can be tried side by side."""
    seed = random.SystemRandom().randrange(10**6)
    book = await kill_often(world, kills=25, commands=75, jobs=50, seed=seed, within=60)
    assert_promise_kept(book)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_done_twice_on_postgresql(tmp_path: Path) -> None:
    with servers.postgresql() as url:
        async with living(World(tmp_path, database=url)) as world:
            book = await kill_often(
                world, kills=20, commands=200, jobs=100, seed=20261125, within=60
            )
            assert_promise_kept(book)
