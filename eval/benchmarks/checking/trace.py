"""Trace: where an excerpt that nobody named a source for is from, over many articles.

    python eval/benchmarks/checking/trace.py FOLDER [FOLDER ...] [--articles 100000] [--indexes DIR] [--out FILE]

Each FOLDER is a question set with articles, whose passages are dealt out: every tenth is left out of the index, each of the others
stands in an article of its own, between paragraphs that are pieces of up to eight words of other passages, strung together. A fifth
of the articles is told again by up to three outlets, later, with a paragraph of their own. Excerpts of 10 to 40 words:

    exact        of a passage, as it stands
    typographic  of a passage, in other typography
    altered      of a passage, a word in its middle replaced by another word of that passage
    elsewhere    of a passage that was left out
    strung       pieces of up to eight words of several passages, which stand together nowhere

Of the first two, the first place must be in the article that was first to tell it, with its outlet and date. None of the others may
be said to stand anywhere: where their words do stand in an article, they are drawn anew.

And `find`: phrases of two words, each looked up among all sentences, and scanned for.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.index.lexical.typography import fold

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write
from synthetic import RandomEncoder

EACH = 400  # excerpts of a kind
PHRASES = 60
PIECE = 8  # words
OUTLETS = [
    f"{place} {paper}" for place in ("Aarn", "Borr", "Culm", "Dove", "Esk") for paper in ("Courier", "Herald", "Post", "Times")
]
FIRST = date(2004, 1, 1)


def passages(folders: list[Path]) -> list[str]:
    found = (" ".join(article.text.split()) for folder in folders for article in Beir(folder).articles())
    return sorted({text for text in found if len(text.split()) >= 40})


def strung(texts: list[str], draw: random.Random, words: int) -> str:
    """Pieces of other passages, as a paragraph."""
    pieces: list[str] = []
    while len(pieces) < words:
        other = draw.choice(texts).split()
        length = draw.randint(3, PIECE)
        at = draw.randrange(max(1, len(other) - length))
        pieces += other[at : at + length]
    return " ".join(pieces[:words]).strip(".,;") + "."


def articles(texts: list[str], count: int) -> Iterator[pullquote.Article]:
    """Articles in pairs of a story and its copies, until there are so many; an id tells the passage: "000012" and "000012-1"."""
    draw = random.Random(7)
    made = number = 0
    while made < count:
        own = texts[number] if number < len(texts) else strung(texts, draw, 80)
        day = FIRST + timedelta(days=draw.randrange(7000))
        outlets = draw.sample(OUTLETS, 4)
        copies = draw.choice((1, 2, 3)) if draw.random() < 0.2 else 0
        around = [strung(texts, draw, draw.randint(30, 70)) for _ in range(2)]
        for copy in range(copies + 1):
            text = "\n\n".join((around[0], own, around[1], *((strung(texts, draw, 25),) if copy else ())))
            url = f"https://{outlets[copy].replace(' ', '').lower()}.example/{number}"
            name = f"{number:06}" + f"-{copy}" * bool(copy)
            when = (day + timedelta(days=copy)).isoformat()
            yield pullquote.Article(id=name, text=text, title=own[:50], source=outlets[copy], url=url, published=when)
            made += 1
        number += 1


def excerpt(text: str, draw: random.Random) -> str:
    words = text.split()
    length = min(len(words), draw.randint(10, 40))
    at = draw.randrange(len(words) - length + 1)
    return " ".join(words[at : at + length])


def other_typography(text: str) -> str:
    marks: dict[str, str | int | None] = {"“": '"', "”": '"', "’": "'", "‘": "'", '"': "”", "'": "’", "–": "-", "—": "-"}
    swapped = text.translate(str.maketrans(marks))
    words = swapped.split()
    return f"{' '.join(words[:5])}\u00a0\u200b{' '.join(words[5:9])}\n{' '.join(words[9:])}"


def altered(text: str, draw: random.Random) -> str:
    words = text.split()
    at = draw.randrange(2, len(words) - 2)
    words[at] = draw.choice([word for word in words if word.casefold().strip(".,;") != words[at].casefold().strip(".,;")])
    return " ".join(words)


def excerpts(everything: dict[str, pullquote.Article], texts: list[str], left_out: list[str]) -> list[tuple[str, str, str]]:
    """The kind, the id of the article that is right or "", and the words of each excerpt."""
    whole = "\n".join(fold(article.text).text for article in everything.values())
    there = [n for n in range(len(texts)) if f"{n:06}" in everything]
    draw = random.Random(11)
    asked: list[tuple[str, str, str]] = []
    for kind in ("exact", "typographic", "altered", "elsewhere", "strung"):
        count = EACH
        while count:
            number = draw.choice(there)
            said = excerpt(draw.choice(left_out) if kind == "elsewhere" else texts[number], draw)
            if kind == "altered":
                said = altered(said, draw)
            elif kind == "strung":
                said = strung(texts, draw, draw.randint(12, 40))
            if kind in ("altered", "elsewhere", "strung"):
                if fold(said).text in whole:
                    continue
                asked.append((kind, "", said))
            else:
                if whole.count(fold(said).text) != sum(fold(said).text in fold(a.text).text for a in _told(everything, number)):
                    continue  # it stands in other stories, too
                asked.append((kind, f"{number:06}", other_typography(said) if kind == "typographic" else said))
            count -= 1
    return asked


def mentions(index: pullquote.Index, texts: list[str]) -> dict[str, Any]:
    """How many phrases, in how many articles they stand by a scan of all sentences, the share of those that `find` gives, how many
    others it gives, and its times.
    """
    draw = random.Random(13)
    sentences = {a.id: "\n".join(a.text[start:end] for start, end in index.sentences(a)) for a in index}
    times: list[float] = []
    held = right = wrong = 0
    while len(times) < PHRASES:
        words = draw.choice(texts).split()
        at = draw.randrange(len(words) - 1)
        if not all(word.isalpha() and len(word) > 3 for word in words[at : at + 2]):
            continue
        pattern = re.compile(rf"(?<!\w){words[at]}[\W_]+{words[at + 1]}(?!\w)", re.IGNORECASE)
        there = {name for name, text in sentences.items() if any(pattern.search(line) for line in text.split("\n"))}
        begun = time.perf_counter()
        found = pullquote.find(index, f'"{words[at]} {words[at + 1]}"')
        times.append(1000 * (time.perf_counter() - begun))
        given = {name for one in found for name in (one.article_id, *one.also)}
        held, right, wrong = held + len(there), right + len(there & given), wrong + len(given - there)
    timed = {"median_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95)), "max_ms": max(times)}
    in_all = int(index.status()["sentences"])
    return {"phrases": PHRASES, "sentences": in_all, "articles": held, "recall": right / held, "others": wrong, **timed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the index is, or is built")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    texts = passages(arguments.folders)
    random.Random(3).shuffle(texts)
    left_out, texts = texts[::10], [text for n, text in enumerate(texts) if n % 10]
    place = arguments.indexes / f"trace-{arguments.articles}.pq"
    begun = time.perf_counter()
    pullquote.add(place, articles(texts, arguments.articles), RandomEncoder())
    print(f"built in {time.perf_counter() - begun:.0f} s", flush=True)
    index = pullquote.Index.open(place, RandomEncoder())
    everything = {article.id: article for article in index}
    asked = excerpts(everything, texts, left_out)
    for _, _, said in asked[::50]:
        pullquote.verify(index, said)
    found: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    times: dict[str, list[float]] = defaultdict(list)
    for kind, right, said in asked:
        begun = time.perf_counter()
        verdict = pullquote.verify(index, said)
        times[kind].append(1000 * (time.perf_counter() - begun))
        first = verdict.places[0] if verdict.places else None
        stands = verdict.status in ("exact", "typographic", "ambiguous", "abridged")
        found[kind]["excerpts"] += 1
        found[kind]["said to stand"] += stands
        if right:
            story = everything[right]
            told = (right, story.source, story.published, story.title, story.url)
            same = (
                stands and first is not None and (first.article_id, first.source, first.published, first.title, first.url) == told
            )
            found[kind]["article, outlet, date, headline and address right"] += same
            if not same:
                print(
                    kind,
                    right,
                    verdict.status,
                    [(p.article_id, p.published) for p in verdict.places[:3]],
                    repr(said[:80]),
                    flush=True,
                )
        elif stands:
            print(kind, verdict.status, repr(said), flush=True)
    for kind, some in times.items():
        found[kind] |= {"median_ms": float(np.median(some)), "p95_ms": float(np.percentile(some, 95)), "max_ms": max(some)}
    record = {
        "find": mentions(index, texts),
        "articles": len(everything),
        "passages": sum(f"{n:06}" in everything for n in range(len(texts))),
        "kinds": {kind: dict(some) for kind, some in found.items()},
    }
    write({**about(), **record}, arguments.out)


def _told(everything: dict[str, pullquote.Article], number: int) -> list[pullquote.Article]:
    return [everything[name] for copy in ("", "-1", "-2", "-3") if (name := f"{number:06}{copy}") in everything]


if __name__ == "__main__":
    main()
