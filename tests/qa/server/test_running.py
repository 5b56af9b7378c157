"""The server in a process of its own: sockets, signals and time."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Build, Cli

import pullquote
from pullquote.index.encoders.protocol import Encoder


@contextlib.contextmanager
def running(folder: Path, *options: str, **environment: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server's port, and its process."""
    command = [sys.executable, "-m", "pullquote", "serve", "--index", str(folder), "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        said = re.search(r"http://[^/]*:(\d+)/", first)
        assert said is not None, first
        try:
            yield int(said[1]), process
        finally:
            process.kill()


def get(port: int, path: str, timeout: float = 60) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_real_server_answers_and_ends_by_a_signal(real_encoder: Encoder, tmp_path: Path) -> None:
    pullquote.add(tmp_path / "index.pq", ARTICLES, real_encoder)
    with running(tmp_path / "index.pq") as (port, process):
        status, body = get(port, "/ask?question=Who%20cut%20the%20ribbon%3F")
        assert status == 200
        assert json.loads(body)["quotes"][0]["text"] == "Mayor Ines Falk cut the ribbon."
        with socket.create_connection(("127.0.0.1", port)) as raw:  # nonsense is refused, and the next request is served
            raw.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        with socket.create_connection(("127.0.0.1", port)) as raw:  # a head that is too large
            raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 80_000)
            assert raw.recv(100).startswith(b"HTTP/1.1 4")
        assert get(port, "/healthz")[0] == 200
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(get(port, "/ask?question=Who%20cut%20the%20ribbon%3F")[0]))
        asking.start()
        time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        asking.join()
        assert process.wait(30) == 0
        assert answers == [200]


PROGRAM = """
import sys
import time
import pullquote
from pullquote.index.served import Served
from pullquote.qa.server import run, settings
from pullquote.qa.server.app import application

def stuck(*_, **__):
    print("stuck", flush=True)
    while True:
        time.sleep(0.1)

if sys.argv[2] == "stuck":
    pullquote.Index.search = stuck
sock = run.listening("127.0.0.1", 0)
print(sock.getsockname()[1], flush=True)
given = settings.Settings(limits=settings.Limits(seconds=1.0))
run.run(application(Served(sys.argv[1]), given), sock, given.limits)
"""


@contextlib.contextmanager
def impatient(folder: Path, encoder: Encoder, how: str = "") -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server that waits a second at most, its port and its process; `how`: "stuck" where no search of it ends."""
    pullquote.add(folder, ARTICLES, encoder)
    command = [sys.executable, "-c", PROGRAM, str(folder), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


def test_a_slow_request_is_cut(real_encoder: Encoder, tmp_path: Path) -> None:
    """A head that comes byte by byte, and a body that does not come; others are served meanwhile."""
    with impatient(tmp_path / "index.pq", real_encoder) as (port, _):
        assert get(port, "/healthz")[0] == 200
        heads = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        body = socket.create_connection(("127.0.0.1", port))
        body.sendall(b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n{")
        for letter in b"GET /":
            for head in heads:
                with contextlib.suppress(OSError):
                    head.sendall(bytes([letter]))
            assert get(port, "/healthz", timeout=20)[0] == 200
            time.sleep(0.1)
        for head in heads:
            head.settimeout(20)
            with contextlib.suppress(ConnectionResetError):
                assert head.recv(100) == b""
            head.close()
        body.settimeout(20)
        assert body.recv(4000).startswith(b"HTTP/1.1 408")
        body.close()
        assert get(port, "/healthz")[0] == 200


@pytest.mark.parametrize("signals", [1, 2])
def test_it_ends_though_a_request_does_not(real_encoder: Encoder, tmp_path: Path, signals: int) -> None:
    with impatient(tmp_path / "index.pq", real_encoder, "stuck") as (port, process):
        assert get(port, "/search?query=x")[0] == 429
        assert process.stdout is not None
        assert process.stdout.readline() == "stuck\n"
        process.send_signal(signal.SIGTERM)
        if signals == 2:
            time.sleep(1.0)
            process.send_signal(signal.SIGTERM)
        assert process.wait(30) == (0 if signals == 1 else 128 + signal.SIGTERM)


def test_serving_beyond_this_machine_takes_a_token(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULLQUOTE_TOKEN", raising=False)
    refused = cli("serve", "--sample", "--host", "0.0.0.0")
    assert (refused.code, refused.out) == (2, "")
    assert "beyond this machine a token is needed" in refused.err
    (tmp_path / "empty").write_text(" \n")
    assert "no token in it" in cli("serve", "--sample", "--token-file", tmp_path / "empty").err
    missing = cli("serve", "--index", tmp_path / "nowhere")
    assert (missing.code, "no index in" in missing.err) == (3, True)


def test_a_token_is_one_that_a_request_can_bear(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for bad in ("zwei wörter", "a\x1fb", "ä"):
        monkeypatch.setenv("PULLQUOTE_TOKEN", bad)
        assert "PULLQUOTE_TOKEN: no token in it" in cli("serve", "--sample").err
    monkeypatch.delenv("PULLQUOTE_TOKEN")
    for bad in ("https://x.example", "y.example:80", "", "a b"):
        refused = cli("serve", "--sample", "--allow-host", bad)
        assert (refused.code, "write a name or address alone" in refused.err) == (2, True)


def test_a_port_that_is_taken_is_said(cli: Cli, build: Build, tmp_path: Path) -> None:
    build()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = cli("serve", "--index", tmp_path / "index.pq", "--port", str(taken.getsockname()[1]))
    assert refused.code == 2
    assert "cannot listen there: Address already in use" in refused.err
