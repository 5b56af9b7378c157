"""Files that nobody meant, and runs of characters that take some patterns a square of their length: a sample of what the scripts try."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from tests.long import growth

import pullquote
from pullquote.corpus import sources
from pullquote.corpus.passages import chunk
from pullquote.corpus.sentences import sentences


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGALRM")
def test_altered_files_are_read_or_refused() -> None:
    script = Path(__file__).parents[2] / "long" / "fuzz.py"
    ran = subprocess.run([sys.executable, script, "--seconds", "1"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found = {line.split(maxsplit=1)[1] for line in ran.stdout.splitlines()}
    kinds = ("txt", "md", "html", "json", "jsonl")
    assert {*(f"{kind}, read" for kind in kinds), "json, refused"} <= found
    assert found <= {f"{kind}, {what}" for kind in kinds for what in ("read", "refused")}


@pytest.mark.parametrize("name", growth.PASSES)
def test_ten_times_the_text_takes_ten_times_the_time(name: str) -> None:
    for unit in (" ", "\n", "`", "\u0301", "中", "A ", "1 Jan "):
        times, seconds = growth.growth(growth.PASSES[name], unit)
        assert times < growth.MOST, (unit, times, seconds)


def test_a_long_paragraph_is_split_into_the_sentences_of_its_parts() -> None:
    told = [f"Bridge {n} of J. Smith cost $1.5 million, he said." for n in range(1000)]
    text = " ".join(told)
    found = sentences(text, 0, len(text))
    assert [text[s.start : s.end] for s in found] == told


@pytest.mark.parametrize("unit", ["7", ".", "1,", "1.", "a", "中"])
def test_a_run_without_end_is_cut_into_few_pieces(unit: str) -> None:
    text = f"The number was {unit * 20_000} in all."
    pieces = chunk(pullquote.Article(id="a", text=text), lambda texts: [len(t) + 2 for t in texts], 200).passages
    spans = [(s.start, s.end) for passage in pieces for s in passage.sentences]
    assert all(end - start <= 198 for start, end in spans)
    assert len(spans) < 500
    said = "".join(text[a:b] for a, b in spans)
    assert (said.replace(" ", "") == text.replace(" ", "")) is (unit != ".")  # a piece without a letter or digit says nothing


def test_a_message_of_several_lines_becomes_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: a\x1ab\n---\nText.\n", "utf-8")
    walk = sources.Walk()
    [file] = sources.files([tmp_path / "a.md"], walk)
    assert [article.text for article in file.articles(walk)] == ["Text."]
    [warning] = map(str, walk.warnings)
    assert re.fullmatch(r"[^\n]*a\.md: broken front matter: [^\n]*not allowed[^\n]*", warning)


def test_a_date_of_doubt_in_a_page_warns_nobody(tmp_path: Path) -> None:
    page = '<html><head><meta name="date" content="2004-05-03T10:00 W"></head><body><p>The bridge opened on Saturday.</p></body></html>'
    (tmp_path / "a.html").write_text(page, "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        assert [a.text for a in sources.read(tmp_path / "a.html")] == ["The bridge opened on Saturday."]
