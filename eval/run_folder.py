"""Run folders: what a run found, with all that it depends on.

run.json        measures, settings, index, models, versions, machine, date
rows.jsonl      a line per question, see `runner.Row`
articles.run, passages.run, articles.qrels      for trec_eval; scores fall by one with each rank, as it breaks ties by name
articles.run_annotated      articles.run with all that the run depends on as its head, see `ir_metadata`
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import InputError
from ..index.index import Index
from . import evaluate, ir_metadata
from .evaluate import Mean
from .measures.measure import Measure, parse
from .measures.ranking import by_rank, in_whole_numbers
from .questions import Question
from .row import Row

SCHEMA = "pullquote.run/1"
_PACKAGES = ("pullquote", "numpy", "faiss-cpu", "onnxruntime", "ir-measures")


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was written."""

    folder: Path
    about: dict[str, Any]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        return self.folder.name

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that the run was made with, in their order."""
        return tuple(parse(item["measure"]) for item in self.about["measures"])

    def means(self) -> list[Mean]:
        """The measures over all questions, as they stand in run.json."""
        return [Mean(**item) for item in self.about["measures"]]


def ground(index: Index, set: Path, questions: Sequence[Question], *, reader: bool = True) -> dict[str, Any]:
    """All that what a run finds depends on. `reader`: whether the questions are asked with the reader."""
    manifest = index.manifest.record()
    names = ("selection.json", "confidence.json", *(("reader.onnx",) if reader else ()))
    place = files("pullquote.qa.selection")
    return {
        "set": {"name": set.name, "sha256": sha256(set.read_bytes()).hexdigest(), "questions": len(questions)},
        "index": {key: manifest[key] for key in ("digest", "generation", "counts", "encoder", "analyzer")},
        "settings": {"weights": asdict(index.weights), "quotes": evaluate.QUOTES, "depth": evaluate.DEPTH, "reader": reader},
        "models": {name.split(".")[0]: sha256(place.joinpath(name).read_bytes()).hexdigest() for name in names},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
    }


def describe(
    index: Index, set: Path, questions: Sequence[Question], rows: Sequence[Row], wanted: Sequence[Measure], *, reader: bool = True
) -> dict[str, Any]:
    """What run.json says. `reader`: whether the questions were asked with the reader."""
    return {
        "schema": SCHEMA,
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        **ground(index, set, questions, reader=reader),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "measures": [asdict(mean) for mean in evaluate.means(rows, wanted)],
        "errors": [{"id": row.id, "error": row.error} for row in rows if row.error],
    }


class Unfinished:
    """What a run has found so far, kept beside the folder that it will be: a run that was cut off goes on where it was.

    The first line of the file says what the run depends on, each other one is a row; a last line that was cut is left out.
    """

    def __init__(self, folder: Path, ground: dict[str, Any]) -> None:
        """Read what an earlier run left. Raises InputError where that was of other ground, or nothing can be written."""
        self._path = folder.with_name(f".{folder.name}.unfinished")
        head = json.dumps(ground, ensure_ascii=False)
        self.rows = {row.id: row for row in self._left(head)}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
            self._file.write(f"{head}\n")
            for row in self.rows.values():
                self.keep(row)
        except OSError as error:
            raise InputError(f"{folder}: cannot be written: {error.strerror}") from None

    def _left(self, head: str) -> Iterator[Row]:
        try:
            lines = self._path.read_text("utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            return
        if lines[0] != head and len(lines) > 2:
            raise InputError(
                f"{self._path}: left by a run of another set, index, version or setting: remove it, or give the run another name"
            )
        for line in lines[1:-1] if lines[0] == head else ():
            try:
                yield _row(json.loads(line))
            except (ValueError, KeyError, TypeError, RecursionError):
                return

    def keep(self, row: Row) -> None:
        """Keep a row. Raises InputError where it cannot be written."""
        try:
            self._file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise InputError(f"{self._path}: cannot be written: {error.strerror}") from None

    def done(self) -> None:
        """The run is written: nothing is to be gone on with."""
        self.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave what was kept for another time."""
        self._file.close()


def write(folder: Path, about: dict[str, Any], questions: Sequence[Question], rows: Sequence[Row]) -> Run:
    """Write a run folder, whole or not at all. Raises InputError where it is there already or cannot be written."""
    if folder.exists():
        raise InputError(f"{folder}: is there already; give the run another name")
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        _write(draft / "run.json", [json.dumps(about, indent=2, ensure_ascii=False)])
        _write(draft / "rows.jsonl", [json.dumps(asdict(row), ensure_ascii=False) for row in rows])
        for level in ("articles", "passages"):
            lines = [
                f"{_bare(row.id)} Q0 {_bare(name)} {rank} {score:g} pullquote"
                for row in rows
                for rank, (name, score) in enumerate(by_rank(getattr(row, level)).items(), start=1)
            ]
            _write(draft / f"{level}.run", lines)
            if level == "articles":
                _write(draft / ir_metadata.ANNOTATED, [*ir_metadata.head(about), *lines])
        qrels = in_whole_numbers({question.id: question.relevant for question in questions})
        _write(draft / "articles.qrels", [f"{_bare(q)} 0 {_bare(n)} {g}" for q, some in qrels.items() for n, g in some.items()])
        os.replace(draft, folder)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Run(folder, about, tuple(rows))


def read(folder: Path) -> Run:
    """A run folder. Raises InputError for a folder that is not a run, or not one of this version."""
    try:
        about = json.loads((folder / "run.json").read_text("utf-8"))
        if about.get("schema") != SCHEMA:
            raise InputError(f"{folder}: a run of {about.get('schema')}, this version reads {SCHEMA}: run the set again")
        records = [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").split("\n") if line]
        run = Run(folder, about, tuple(_row(record) for record in records))
        questions = about["set"]["questions"]
        _ = run.measures, run.means(), about["set"]["sha256"], about["set"]["name"], about["date"], about["errors"]
        _ = about["index"]["digest"], about["index"]["encoder"]["name"], about["index"]["counts"]["articles"]
        _ = about["versions"]["pullquote"]
    except OSError as error:
        raise InputError(f"{folder}: not a run folder: {error.strerror} ({Path(error.filename or '').name})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{folder}: not a run folder: {error}") from None
    if not run.rows or len(run.rows) != questions:
        raise InputError(f"{folder}: {len(run.rows)} questions, but its set has {questions}: the run is not whole")
    return run


def same_ground(one: Run, other: Run) -> list[str]:
    """What two runs differ in that makes a comparison of the numbers meaningless. Raises InputError where it is the questions."""
    if [row.id for row in one.rows] != [row.id for row in other.rows] or one.about["set"]["sha256"] != other.about["set"]["sha256"]:
        raise InputError(f"{one.name} and {other.name} are of different question sets: run both on the same one")
    notes = []
    if one.about["index"]["digest"] != other.about["index"]["digest"]:
        notes.append("the indexes hold different articles")
    if one.about["index"]["encoder"] != other.about["index"]["encoder"]:
        notes.append("the encoders differ")
    return notes


def _row(record: dict[str, Any]) -> Row:
    """A row from its JSON. Raises ValueError, KeyError or TypeError for JSON that is not a row."""
    known = {field.name for field in fields(Row)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items() if name in known
    }
    row = Row(**values)
    numbers = [row.confidence, row.ms, *row.values.values()]
    if not all(isinstance(n, (int, float)) and math.isfinite(n) for n in numbers) or not 0 <= row.confidence <= 1:
        raise ValueError(f"question {row.id}: a value that is no number, or a confidence beyond 0 and 1")
    if not all(isinstance(flag, bool) for flag in (row.unanswerable, row.answered, *row.right)):
        raise ValueError(f"question {row.id}: not as a run writes it")
    _ = [(quote["text"], quote["article_id"]) for quote in row.quotes], [*row.articles, *row.passages]
    return row


def _bare(name: str) -> str:
    """A name without white space, which separates columns: it is percent-encoded, and so is the sign for that."""
    return "".join(quote(c) if c.isspace() or c == "%" else c for c in name) or "%"


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
