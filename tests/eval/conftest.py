"""What several tests of this room need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.conftest import Build

from pullquote.eval import run_folder
from pullquote.eval.evaluate import evaluate
from pullquote.eval.measures.measure import DEFAULT
from pullquote.eval.questions import Gold, Question, dump
from pullquote.eval.row import Row

QUESTIONS = [
    Question("1", "How many years had the ferry crossed the sound?", "how", (Gold("ferry.txt", "61 years"),), ("61",)),
    Question("2", "Who cut the ribbon?", "who", (Gold("bridge.md", "Mayor Ines Falk"),), ("Ines Falk",)),
    Question("3", "Who built the zeppelin?", "none", ()),
]


Kept = Callable[..., run_folder.Run]


@pytest.fixture
def kept(build: Build, tmp_path: Path) -> Kept:
    """Run the questions and keep the run."""
    index = build()

    def made(
        name: str, questions: Sequence[Question] = QUESTIONS, change: Callable[[Row], Row] = lambda row: row
    ) -> run_folder.Run:
        dump(questions, tmp_path / "set.jsonl")
        rows = [change(row) for row in evaluate(index, questions)]
        about = run_folder.describe(index, tmp_path / "set.jsonl", questions, rows, DEFAULT)
        return run_folder.write(tmp_path / name, about, questions, rows)

    return made
