"""Front matter that cannot be read: that file is reported, the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Cli

import pullquote
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
def test_front_matter_that_cannot_be_read_is_one_line_and_the_rest_goes_on(cli: Cli, fields: str) -> None:
    with pytest.raises(pullquote.ReadError, match=r"^x\.md.*: broken front matter: \S"):
        list(markdown.read(f"---\n{fields}\n---\nText.\n".encode(), "x.md"))
    folder = Path("news")
    folder.mkdir()
    (folder / "bad.md").write_text(f"---\n{fields}\n---\nText.\n")
    (folder / "good.md").write_text("The ferry sails at nine.\n")
    ran = cli("add", folder, "--encoder", "hash")
    assert ran.code == 2
    assert ran.out.startswith("1 added")
    assert len(ran.err.splitlines()) == 1


def test_a_heading_is_the_title_without_its_marks() -> None:
    [draft] = markdown.read("## no\n".replace("## no", "# The title ##  ").encode() + b"\nText.", "x.md")
    assert draft.title == "The title"
