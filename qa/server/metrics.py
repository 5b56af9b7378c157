"""Counts and times for Prometheus."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ...index.index import Index

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Of one server; a registry of its own, so that a process may have several."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names: Any = {"registry": self._registry, "namespace": "pullquote"}
        self._requests = Counter("requests", "Requests by route and status.", ("route", "status"), **names)
        self._seconds = Histogram("request_seconds", "Time until the response was sent.", ("route",), buckets=_SECONDS, **names)
        self._answers = Counter("answers", "Questions by what became of them.", ("status",), **names)
        self._articles = Gauge("articles", "Articles in the index.", **names)
        self._generation = Gauge("generation", "Commits of the index.", **names)

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count a request; status 0 is one whose client went away."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answered(self, status: str) -> None:
        """Count a question by the status of its answer."""
        self._answers.labels(status).inc()

    def text(self, index: Index) -> bytes:
        """All of them, in the text format of Prometheus."""
        self._articles.set(len(index))
        self._generation.set(index.manifest.generation)
        return generate_latest(self._registry)
