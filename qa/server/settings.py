"""What a server is told: where it listens, whom it answers, and how much it takes on."""

from __future__ import annotations

import os
from dataclasses import dataclass

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may ask, and how many there may be.

    question, quote    characters
    results            quotes or passages
    body, header       bytes of a request's body, and of its line and header where they come in parts
    at_once            requests that are worked on at once
    waiting            requests that wait for their turn; one more is told to come back (429)
    seconds            until a request that has begun must be there whole (408), and until an answer must be (429)
    """

    question: int = 2_000
    quote: int = 5_000
    results: int = 100
    body: int = 65_536
    header: int = 65_536
    at_once: int = max(1, os.cpu_count() or 1)
    waiting: int = 64
    seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one server. `hosts`: names, without a port, by which it may be called; `token`: what a request must bear, "" for nothing;
    `log_questions`: whether the access log has what was asked.
    """

    hosts: frozenset[str] = frozenset(LOOPBACK)
    token: str = ""
    log_questions: bool = False
    limits: Limits = Limits()
