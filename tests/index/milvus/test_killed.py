"""kill -9 of the client, of the server (milvus-lite) and of both, at random moments: a reader sees one commit or the other.

PULLQUOTE_KILLS says how many times, 3 without it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import HashEncoder
from tests.index.milvus.conftest import Lite

import pullquote
from pullquote.index.upkeep.doctor import examine

TIMES = int(os.environ.get("PULLQUOTE_KILLS", "3"))
_ARTICLES = 40
_CLIENT = """
import sys
from tests.index.milvus.test_killed import change
change(sys.argv[1], int(sys.argv[2]))
"""


def story(name: int, turn: int) -> pullquote.Article:
    rng = random.Random(f"{name} {turn if name % 3 == 0 else 0}")
    words = ["bridge", "ferry", "harbour", "captain", "mayor", "council", "herring", "storm", "lamp", "rope", "quay", "tide"]
    sentences = [f"The {rng.choice(words)} of the {rng.choice(words)} cost {rng.randint(2, 90)} crowns." for _ in range(6)]
    return pullquote.Article(id=f"a{name:03}", title=rng.choice(words), source="Harbour Post", text=" ".join(sentences))


def expected(turn: int) -> dict[str, pullquote.Article]:
    """The articles after a turn: a third changes each time, some come and some go."""
    return {one.id: one for one in (story(name, turn) for name in range(turn % 7, turn % 7 + _ARTICLES))}


def change(place: str, turn: int) -> None:
    """What a client does."""
    wanted, encoder = expected(turn), HashEncoder()
    with pullquote.Writer(place, encoder) as writer:
        writer.stage(wanted.values())
        with pullquote.Index.open(place, encoder) as index:
            writer.remove(one.id for one in index if one.id not in wanted)
        writer.commit()


@pytest.mark.parametrize("seed", [int(os.environ.get("PULLQUOTE_SEED", "1"))])
def test_one_commit_or_the_other(lite: Lite, encoder: HashEncoder, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_MILVUS_TIMEOUT", "30")
    rng, place = random.Random(seed), f"{lite.uri}/news"
    pullquote.add(place, expected(0).values(), encoder)
    began = time.monotonic()
    _client(place, 1).wait(120)
    takes, last, new = time.monotonic() - began, 1, 0
    for turn in range(2, TIMES + 2):
        client = _client(place, turn)
        time.sleep(rng.uniform(0.2, 1.2) * takes)
        victims = rng.choice(("client", "server", "both"))
        if victims != "server":
            client.send_signal(signal.SIGKILL)
        if victims != "client":
            lite.end(signal.SIGKILL)
        client.wait(120)
        if victims != "client":
            lite.start()
        with pullquote.Index.open(place, encoder) as index:
            there = {one.id: one for one in index}
            assert there in (expected(last), expected(turn)), (turn, victims)
            hits = index.search("herring captain", k=50)
            assert all(hit.text == there[hit.article_id].text[hit.start : hit.end] for hit in hits)
        new += there == expected(turn)
        assert examine(place) == [], (turn, victims)
        began = time.monotonic()
        rerun = _client(place, turn)
        assert rerun.wait(120) == 0
        takes = time.monotonic() - began
        with pullquote.Index.open(place, encoder) as index:
            assert {one.id: one for one in index} == expected(turn)
        assert examine(place) == []
        last = turn
    sys.stdout.write(f"{TIMES} times killed: the new commit was there {new} times\n")


def _client(place: str, turn: int) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[3]
    return subprocess.Popen([sys.executable, "-c", _CLIENT, place, str(turn)], cwd=root, stderr=subprocess.DEVNULL)
