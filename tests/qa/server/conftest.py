"""A client of a server in the same process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.conftest import Build, HashEncoder

from pullquote.index.served import Served
from pullquote.qa.server.app import application
from pullquote.qa.server.settings import Settings

Client = Callable[..., TestClient]


@pytest.fixture
def client(build: Build, encoder: HashEncoder, tmp_path: Path) -> Iterator[Client]:
    """A client of a server with those settings."""
    build()
    with contextlib.ExitStack() as ended:

        def made(settings: Settings | None = None, base: str = "http://localhost") -> TestClient:
            app = application(Served(tmp_path / "index.pq", encoder), settings or Settings())
            return ended.enter_context(TestClient(app, base_url=base, raise_server_exceptions=False, follow_redirects=False))

        yield made
