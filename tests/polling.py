"""Waiting for something to become true, with a deadline instead of a fixed pause."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(found: Callable[[], T | Awaitable[T]], within: float = 20.0) -> T:
    """The first true result; AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = found()
        value: T = await result if isinstance(result, Awaitable) else result
        if value:
            return value
        assert time.monotonic() < deadline, f"still {value!r} after {within} s"
        await asyncio.sleep(0.01)
