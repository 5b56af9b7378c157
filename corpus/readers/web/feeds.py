"""Feeds (RSS, RDF, Atom), an article an entry, and the stories of news agencies in XML (NITF, NewsML)."""

from __future__ import annotations

import html
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ....errors import ReadError
from ...decode import tidy
from ..draft import Draft
from ..fields import from_fields
from ..fragment import text_of_html
from ..text import text_of

_FEEDS = ("rss", "feed", "rdf", "channel")
_AGENCIES = ("nitf", "newsitem", "newsmessage", "newsml", "newsmessageml")
_DECLARATION = re.compile(r"<\?xml\b[^>]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"""<!DOCTYPE[^\[<>]*+(?:\[(?:[^\]"']|"[^"]*"|'[^']*')*+\]\s*)?>""", re.IGNORECASE)
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAMED = re.compile(r"&([A-Za-z]\w{1,30});")  # of HTML; those of XML itself stay
_OF_XML = ("amp", "lt", "gt", "quot", "apos")
_AMPERSAND = re.compile(r"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos);)", re.IGNORECASE)  # that should have been escaped
_CAPTION = re.compile(r"(</?)media:description\b[^<>]*?(/?>)")  # else it would pass for the entry's content
_BLOCK = re.compile(r"(?i)<(?:p|div|br|li|h[1-6]|td|blockquote|article|section)\b")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_TEXT_TYPES = ("post", "page")  # in an export of WordPress, which holds menus and pictures besides
_WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError)
_AS_HTML = {
    "block": "div",
    "hl1": "h1",
    "hl2": "h2",
    "media-caption": "p",
    "media-metadata": "template",
    "media-producer": "template",
}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BODIES = ("body.content", "body", "datacontent")
_DATES = ("date.issue", "firstcreated", "contentcreated", "story.date", "versioncreated", "thisrevisioncreated")


def read(data: bytes, where: str) -> Iterator[Draft | ReadError]:
    """The articles of a feed, or of a news agency's file. An entry without text is yielded as what is wrong with it.

    Nothing is fetched, no entity is expanded. Raises ReadError for XML that is neither, and for what is no XML.
    """
    from lxml import etree

    text = _NOT_XML.sub("", text_of(data, where, declared=True)).strip("\ufeff \t\n")
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    text = _CAPTION.sub(r"\1media:caption\2", _NAMED.sub(_character, _DOCTYPE.sub("", text, count=1))).strip()
    root, broken = _parsed(text)
    if root is None:
        raise ReadError(where, f"no feed: it is no XML ({broken})")
    name = _local(root)
    if name not in (*_FEEDS, *_AGENCIES):
        raise ReadError(where, f"no feed: its root is <{name[:40]}> (RSS, RDF, Atom, NITF and NewsML are read)")
    found = _stories(root, where) if name in _AGENCIES else _entries(etree.tostring(root), where)
    none = True
    for article in found:
        if none and broken and isinstance(article, Draft):
            said = f"the feed is broken, some of it may be missing: {broken}"
            article = replace(article, warnings=(*article.warnings, said))
        none = False
        yield article
    if none:
        raise ReadError(where, "a feed without entries")


def _parsed(text: str) -> tuple[Any, str]:
    """The root of XML, and what is wrong where it is broken; None for what is no XML at all."""
    from lxml import etree

    safely = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True}
    reason = ""
    for page, recover in ((text, False), (_AMPERSAND.sub("&amp;", text), False), (_AMPERSAND.sub("&amp;", text), True)):
        try:
            root = etree.fromstring(page.encode(), etree.XMLParser(**safely, recover=recover))
        except (etree.LxmlError, ValueError) as error:
            reason = str(getattr(error, "msg", error))
            continue
        return root, reason if recover else ""
    return None, reason


def _character(name: re.Match[str]) -> str:
    """The character of HTML that a reference names; references of XML stay as they are."""
    return name[0] if name[1] in _OF_XML else html.unescape(name[0])


def _local(node: Any) -> str:
    """The name of an element without its namespace or prefix, in small letters; "" for what is none."""
    return re.split("[}:]", node.tag)[-1].lower() if isinstance(node.tag, str) else ""


def _entries(page: bytes, where: str) -> Iterator[Draft | ReadError]:
    """The entries of a feed."""
    import feedparser

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(io.BytesIO(page), sanitize_html=False, resolve_relative_uris=False)
    except _WRONG as error:
        raise ReadError(where, f"a feed that cannot be read: {error or type(error).__name__}") from None
    number = 0
    for entry in found.entries:
        if entry.get("wp_post_type", _TEXT_TYPES[0]) not in _TEXT_TYPES:
            continue
        number += 1
        try:
            yield _entry(entry, found.feed, f"{where}#{number}")
        except _WRONG as error:
            yield ReadError(f"{where}#{number}", f"an entry that cannot be read: {error or type(error).__name__}")


def _entry(entry: Any, feed: Any, where: str) -> Draft | ReadError:
    """The article of an entry: the longest of what it says, which is its content where it has one beside a summary."""
    said = [part for part in entry.get("content", []) if isinstance(part, dict)]
    said += [entry.get("summary_detail") or {"value": entry.get("summary", "")}]
    text = max((_text(part) for part in said), key=len, default="") or _text({"value": entry.get("media_caption", "")})
    if not text:
        return ReadError(where, "an entry without text")
    source = entry.get("source")
    fields = {
        "id": entry.get("id"),
        "title": _line(entry.get("title_detail") or {"value": entry.get("title", "")}),
        "url": link if isinstance(link := entry.get("link"), str) and link.startswith(("http://", "https://")) else None,
        "published": next((day for name in ("published", "updated", "created") if (day := dict.get(entry, name))), None),
        "source": (source.get("title") if isinstance(source, dict) else None) or _line({"value": feed.get("title", "")}),
        "language": next((part["language"] for part in said if part.get("language")), None) or feed.get("language"),
    }
    return from_fields(fields, text, where)


def _text(part: Any) -> str:
    """The paragraphs of what an entry says, which is HTML unless it states otherwise."""
    value = part.get("value")
    if not isinstance(value, str):
        return ""
    if part.get("type") == "text/plain":
        pieces = [" ".join(piece.split()) for piece in _BLANK.split(value)]
    elif _BLOCK.search(value):
        return text_of_html(value)
    else:  # where no element is a paragraph, blank lines part them
        pieces = [text_of_html(piece) for piece in _BLANK.split(value)]
    return tidy("\n\n".join(piece for piece in pieces if piece))


def _line(part: Any) -> str:
    return " ".join(_text(part).split())


def _stories(root: Any, where: str) -> Iterator[Draft | ReadError]:
    """The stories of a news agency's file."""
    for node in root.iter():
        if isinstance(node.tag, str):
            name = _local(node)
            with suppress(ValueError):  # of broken XML: no name of an element
                node.tag = _AS_HTML.get(name, name)
    found = list(root.iter("newsitem")) or [root]
    for number, node in enumerate(found, start=1):
        place = where if len(found) == 1 else f"{where}#{number}"
        body = next((body for name in _BODIES for body in node.iter(name)), None)
        text = "" if body is None else text_of_html(body)
        if not text:
            yield ReadError(place, "a story without text")
            continue
        titles = (_first(node, name) for name in ("headline", "h1", "title"))
        fields = {
            "id": node.get("guid") or _attribute(node, "doc-id", "id-string") or _first(node, "publicidentifier"),
            "title": next(filter(None, titles), None),
            "published": next((day for name in _DATES if (day := _attribute(node, name, "norm") or _first(node, name))), None),
            "source": _attribute(node, "pubdata", "name") or _first(node, "distributor") or _provider(node),
            "language": next((value for one in node.iter() if (value := one.get(_LANGUAGE))), None) or root.get(_LANGUAGE),
        }
        yield from_fields(fields, text, place)


def _provider(node: Any) -> str:
    """The name of the agency that a story of NewsML comes from."""
    for one in node.iter("provider"):
        if name := _first(one, "name") or one.get("literal") or _attribute(one, "party", "FormalName"):
            return str(name)
    return ""


def _first(node: Any, name: str) -> str:
    """The text of the first element of a name that has any."""
    return next((said for one in node.iter(name) if (said := " ".join("".join(one.itertext()).split()))), "")


def _attribute(node: Any, name: str, attribute: str) -> str:
    return next((value for one in node.iter(name) if (value := one.get(attribute))), "")
