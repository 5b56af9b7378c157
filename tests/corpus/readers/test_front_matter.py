"""Front matter that cannot be read: that file is reported, the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Cli

from pullquote.corpus.readers import markdown


@pytest.mark.parametrize(
    "fields",
    [
        "title: " + "[" * 3000 + "]" * 3000,
        "title: " + "{a: " * 3000 + "}" * 3000,
        'title: "\\UFFFFFFFF"',
        'title: "\\xZZ"',
        "title: 'x",
    ],
    ids=["lists", "mappings", "no character", "no escape", "no end"],
)
def test_front_matter_that_cannot_be_read_is_one_line_and_the_article_is_read(cli: Cli, fields: str) -> None:
    written = f"---\n{fields}\ndate: 2024-03-05\n---\nText.\n"
    [found] = markdown.read(written.encode(), "x.md")
    assert (found.text, found.published) == ("Text.", "2024-03-05")
    assert [warning.startswith("broken front matter") for warning in found.warnings] == [True]
    folder = Path("news")
    folder.mkdir()
    (folder / "bad.md").write_text(written)
    (folder / "good.md").write_text("The ferry sails at nine.\n")
    ran = cli("add", folder, "--encoder", "hash")
    assert ran.code == 0
    assert ran.out.startswith("2 added")
    assert [line[:9] for line in ran.err.splitlines()] == ["warning: "]


def test_a_heading_is_the_title_without_its_marks() -> None:
    [draft] = markdown.read("## no\n".replace("## no", "# The title ##  ").encode() + b"\nText.", "x.md")
    assert draft.title == "The title"
