"""Front matter that cannot be read: that file is reported, the rest goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import Cli

from pullquote.corpus.readers import markdown, text


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


STORY = "The tug left at dawn.\n\nNobody saw it leave, the pilot said, and nobody will."


@pytest.mark.parametrize(
    ("head", "title", "published"),
    [
        ('---toml\ntitle = "Tug"\ndate = 2024-03-05\n---\n', "Tug", "2024-03-05"),
        ('--- json\n{"title": "Tug", "date": "2024-03-05",}\n---\n', "Tug", "2024-03-05"),
        ("---yaml\ntitle: Tug\n---\n", "Tug", None),
        (';;;\n{"title": "Tug"}\n;;;\n', "Tug", None),
        (';;;\n"title": "Tug"\n;;;\n', "Tug", None),
        ('{\n"title": "Tug }", // said\n"date": "2024-03-05",\n}\n', "Tug }", "2024-03-05"),
        ("Title: Tug\nDate: 2024-03-05\nTags: a, b\n\n", "Tug", "2024-03-05"),
        ("author: Ann\ntitle: Tug\n  and buoy\n\n", "Tug and buoy", None),
        ("% Tug\n% Ann\n% March 5, 2024\n\n", "Tug", "2024-03-05"),
        ("% Tug\n  and buoy\n%\n% March 5, 2024\n\n", "Tug and buoy", "2024-03-05"),
        ("---\ntitle: #5 is alive\n---\n", "#5 is alive", None),
        ("---\ntitle: The #1 tug\n---\n", "The #1 tug", None),
        ("---\ntitle: Tug # to be checked\n---\n", "Tug", None),
        ("---\ntitle: '#5' #x\n---\n", "#5", None),
    ],
)
def test_front_matter_between_other_marks_or_none(head: str, title: str, published: str | None) -> None:
    for read in (markdown.read, text.read):
        [draft] = read(f"{head}{STORY}".encode(), "x")
        assert (draft.title, draft.published, draft.text, draft.warnings) == (title, published, STORY, ())


@pytest.mark.parametrize(
    "head",
    [
        "Title: Tug\n\n",
        "Title: Tug\nRoute: Holt\n\n",
        "Title: Tug\nDate: 2024-03-05\nAnd then the story goes on.\n\n",
        "Route: Holt\nDate: 2024-03-05\nTitle: Tug\n\n",
        "% of voters\n\n",
        "% a\n% b\nc\n\n",
        "---\ntitle: Tug\n\n",
        "---\ntitle: Tug\n\nThis is a story.\n\n---\n\n",
        "+++\nThis is a story.\n+++\n\n",
        ";;;\nThis is a story.\n;;;\n\n",
        "{\nThis is a story,\n}\n\n",
    ],
)
def test_what_is_no_front_matter_is_text(head: str) -> None:
    [draft] = text.read(f"{head}{STORY}".encode(), "x")
    assert (draft.text, draft.published, draft.warnings) == (f"{head}{STORY}", None, ())


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("date = 2024-3-5", "date"),
        ("summary = no quotes here", "summary"),
        ('lead = "no end', "lead"),
        ('lead = ["a",\n  b]', "lead"),
        ('title = "again"\ntitle = x', "title"),
    ],
)
def test_a_value_of_toml_that_cannot_be_read_costs_its_field(field: str, name: str) -> None:
    written = f'+++\nurl = "https://a.example"\n{field}\nsource = "Post"\n[params]\nx = y z\n+++\n{STORY}'
    for read in (markdown.read, text.read):
        [draft] = read(written.encode(), "x")
        assert (draft.url, draft.source, draft.published, draft.text) == ("https://a.example", "Post", None, STORY)
        assert [w.startswith(f"broken front matter: {name} is left out: ") for w in draft.warnings] == [True]


@pytest.mark.parametrize(
    "title",
    ['"Quiet" says the mayor', '"Quiet" and "calm"', "The mayor: 'never'", "'Quiet' says: no"],
)
def test_the_quotation_marks_of_a_broken_title_stay(title: str) -> None:
    [draft] = markdown.read(f"---\ntitle: {title}\ndate: 2024-03-05\n---\n{STORY}".encode(), "x")
    assert (draft.title, draft.published, len(draft.warnings)) == (title, "2024-03-05", 1)
