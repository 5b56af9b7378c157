"""HTML: the story's text as trafilatura finds it, and what the page states of it (see `page_data`)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import Any

from ...errors import ReadError
from ..decode import tidy
from .draft import Draft
from .fields import from_fields
from .fragment import is_html, text_of_html
from .pages.cleaning import cleaned
from .pages.page_data import PageData
from .text import text_of

_SHORT = 1200  # characters: in shorter texts trafilatura may glue blocks together, or take the page's menu along
_STORIES = ("article", "main", "*[@role='main']", "*[@itemprop='articleBody']")
_AROUND = frozenset(("nav", "aside", "footer", "form"))


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The story of a page, as one draft. Raises ReadError where the page holds none."""
    import lxml.html
    import trafilatura
    from lxml.etree import LxmlError

    page = text_of(data, where, declared=True)
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = trafilatura.load_html(page)
            if tree is None:  # trafilatura takes very short pages for none
                if not is_html(page):
                    raise ReadError(where, "no article text found in the HTML")
                tree = lxml.html.document_fromstring(page)
            stated = PageData(tree)
            published = stated.published()
            cleaned(tree)
            found: Any = trafilatura.bare_extraction(
                tree, with_metadata=True, include_comments=False, date_extraction_params=_NO_DATE
            )
        text = "" if found is None else found.text or ""
        if len(text) < _SHORT and (whole := _story(tree)):
            text = whole
    except (LxmlError, ValueError, RecursionError) as error:
        raise ReadError(where, f"HTML that cannot be parsed: {error}") from None
    if not text.strip():
        raise ReadError(where, "no article text found in the HTML")
    fields = {
        "title": stated.title() or (found and found.title),
        "source": stated.outlet() or (found and found.sitename),
        "url": found and found.url,
        "published": published,
        "language": (found and found.language) or tree.get("lang"),
    }
    yield from_fields(fields, tidy("\n\n".join(line for line in text.splitlines() if line.strip())), where, dated_lines=False)


# What makes trafilatura look for no date: it would take one of a related story.
_NO_DATE = {
    "extensive_search": False,
    "original_date": True,
    "outputformat": "%Y-%m-%d",
    "max_date": "0002-01-01",
    "min_date": "0001-01-01",
}


def _story(tree: Any) -> str:
    """The text of a short page's one story, block by block; "" where the page does not say which element it is."""
    for path in _STORIES:
        if len(nodes := tree.xpath(f"descendant-or-self::{path}")) == 1:
            for node in [node for node in nodes[0].iter() if node.tag in _AROUND]:
                if node.getparent() is not None:
                    node.drop_tree()
            return text_of_html(nodes[0])
    return ""
