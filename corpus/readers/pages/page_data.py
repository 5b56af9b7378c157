"""What a page states of its own article: title, date and outlet, in JSON-LD, meta tags, `<time>` and the page's title.

Nothing is taken from a list of other articles, a caption, a script, a copyright line or the day of the visit.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from ... import dateline
from ...dates import parse_date
from ...decode import tidy

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|NewsStory|Review)$|^(?:LiveBlogPosting|SocialMediaPosting|Posting)$")
_LARGEST = 1 << 20  # characters of JSON-LD
_DEEPEST = 8
_NEVER = "1970-01-01"  # what a system writes that knows no date
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# The names of meta tags that hold a date of publication, best first, without what is no letter.
_PUBLISHED = (
    "articlepublishedtime", "articlepublished", "ogpublishedtime", "ogarticlepublishedtime", "datepublished", "publishedtime",
    "publishdate", "publicationdate", "publishedat", "published", "pubdate",
    "parselypubdate", "sailthrudate", "dcdateissued", "dctermsissued",
    "dcdate", "dctermsdate", "dcdatecreated", "dctermscreated", "citationpublicationdate", "citationdate",
    "originalpublicationdate",
    "firstpublished", "date", "articledate", "articlecreated", "ogpubdate", "timestamp", "releasedate", "issuedate",
)  # fmt: skip
_OF_PUBLICATION = re.compile(r"publi(?:sh|cation)(?!er)\w*(?:time|date)|(?:time|date)\w*publi(?:sh|cation)(?!er)")
_MODIFIED = re.compile(r"modif|updat|revis|expir|review|crawl|access", re.IGNORECASE)
_SITES = (
    "ogsitename",
    "applicationname",
    "twitterappnameiphone",
    "dcpublisher",
    "dctermspublisher",
    "citationjournaltitle",
    "publisher",
    "copyright",
)
_WRAPPED = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://\s*\]\]>|/\*\s*\]\]>\s*\*/|-->)\s*$")
_TRAILING = re.compile(r",\s{0,50}([}\]])")
_ELSEWHERE = frozenset(("aside", "nav", "footer", "figure", "figcaption"))
_LISTS = re.compile(
    r"related|recommend|sidebar|teaser|promo|trending|popular|most-read|latest|more-stories|nav|header-?date|comment", re.IGNORECASE
)
_BYLINE = re.compile(
    r"byline|dateline|publi|posted|timestamp|article-?(?:date|meta|info|time)|entry-(?:date|meta)|post-(?:date|meta)|pubdate",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[-–—|«»·:]+\s+|\s*[｜：]\s*|(?<=\w)_(?=\w)")


class PageData:
    """What a page says of its article. `tree`: the page, as lxml has it."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._headings = [_text(" ".join(h.itertext())) for h in tree.iter("h1")]
        found = tree.find(".//title")
        self._title = "" if found is None else _text(" ".join(found.itertext()))
        self._metas = dict(_metas(tree))
        self._known: dict[str, Any] = {}  # what JSON-LD describes, by its @id
        self._node = self._own(list(_nodes(tree, self._known)))

    def title(self) -> str:
        """The title of the article: a heading of the page that its title begins with, else what JSON-LD or a meta tag says."""
        for heading in self._headings:
            if heading and self._title.startswith(heading):
                return heading
            first = _PARTS.split(self._title)[0]  # a heading may begin with the name of its section
            if len(first) > 15 and heading.endswith(first):
                return first
        stated = [_text(self._node.get(name)) for name in ("headline", "name")] if self._node else []
        stated += [self._metas.get("ogtitle", ""), self._metas.get("twittertitle", "")]
        for said in stated:
            if said and (said in self._headings or (self._title and self._title.startswith(said))):
                return said
        if len(set(self._headings)) == 1:
            return self._headings[0]
        return next((said for said in stated if said), "") or _PARTS.split(self._title)[0]

    def outlet(self) -> str:
        """The name of the outlet: of the publisher, of the site, or what stands after the article's title in the page's."""
        said = _name(self._node.get("publisher"), self._known) if self._node else ""
        said = said or next((self._metas[name] for name in _SITES[:2] if self._metas.get(name)), "")
        if not said:
            parts, title = _PARTS.split(self._title), self.title()
            if len(parts) > 1 and parts[0] and title.startswith(parts[0]):
                said = parts[-1]
            elif self._title.endswith(title) and (before := self._title.removesuffix(title).rstrip(" :|-–—»·")) and title:
                said = before
        said = said or next((self._metas[name] for name in _SITES[2:] if self._metas.get(name)), "")
        return said if len(said) <= 80 and not said.startswith(("http:", "https:", "@")) else ""

    def published(self) -> str | None:
        """The date of publication; None where the page does not state one clearly."""
        for value in self._dates():
            try:
                if (date := parse_date(_weekday_gone(value))) and date != _NEVER and date <= _tomorrow():
                    return date
            except ValueError:
                continue
        return None

    def _dates(self) -> Iterator[str]:
        if self._node:
            for name in ("datePublished", "dateCreated"):
                yield _text(self._node.get(name))
        for name in _PUBLISHED:
            yield self._metas.get(name, "")
        for name, value in self._metas.items():
            if _OF_PUBLICATION.search(name) and not _MODIFIED.search(name):
                yield value
        yield from _times(self._tree)
        yield from _bylines(self._tree)

    def _own(self, nodes: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The JSON-LD of the page's own article: the one with the page's title, else the first."""
        names = {*self._headings, self._title}
        titled = [
            n
            for n in nodes
            if _text(n.get("headline")) in names or any(t.startswith(_text(n.get("headline")) or "\0") for t in names)
        ]
        return next(iter(titled or nodes), None)


def _metas(tree: Any) -> Iterator[tuple[str, str]]:
    """The meta tags by name, without what is no letter; of several of one name the last is overwritten by the first."""
    found = []
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name and (content := meta.get("content")) and len(content) < 1000:
            found.append((re.sub(r"[\W\d_]+", "", name).casefold(), tidy(" ".join(content.split()))))
    yield from reversed(found)


def _nodes(tree: Any, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The articles that JSON-LD describes at its top: none of a list of others. What it describes goes to `known`, by its @id."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > _LARGEST:
            continue
        try:
            found = json.loads(_TRAILING.sub(r"\1", _WRAPPED.sub("", script.text)), strict=False)
        except (ValueError, RecursionError):
            continue
        parts = found.get("@graph") if isinstance(found, dict) else found
        for part in [found, *(parts if isinstance(parts, list) else [])]:
            if isinstance(part, dict) and isinstance(part.get("@id"), str):
                known[part["@id"]] = part
        yield from _articles(found, _DEEPEST)


def _articles(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(found, list):
        for one in found:
            yield from _articles(one, depth - 1)
    elif depth and isinstance(found, dict):
        kinds = found.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
            yield found
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles(found.get(name), depth - 1)


def _times(tree: Any) -> Iterator[str]:
    """What `<time>` and other elements say that are marked as the date of publication, or stand in the article's byline."""
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.get("itemprop") == "datePublished" or (node.tag == "time" and node.get("pubdate") is not None):
            yield node.get("datetime") or node.get("content") or _text("".join(node.itertext()))
        elif node.tag == "abbr" and "published" in (node.get("class") or "").split():
            yield node.get("title") or ""
    for node in tree.iter("time"):
        kinds = [" ".join((above.get("class") or "", above.get("id") or "")) for above in (node, *node.iterancestors())]
        tags = {above.tag for above in node.iterancestors()}
        if tags & _ELSEWHERE or any(_LISTS.search(kind) for kind in kinds[:4]):
            continue
        if not any(_BYLINE.search(kind) for kind in kinds[:4]) and not _heads(node):
            continue
        before = node.getprevious().tail if node.getprevious() is not None else (node.getparent().text or "")
        if not _MODIFIED.search(f"{before or ''} {kinds[0]}"):
            yield node.get("datetime") or _text("".join(node.itertext()))


def _bylines(tree: Any) -> Iterator[str]:
    """The dates of the elements that are called a byline, or the like, and say nothing else."""
    for node in tree.iter():
        kind = f"{node.get('class') or ''} {node.get('id') or ''}" if isinstance(node.tag, str) else ""
        if _BYLINE.search(kind) and not _LISTS.search(kind):
            yield dateline.said(_text(" ".join(node.itertext())), bare=False)[0] or ""


def _heads(node: Any) -> bool:
    """Whether a `<time>` that a machine can read stands right under a headline, or in the head of an article."""
    if node.get("datetime") is None:
        return False
    above = node.getparent()
    before = node.getprevious()
    if before is None and above is not None and above.tag in ("p", "div", "span"):
        before, above = above.getprevious(), above.getparent()
    return (before is not None and before.tag in ("h1", "h2")) or (above is not None and above.tag == "header")


def _weekday_gone(value: str) -> str:
    """A date without the name of its weekday before numbers: "Tue, 07/11/2023 - 17:57"."""
    return re.sub(
        r"^[A-Za-z]{3,9},\s+(?=\d{1,2}[./-])|\s+[-–]\s+(?=\d{1,2}:\d\d)", lambda m: "" if m.start() == 0 else " ", value.strip()
    )


def _text(value: Any) -> str:
    return tidy(" ".join(unescape(value).translate(_INVISIBLE).split())) if isinstance(value, str) else ""


def _tomorrow() -> str:
    """The latest day on which a page can have been published, somewhere on the earth."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date().isoformat()


def _name(value: Any, known: dict[str, Any], depth: int = _DEEPEST) -> str:
    """The name of an organisation; of one in parts, the parts; of one that is described elsewhere on the page, that."""
    if not depth:
        return ""
    if isinstance(value, list):
        if not all(isinstance(one, dict) for one in value):
            return _text(" ".join(map(str, value)))
        return next((said for one in value if (said := _name(one, known, depth - 1))), "")
    if isinstance(value, dict):
        there = known.get(value.get("@id", ""), {}) if isinstance(value.get("@id"), str) else {}
        return _name(value.get("name") or value.get("@value") or there.get("name"), known, depth - 1)
    return _text(value)
