"""Where parts of the work are done: in processes of this machine, or by a Dask cluster. A part whose worker dies is done again."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, TypeVar

from ... import arguments
from ...errors import InputError, PullquoteError
from ..encoders.onnx import cores

T = TypeVar("T")
_TRIES = 3  # of a part whose worker died
_AHEAD = 4  # parts that wait for each worker
_CONNECTING = 10  # seconds


class WorkerDied(PullquoteError):
    """A part of the work ended its worker again and again."""


class Workers(Protocol):
    """What does parts of the work."""

    def map(self, function: Callable[[Any], T], parts: Iterable[Any]) -> Iterator[T]:
        """What a function of a module gives for each part, in their order. Raises WorkerDied, and what the function raises."""

    def close(self) -> None:
        """Let the workers go."""


def workers(wanted: int | str) -> Workers:
    """So many processes of this machine, or the Dask cluster whose scheduler is at an address, such as "tcp://host:8786".

    Raises InputError where it is neither, where dask is missing, or where no scheduler answers.
    """
    text = str(wanted).strip()
    if text.isdecimal() and int(text) > 0:
        return Processes(int(text))
    if "://" in text:
        return Cluster(text)
    raise InputError(
        f"workers is {arguments.shown(wanted)}: it must be a number of processes, or an address such as tcp://host:8786"
    )


class Processes:
    """Processes of this machine."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[Any], T], parts: Iterable[Any]) -> Iterator[T]:
        """See `Workers.map`."""
        waiting: deque[tuple[Any, Future[T], int]] = deque()
        for part in parts:
            waiting.append((part, self._submit(function, part), 1))
            if len(waiting) > _AHEAD * self.count:
                yield self._first(function, waiting)
        while waiting:
            yield self._first(function, waiting)

    def _first(self, function: Callable[[Any], T], waiting: deque[tuple[Any, Future[T], int]]) -> T:
        """What the first part gives; where a worker died, all that were not done are begun again."""
        while True:
            _, future, tries = waiting[0]
            try:
                found = future.result()
            except BrokenProcessPool:
                if tries == _TRIES:
                    raise WorkerDied(f"a worker process ended {tries} times at the same part: is there memory enough?") from None
                self.close()
                again = [(p, f, n) if _is_done(f) else (p, self._submit(function, p), n + 1) for p, f, n in waiting]
                waiting.clear()
                waiting.extend(again)
            else:
                waiting.popleft()
                return found

    def _submit(self, function: Callable[[Any], T], part: Any) -> Future[T]:
        if self._pool is None:
            share = max(1, cores() // self.count)
            context = multiprocessing.get_context("spawn")  # threads do not outlive a fork
            self._pool = ProcessPoolExecutor(self.count, context, initializer=_begin, initargs=(share,))
        try:
            return self._pool.submit(function, part)
        except BrokenProcessPool:
            self.close()
            return self._submit(function, part)

    def close(self) -> None:
        """See `Workers.close`."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class Cluster:
    """A Dask cluster."""

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise InputError(f"workers at {address}: it takes dask: install it with `pip install 'pullquote[dask]'`") from None
        try:
            client: Any = distributed.Client
            self._client = client(address, timeout=_CONNECTING, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            said = " ".join(str(error).split())[:200]
            raise InputError(f"workers at {address}: no scheduler answers ({said}): start one with `dask scheduler`") from None

    def map(self, function: Callable[[Any], T], parts: Iterable[Any]) -> Iterator[T]:
        """See `Workers.map`."""
        from distributed import KilledWorker

        client, waiting = self._client, deque[Any]()
        ahead = _AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        try:
            for part in parts:
                waiting.append(client.submit(function, part, pure=False, retries=_TRIES))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except KilledWorker as error:
            raise WorkerDied(f"a worker died again and again at the same part: {' '.join(str(error).split())[:200]}") from None
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """See `Workers.close`."""
        self._client.close()


def _is_done(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _begin(cores: int) -> None:
    """To be called in each new process: it has so many cores for itself."""
    os.environ["PULLQUOTE_CORES"] = str(cores)
