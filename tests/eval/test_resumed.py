"""A run that was cut off goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Cli

import pullquote
from pullquote.eval import run_folder
from pullquote.eval.questions import Gold, Question, dump
from pullquote.eval.row import Row

COUNT = 150
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from tests.conftest import HashEncoder, encoders, run
encoders.load = lambda name="", *_, **__: HashEncoder()
sys.exit(run(sys.argv[1:]))
"""


def told(folder: Path) -> list[dict[str, Any]]:
    """The rows of a run, but for the times."""
    return [{**json.loads(line), "ms": 0.0} for line in (folder / "rows.jsonl").read_text().splitlines()]


def test_a_run_that_was_killed_goes_on(cli: Cli) -> None:
    articles = [{"id": f"a{n}", "text": f"The pilot of ship number {n} was Olsen{n}. It sailed at dawn."} for n in range(COUNT)]
    Path("a.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles))
    cli("add", "a.jsonl", "--encoder", "hash")
    gold = [(Gold(f"a{n}", f"Olsen{n}"),) for n in range(COUNT)]
    dump([Question(str(n), f"Who was the pilot of ship number {n}?", "", gold[n]) for n in range(COUNT)], Path("set.jsonl"))
    command = [sys.executable, "-c", PROGRAM, "eval", "run", "set.jsonl", "-o", "one"]
    left, limit = Path(".one.unfinished"), time.monotonic() + 60
    child = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=child) as process:
        while process.poll() is None and time.monotonic() < limit and (not left.exists() or left.read_bytes().count(b"\n") < 10):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    kept = left.read_bytes().count(b"\n") - 1
    assert 9 <= kept < COUNT
    assert not Path("one").exists()
    with left.open("a") as file:
        file.write('{"id": "14')  # a line that was cut
    ran = cli("eval", "run", "set.jsonl", "-o", "one")
    assert (ran.code, ran.err) == (0, f"one: goes on after {kept} of {COUNT} questions\n")
    assert not left.exists()
    assert cli("eval", "run", "set.jsonl", "-o", "two").err == ""
    assert told(Path("one")) == told(Path("two"))


@pytest.fixture
def row() -> Row:
    return Row("1", "", "?", False, True, 0.5, (True,), 1, (), (), (), 1.0)


def test_other_ground_is_refused(tmp_path: Path, row: Row) -> None:
    place = tmp_path / "one"
    with closing(run_folder.Unfinished(place, {"set": "a"})) as begun:
        begun.keep(row)
    with closing(run_folder.Unfinished(place, {"set": "a"})) as again:
        assert again.rows == {"1": row}
        again.keep(replace(row, id="2"))
    with closing(run_folder.Unfinished(place, {"set": "a"})) as again:
        assert list(again.rows) == ["1", "2"]
    with pytest.raises(pullquote.InputError, match="left by a run of another set"):
        run_folder.Unfinished(place, {"set": "b"})
    with closing(run_folder.Unfinished(place, {"set": "a"})) as again:
        assert list(again.rows) == ["1", "2"]  # nothing was lost by that
        again.done()
    assert list(tmp_path.iterdir()) == []
