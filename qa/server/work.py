"""What every route works with: the index, whose turn it is, and the metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ...index.index import Index
from ...index.served import Served
from .metrics import Metrics
from .settings import Settings
from .turns import Turns

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """Of one server."""

    served: Served
    settings: Settings
    turns: Turns
    metrics: Metrics = field(default_factory=Metrics)

    async def on_index(self, does: Callable[[Index], T]) -> T:
        """What `does` makes of the index as it is now, in a thread, when it is its turn. Raises Busy, and what `does` raises."""

        def work() -> T:
            self.served.wait()
            with self.served.borrowed() as index:
                return does(index)

        return await self.turns.run(work)
