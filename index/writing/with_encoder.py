"""The encoder of a writer: loaded when it is first needed, and spread over workers where there are some."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ..encoders import registry as encoders
from ..encoders.protocol import Encoder, Fingerprint, Progress
from ..workers import pool
from ..workers.spread import SpreadEncoder


class WithEncoder(ABC):
    """What a writer has to do with its encoder. `wanted`: one at hand, or a name; None for the index's own."""

    def __init__(self, wanted: Encoder | str | None, preparing: Progress | None) -> None:
        self._wanted, self._preparing = wanted, preparing
        self._encoder: Encoder | None = None
        self._workers: pool.Workers | None = None

    @abstractmethod
    def _made_by(self) -> Fingerprint | None:
        """The encoder that made the index, None for a new one."""

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded when first needed."""
        if self._encoder is None:
            wanted = self._wanted
            if isinstance(wanted, str):
                self._encoder = encoders.load(wanted, self._preparing)
            elif wanted is not None:
                self._encoder = wanted
            elif (made_by := self._made_by()) is None:
                self._encoder = encoders.load(preparing=self._preparing)
            else:
                self._encoder = encoders.load_made_by(made_by, preparing=self._preparing)
        return self._encoder

    @property
    def workers(self) -> pool.Workers | None:
        """What reads, cuts and encodes; None where this process does."""
        return self._workers

    def use(self, workers: int | str) -> None:
        """Have articles read, cut and encoded by so many processes, or by the Dask cluster at an address: see `pool.workers`.

        What is made does not depend on it. Raises InputError.
        """
        self._workers = pool.workers(workers)
        self._encoder = SpreadEncoder(self.encoder, self._workers)

    def _let_workers_go(self) -> None:
        if self._workers is not None:
            self._workers.close()
