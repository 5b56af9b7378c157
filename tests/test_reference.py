"""The page of reference is what the docstrings say, and names what a template may use."""

from __future__ import annotations

from pathlib import Path

from tests import reference

PAGE = (Path(__file__).resolve().parents[1] / "qa" / "REFERENCE.md").read_text("utf-8")


def test_the_page_is_made_of_the_docstrings() -> None:
    assert reference.page() == PAGE, "run `python tests/reference.py > qa/REFERENCE.md`"


def test_every_filter_of_a_template_is_told() -> None:
    assert set(reference.FILTERS) == reference.filters()


def test_every_noun_of_a_template_has_its_fields() -> None:
    for noun in reference.NOUNS:
        assert f"### {noun}\n" in PAGE
