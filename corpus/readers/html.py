"""HTML: the story's text, title, date, outlet and address as trafilatura finds them."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator

from ...errors import ReadError
from ..decode import tidy
from .draft import Draft, from_fields
from .text import text_of

# Only dates that the page states in its mark-up: the wide search takes a copyright year for the date of the story.
_DATES = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"}


def read(data: bytes, where: str) -> Iterator[Draft]:
    """The story of a page, as one draft. Raises ReadError where the page holds none."""
    import trafilatura
    from lxml.etree import LxmlError

    page = text_of(data, where, declared=True)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():  # of dateutil, at a date of the page that it is in doubt of
            warnings.simplefilter("ignore")
            tree = trafilatura.load_html(page)
            found = (
                None
                if tree is None
                else trafilatura.bare_extraction(
                    tree, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
                )
            )
    except (LxmlError, ValueError) as error:
        raise ReadError(where, f"HTML that cannot be parsed: {error}") from None
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise ReadError(where, "no article text found in the HTML")
    fields = {
        "title": found.title,
        "source": found.sitename,
        "url": found.url,
        "published": found.date,
        "language": found.language or (tree.get("lang") if tree is not None else None),
    }
    yield from_fields(fields, tidy("\n\n".join((found.text or "").splitlines())), where)
