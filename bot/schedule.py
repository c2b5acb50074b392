"""Which tick runs how often. The scheduler is a clock and nothing else: all state is in our tables."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from db import DatabaseRefused

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    """`run` every `seconds`; a tick that takes longer is not started a second time."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[object]]
    everywhere: bool = False
    """In each of several processes; else in the leading one alone."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """`leading` says whether this process is the one that does what need not be done twice."""

    leading: Callable[[], bool]
    wake: Callable[[], None]
    """Calls the sender: a tick may have owed messages."""

    async def keep(self, ticks: Iterable[Tick], stop: asyncio.Event) -> None:
        """Until the stop. A tick that fails is logged and comes again."""
        # The ticks log their own troubles; it is none that a slow one is not started a second time, or that
        # the stop cancels one.
        for name in ("apscheduler.executors.default", "apscheduler.scheduler"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        clock = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in ticks:
            clock.add_job(self.once, "interval", [tick], seconds=tick.seconds, id=tick.name)
        clock.start()
        try:
            await stop.wait()
        finally:
            clock.shutdown(wait=False)

    async def once(self, tick: Tick) -> None:
        """Only the scheduler's own stop cancels a tick; it would log that as an error."""
        if not tick.everywhere and not self.leading():
            return
        try:
            await tick.run()
        except asyncio.CancelledError:
            log.info("a tick was cut short by the stop", tick=tick.name)
        except DatabaseRefused as error:
            log.warning(
                "the database refuses a tick; it comes again", tick=tick.name, error=str(error)
            )
        except Exception:
            log.exception("a tick failed; it comes again", tick=tick.name)
        if not tick.everywhere:
            self.wake()
