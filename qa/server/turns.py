"""Whose turn it is: so many requests are worked on at once, so many wait, and no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from .settings import Limits

T = TypeVar("T")
THREADS = "pullquote-turn"  # how the names of the threads begin


class Busy(Exception):
    """There is more to do than is taken on; the message says what."""


class Turns:
    """Threads that work, and how many wait for one."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.at_once, THREADS)
        self._taken = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives back, from a thread. Raises Busy where too many wait or it takes too long, and what `work` raises."""
        if self._taken >= self._limits.at_once + self._limits.waiting:
            raise Busy(f"{self._limits.waiting} others wait already: come back in a moment")
        self._taken += 1
        future = self._threads.submit(work)
        loop = asyncio.get_running_loop()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._limits.seconds)
        except TimeoutError:
            raise Busy(f"not answered within {self._limits.seconds:g} seconds: come back in a moment") from None

    def _done(self) -> None:
        self._taken -= 1

    async def close(self, seconds: float) -> bool:
        """Wait for what is being worked on, so long at most; what waits for its turn is dropped. Whether all is done."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + seconds
        while self._taken and time.monotonic() < until:
            await asyncio.sleep(0.05)
        return not self._taken
