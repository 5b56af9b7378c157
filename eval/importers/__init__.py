"""Question sets of others, brought into ours. A new format: a module here with a class like the others, and a line in `FORMATS`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ...corpus.article import Article
from ...errors import InputError
from ..questions import Question


class Importer(Protocol):
    """What reads a format. `articles`: those that come with it; none for formats that have none."""

    def questions(self) -> list[Question]:
        """The questions, with their gold. Raises InputError for what cannot be read."""

    def articles(self) -> Iterator[Article]:
        """The articles that come with the questions. Raises InputError for what cannot be read."""


FORMATS = ("beir", "squad", "trec", "multihop", "csv")


def importer(path: Path, form: str | None = None, qrels: Path | None = None) -> Importer:
    """What reads a file or folder, in one of FORMATS, or the one that it looks like. Raises InputError."""
    from .beir import Beir
    from .csv_table import Table
    from .multihop import MultiHop
    from .squad import Squad
    from .trec import Trec

    if form is not None and form not in FORMATS:
        raise InputError(f"--from {form}: must be one of {', '.join(FORMATS)}")
    if not path.exists():
        raise InputError(f"{path}: no such file or folder")
    match form or _looks_like(path, qrels):
        case "beir":
            return Beir(path)
        case "squad":
            return Squad(path)
        case "trec":
            return Trec(path, qrels)
        case "multihop":
            return MultiHop(path)
        case "csv":
            return Table(path)
    raise InputError(f"{path}: its format cannot be told: say --from {'|'.join(FORMATS)}")


def _looks_like(path: Path, qrels: Path | None) -> str:
    if path.is_dir():
        return "beir" if (path / "queries.jsonl").is_file() else ""
    if qrels is not None:
        return "trec"
    if path.suffix.lower() in (".csv", ".tsv"):
        return "csv"
    try:
        start = path.read_text("utf-8-sig", errors="replace")[:5000]
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if '"paragraphs"' in start or '"qas"' in start:
        return "squad"
    if '"evidence_list"' in start or '"question_type"' in start:
        return "multihop"
    return ""
