"""Hostile runs of characters: `python tests/long/growth.py` gives each reader, marker, splitter, analyzer and pattern 10^4 and 10^5 characters
of them and compares the times. What takes 40 times as long for ten times as much is named: linear is 10, a square 100. Some minutes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, get_args

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import pullquote
from pullquote.corpus import boilerplate, dates, decode, minhash, paragraphs, passages, same_words, sentences
from pullquote.corpus.readers import html, markdown, records, text
from pullquote.index.lexical import typography
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.qa import mentions, text_fragments
from pullquote.qa.question import answer_type
from pullquote.qa.question import dates as dates_asked
from pullquote.qa.question.wording import Wording, answers
from pullquote.qa.render import escaping
from pullquote.qa.verify import location

SMALL, LARGE, MOST = 10_000, 100_000, 40
NOISE = 0.1  # seconds: what takes less at the large size is not compared
UNITS = [
    *" \t\n\r.,;:!?-–—_'’\"“”()[]{}<>|*#`~=+/\\&%$€@^0a9Zé中あ한य\u0301\u0323\u00ad\u200b\u200d\ufeff\u2028\u00a0\x0c\x00\u202e😀",
    "a ", "A ", "Aa ", "a. ", "A.", "A. B", "a.b", "a'", "O’", "Mr. ", "No. 1 ", "1,", "1.", "1-", "1 million ", "$1 ", "one ", "and ", "of ",
    "A of the ", "January ", "Jan. ", "1 Jan ", "2004-", "2004-02-", "1990s ", "12th ", "said ", "“a” ", "(a", "a) ", "‘a’ ", "e\u0301", "中，", "中。",
    "\n\n", " \n", "a\n", "a\n\n", "\r\n", "A\nb", "* ", "*a", "**a", "***", "_a_", "# ", "#\n", "> ", "- ", "1. ", "[a", "[a]", "[a](", "](", "![", "``",
    "```\n", "~~~\n", "---\n", "===\n", "| ", "|-", "a|b\n", "<a", "<a>", "</a>", "<p>", "<div>", "<b>", "<!--", "<script>", "<br/>", "&amp;", "&#", "&#x41;",
    '{"a":', "[1,", '"a",', "\\u0041", "a: b\n", "a: |\n", "- a\n", "http://a.b/", "www.", "a@b", "READ MORE: ", "READ MORE\n\n", "Photo: ", "(Photo) ",
    "By A B\n", "see ", "who ", "what ", "how many ", "what is the ", "which a ", "in the ", "before ", "...", "…", "?!", "\"a\" ", "'a' ", "http", "://", "==a", "^a",
]  # fmt: skip


def count_tokens(texts: Any) -> list[int]:
    """As an encoder counts, roughly: words, and the characters of scripts without spaces."""
    return [len(t.split()) + sum(c > "\u2e80" for c in t) + 2 for t in texts]


def all_of(read: Callable[[bytes, str], Iterator[Any]], before: str = "", after: str = "") -> Callable[[str], object]:
    def ran(run: str) -> None:
        with suppress(pullquote.ReadError):
            list(read(f"{before}{run}{after}".encode(), "x"))

    return ran


def unless_refused(work: Callable[[str], object]) -> Callable[[str], object]:
    def ran(run: str) -> None:
        with suppress(ValueError):
            work(run)

    return ran


def wording(run: str) -> Wording:
    return Wording.of(run, Analyzer(), {})


ASKED = Wording.of("How many people did the mayor of Rome name in May 2004?", Analyzer(), {})
PASSES: dict[str, Callable[[str], object]] = {
    "read text": all_of(text.read),
    "read Markdown": all_of(markdown.read),
    "read front matter": all_of(markdown.read, "---\ntitle: ", "\n---\n\nText."),
    "read a heading": all_of(markdown.read, "# a", "a\n\nText."),
    "read HTML": all_of(html.read, "<html><body><p>One sentence here.</p><p>", "</p></body></html>"),
    "read JSON": all_of(records.read_array, "[", "]"),
    "read JSON lines": all_of(records.read_lines, '{"text": "', '"}'),
    "read a date": unless_refused(dates.parse_date),
    "decode": unless_refused(lambda run: decode.decode(run.encode("utf-16"))),
    "tidy": decode.tidy,
    "paragraphs": paragraphs.paragraphs,
    "marks": lambda run: boilerplate.marks("", run),
    "fingerprint": boilerplate.fingerprint,
    "sentences": lambda run: sentences.sentences(run, 0, len(run)),
    "chunk": lambda run: passages.chunk(pullquote.Article(id="a", text=run), count_tokens, 200),
    "bands": lambda run: minhash.bands(pullquote.Article(id="a", text=run)),
    "same words": lambda run: same_words.words(run),
    "terms": lambda run: Analyzer().terms(run),
    **{f"mentions, {kind}": partial(mentions.mentions.__wrapped__, kind=kind) for kind in get_args(mentions.Kind)},
    "wording": wording,
    "answers": lambda run: answers(ASKED, run),
    "the answer's type": lambda run: (answer_type.wanted.__wrapped__(run), answer_type.head.__wrapped__(run)),
    "dates asked for": dates_asked.read,
    "fold": typography.fold,
    "whole words": lambda run: location.whole_words(run, len(run) // 2, len(run) // 2 + 1),
    "text fragment": lambda run: text_fragments.link("https://a.example", run, len(run) // 2, len(run)),
    "escape": lambda run: (escaping.markdown(run), escaping.one_line(run), escaping.visible(run)),
    "web address": lambda run: escaping.web_address(f"https://{run}"),
}  # fmt: skip


def seconds(work: Callable[[str], object], run: str) -> float:
    """The processor time of one call."""
    began = time.process_time()
    work(run)
    return time.process_time() - began


def growth(work: Callable[[str], object], unit: str) -> tuple[float, float]:
    """How many times as long the long run takes, and how many seconds; a doubt is measured again."""
    small, large = (unit * (size // len(unit)) for size in (SMALL, LARGE))
    ratio = took = 0.0
    for _ in range(3):
        took = seconds(work, large)
        ratio = took / max(seconds(work, small), NOISE / MOST)
        if took < NOISE or ratio < MOST:
            break
    return (ratio if took >= NOISE else 1.0), took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try every so manieth unit")
    parser.add_argument("--only", help="of these passes, by a part of their names", default="")
    arguments = parser.parse_args()
    wrong = 0
    for name, work in PASSES.items():
        if arguments.only not in name:
            continue
        found = [(*growth(work, unit), unit) for unit in UNITS[:: arguments.every]]
        times, _, steepest = max(found)
        _, took, slowest = max(found, key=lambda one: one[1])
        wrong += times >= MOST
        print(f"{name:20} {times:6.1f} times, {steepest!r}; at most {took:.2f} s, {slowest!r}", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
