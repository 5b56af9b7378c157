"""Text from articles made safe to show: what steers a terminal or turns reading order round is shown, not obeyed."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

# C0 and C1 controls but tab and line feed; marks, embeddings, overrides and isolates of text direction; line and paragraph
# separators; invisible format characters, tags among them; half surrogate pairs.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# What Markdown takes for more than text: what could end an emphasis, a link, a strike; a backslash or an entity; a tag; and at the
# beginning of a line what makes a heading, a list, a rule, a fence, a quotation, a table.
_MARKED = (
    r"\\(?=[!-/:-@\[-`{-~\n]|$)|`|(?<!\s)[*~]|(?<!\s)_(?!(?<=[^\W_]_)[^\W_])|\](?=[(\[:]|$)|&(?=\#?\w+;)|<(?=[A-Za-z/!?]|$)"
    r"|(?:(?<=\n)|^)[^\S\n]*(?:\#{1,6}(?=\s|$)|[-+=*](?=\s|$|[-+=*|:])|\d{1,9}[.)](?=\s|$)|[~_>|:])"
)
_MARKDOWN, _WITHIN = re.compile(_MARKED), re.compile(rf"[|\[\]]|{_MARKED}")


def visible(text: str) -> str:
    r"""The text with every unsafe character spelled out, as in `\x1b` or `\u202e`."""
    return _UNSAFE.sub(_spelled, text)


def one_line(text: str) -> str:
    """The text with every unsafe character spelled out, and every run of white space as one space."""
    return " ".join(visible(text).split())


def markdown(text: str) -> str:
    """Visible text that Markdown and HTML take for text; escaped only where they would take it for something else."""
    return _MARKDOWN.sub(_kept, visible(text))


def within(text: str) -> str:
    """As `markdown`, for a cell of a table or the words of a link, which a bar or a bracket would end."""
    return _WITHIN.sub(_kept, visible(text))


def _kept(match: re.Match[str]) -> str:
    found = match[0]
    if found in ("&", "<"):
        return {"&": "&amp;", "<": "&lt;"}[found]
    mark = found.lstrip()
    before = found[: len(found) - len(mark)]
    return f"{before}{mark[:-1]}\\{mark[-1]}" if mark[0].isdigit() else f"{before}\\{mark}"


def web_address(url: str) -> str:
    """The address if a browser may follow it (http or https), else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]  # a user and password are nobody's business
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    return quote(visible(urlunsplit(parts._replace(netloc=host))), safe="%/:=&?~#+!$,;@*-._")


def to_json(record: Any) -> str:
    """JSON on several lines, as UTF-8 but for unsafe characters, which are escaped; reads back to just the same text."""
    return _UNSAFE.sub(_escaped, json.dumps(record, ensure_ascii=False, indent=2))


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
