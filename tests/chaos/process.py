"""The bot as a process of its own, and all that can be done to one from outside."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM

START_SECONDS = 30.0


async def until(
    true: Callable[[], object], within: float = 20.0, what: str = "", *, pause: float = 0.02
) -> None:
    """Waits for it, looking often; an AssertionError says `what` did not come true."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what or 'what was waited for'}")
        await asyncio.sleep(pause)


class BotProcess:
    """`python -m bot run` with environment settings only, in an empty folder."""

    def __init__(self, folder: Path, environ: dict[str, str], name: str) -> None:
        self.name = name
        self._environ = environ
        self._folder = folder / f"{name}-home"
        self._folder.mkdir(exist_ok=True)
        self._output = folder / f"{name}.log"
        self._process: asyncio.subprocess.Process | None = None
        self._from = 0
        self.killed_at: list[float] = []

    @property
    def output(self) -> str:
        """All that it ever said, over all its lives."""
        return self._output.read_text("utf-8", "replace") if self._output.exists() else ""

    @property
    def said(self) -> str:
        """What it said in this life."""
        return self.output[self._from :]

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Starts it, and waits for nothing."""
        assert not self.running
        self._from = len(self.output)
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=self._environ,
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def is_ready(self, within: float = START_SECONDS) -> None:
        await self.says('"event": "ready"', within)

    async def says(self, words: str, within: float = 20.0) -> None:
        def said() -> bool:
            return words in self.said or not self.running

        await until(said, within)
        assert words in self.said, f"{self.name} did not say {words!r}:\n{self.said[-4000:]}"

    def strike(self) -> None:
        """As the kernel does it when memory runs out; it is dead a moment later."""
        if self._process is not None and self.running:
            self._process.send_signal(SIGKILL)
            self.killed_at.append(time.time())

    async def kill(self) -> None:
        self.strike()
        await self.ended()

    async def stop(self, within: float = 20.0) -> int:
        """Asks it politely, and says how it ended."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(SIGTERM)
        return await asyncio.wait_for(self._process.wait(), within)

    async def ended(self, within: float = START_SECONDS) -> int:
        """How it ended by itself."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), within)
