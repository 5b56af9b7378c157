"""Altered quotes: which are told from true ones, by pullquote and by what else there is on PyPI that checks quotes.

    pip install gtrex quotecheck rapidfuzz && pip install --no-deps citefact
    python eval/benchmarks/checking/altered.py FOLDER [FOLDER ...] [--indexes DIR] [--out FILE]

Each FOLDER is a question set with articles. Sentences of six words and more are changed in twelve ways, so often each:

    altered  negation, number, unit, name, hedge, tense: one of them dropped, added or replaced; stitching: the beginning of one
             sentence and the end of another of its article; dropped word: from the middle; OCR noise: letters read as others
    true     unchanged; typography: other quotation marks, apostrophes, dashes and spaces; PDF artefacts: ligatures, and lines that
             end anywhere, in a word after a hyphen

An altered quote that happens to stand in some article is drawn anew; that is looked for without pullquote. OCR noise counts as
altered, for a digit may be what was read wrongly. pullquote is given the quote and looks in all articles at once; the others are
given the one article that it is from. Passed: pullquote says exact, typographic, abridged or ambiguous; gtrex "grounded", under its
default policy and under its permissive one; quotecheck "found" or "interleaved"; citefact finds the normalized quote in the
normalized source (its check of quotes, without the manuscript around).
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import pullquote
from pullquote.eval.importers.beir import Beir

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write
from synthetic import RandomEncoder

EACH = 834  # of twelve kinds: 10,008
ALTERED = ("negation", "number", "unit", "name", "hedge", "tense", "stitching", "dropped word", "OCR noise")
TRUE = ("unchanged", "typography", "PDF artefacts")
PASSED = ("exact", "typographic", "abridged", "ambiguous")
_WORDS = 6
_NEGATION = re.compile(r"\s(?:not|never|no)(?=\s)|n['’]t(?=\s)")
_AUXILIARY = re.compile(r"\b(?:is|was|are|were|has|had|have|will|would|can|could|did|does)(?=\s[a-z])")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_UNITS = {
    "percent": "points", "per cent": "points", "%": " points", "$": "£", "£": "$", "€": "$", "kilometers": "miles",
    "km": "miles", "miles": "kilometers", "metres": "feet", "meters": "feet", "feet": "metres", "years": "months",
    "months": "years", "days": "weeks", "weeks": "days", "hours": "minutes", "minutes": "hours", "million": "billion",
    "billion": "million", "thousand": "hundred", "hundred": "thousand", "pounds": "dollars", "dollars": "pounds",
    "tons": "pounds", "acres": "hectares",
}  # fmt: skip
_UNIT = re.compile(r"(?<=\d)\s?(?:{})(?!\w)|(?:\$|£|€)(?=\d)".format("|".join(u for u in _UNITS if len(u) > 1 or u == "%")))
_HEDGES = {
    "may": "will", "might": "will", "could": "can", "would": "will", "should": "must", "probably": "certainly",
    "possibly": "certainly", "perhaps": "surely", "about": "exactly", "approximately": "exactly", "nearly": "over",
    "almost": "over", "around": "exactly", "often": "always", "usually": "always", "some": "all", "most": "all",
    "many": "all", "suggests": "proves", "believed": "known", "reportedly": "", "allegedly": "", "likely": "",
    "generally": "always", "appears": "proved", "claimed": "showed",
}  # fmt: skip
_HEDGE = re.compile(rf"\b(?:{'|'.join(_HEDGES)})\b")
_TENSES = {
    "is": "was", "was": "is", "are": "were", "were": "are", "has": "had", "had": "has", "have": "had", "will": "would",
    "would": "will", "does": "did", "did": "does", "can": "could", "could": "can", "says": "said", "said": "says",
    "became": "becomes",
}  # fmt: skip
_TENSE = re.compile(rf"\b(?:{'|'.join(_TENSES)})\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_OCR = (("rn", "m"), ("m", "rn"), ("l", "1"), ("O", "0"), ("e", "c"), ("h", "b"), ("cl", "d"), ("i", "l"), ("5", "S"), ("1", "l"))
_TYPOGRAPHY = {'"': "“”„", "“": '"«', "”": '"»', "'": "’‘", "’": "'‘", "-": "‑–", "–": "-—", "—": "–", "…": "."}
_LIGATURES = (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"))

Change = Callable[[str, str, random.Random], str | None]  # sentence, article and chance to a quote; None where it cannot be


def _replaced(pattern: re.Pattern[str], text: str, draw: random.Random, by: Callable[[str], str]) -> str | None:
    """One of what a pattern finds beyond the first word, replaced."""
    found = [match for match in pattern.finditer(text) if match.start() > 0 and match.end() < len(text)]
    if not found:
        return None
    match = draw.choice(found)
    return " ".join(f"{text[: match.start()]}{by(match[0])}{text[match.end() :]}".split(" "))


def negation(text: str, article: str, draw: random.Random) -> str | None:
    if _NEGATION.search(text):
        return _replaced(_NEGATION, text, draw, lambda _: "")
    return _replaced(_AUXILIARY, text, draw, lambda word: f"{word} not")


def number(text: str, article: str, draw: random.Random) -> str | None:
    def other(figure: str) -> str:
        digits = [n for n, c in enumerate(figure) if c.isdigit()]
        at = draw.choice(digits)
        return figure[:at] + str((int(figure[at]) + draw.randint(1, 8)) % 9 + 1 * (figure[at] == "9")) + figure[at + 1 :]

    changed = _replaced(_NUMBER, text, draw, other)
    return None if changed == text else changed


def unit(text: str, article: str, draw: random.Random) -> str | None:
    return _replaced(_UNIT, text, draw, lambda found: found[: len(found) - len(found.lstrip())] + _UNITS[found.strip()])


def name(text: str, article: str, draw: random.Random) -> str | None:
    others = sorted(set(_NAME.findall(article)))
    if len(others) < 2:
        return None
    return _replaced(_NAME, text, draw, lambda found: draw.choice([other for other in others if other != found]))


def hedge(text: str, article: str, draw: random.Random) -> str | None:
    changed = _replaced(_HEDGE, text, draw, lambda word: _HEDGES[word])
    return changed and changed.replace("  ", " ")


def tense(text: str, article: str, draw: random.Random) -> str | None:
    return _replaced(_TENSE, text, draw, lambda word: _TENSES[word])


def stitching(text: str, article: str, draw: random.Random) -> str | None:
    others = [other for other in re.split(r"(?<=[.!?])\s+", article) if len(other.split()) >= _WORDS and other not in text]
    if not others:
        return None
    words, more = text.split(), draw.choice(others).split()
    return " ".join((*words[: draw.randint(3, len(words) - 1)], *more[-draw.randint(3, len(more) - 1) :]))


def dropped_word(text: str, article: str, draw: random.Random) -> str | None:
    words = text.split()
    del words[draw.randrange(1, len(words) - 1)]
    return " ".join(words)


def ocr_noise(text: str, article: str, draw: random.Random) -> str | None:
    for _ in range(draw.randint(1, 3)):
        old, new = draw.choice([pair for pair in _OCR if pair[0] in text] or [("", "")])
        at = draw.choice([m.start() for m in re.finditer(re.escape(old), text)])
        text = text[:at] + new + text[at + len(old) :]
    return text


def unchanged(text: str, article: str, draw: random.Random) -> str | None:
    return text


def typography(text: str, article: str, draw: random.Random) -> str | None:
    changed = "".join(draw.choice(_TYPOGRAPHY[c]) if c in _TYPOGRAPHY and c != "…" else c for c in text.replace("…", "..."))
    words = changed.split(" ")
    if draw.random() < 0.3:
        at = draw.randrange(1, len(words))
        words[at] = draw.choice("\u200b\u2060") + words[at]
    return draw.choice((" ", " ", "\u00a0", "\u202f")).join(words)


def pdf_artefacts(text: str, article: str, draw: random.Random) -> str | None:
    for plain, ligature in _LIGATURES:
        text = text.replace(plain, ligature)
    words = text.split(" ")
    at = draw.randrange(1, len(words))
    long = [n for n, word in enumerate(words) if len(word) > 7 and word.isalpha()]
    if long:
        n = draw.choice(long)
        words[n] = f"{words[n][:4]}-\n{words[n][4:]}"
    return " ".join(words[:at]) + "\n" + " ".join(words[at:])


KINDS: dict[str, Change] = {
    "negation": negation, "number": number, "unit": unit, "name": name, "hedge": hedge, "tense": tense, "stitching": stitching,
    "dropped word": dropped_word, "OCR noise": ocr_noise, "unchanged": unchanged, "typography": typography,
    "PDF artefacts": pdf_artefacts,
}  # fmt: skip


def plain(text: str) -> str:
    """A text for finding out whether a changed quote stands in it after all: letters and digits, in one form, one space between."""
    composed = unicodedata.normalize("NFKC", text).replace("n't", "nt").replace("n’t", "nt")
    return " ".join(re.findall(r"\w+", composed))


def cases(articles: list[pullquote.Article]) -> list[tuple[str, str, str]]:
    """The kind, the id of its article, and the quote, of each case."""
    draw = random.Random(5)
    pool = []
    for article in articles:
        for line in article.text.split("\n"):
            found = re.split(r"(?<=[.!?])\s+(?=[A-Z“\"])", line)
            pool += [(article, text) for text in found if len(text.split()) >= _WORDS and len(text) < 500 and text[-1:] in '.!?”"']
    whole = f" {plain(' | '.join(article.text for article in articles))} "
    made = []
    for kind, change in KINDS.items():
        draw.shuffle(pool)
        count = 0
        for article, text in pool:
            quote = change(text, article.text, draw)
            if quote is None or (kind in ALTERED and f" {plain(quote)} " in whole):
                continue
            made.append((kind, article.id, quote))
            count += 1
            if count == EACH:
                break
        print(f"{kind}: {count}", flush=True)
    return made


def peers(articles: dict[str, str]) -> dict[str, Callable[[str, str], bool]]:
    """What says whether a quote stands in an article of an id, by name and version; of those that are installed."""
    found: dict[str, Callable[[str, str], bool]] = {}
    try:
        from gtrex import DEFAULT, PERMISSIVE, Verifier

        verifier = lru_cache(64)(lambda article_id, policy: Verifier(articles[article_id], policy))
        for policy, called in ((DEFAULT, ""), (PERMISSIVE, ", permissive")):
            found[f"gtrex {version('gtrex')}{called}"] = lambda article_id, quote, policy=policy: bool(  # type: ignore[misc]
                verifier(article_id, policy).verify(quote).grounded
            )
    except ImportError:
        pass
    try:
        from quotecheck import check

        found[f"quotecheck {version('quotecheck')}"] = lambda article_id, quote: bool(check(quote, articles[article_id]).ok)
    except ImportError:
        pass
    try:
        from citefact.checks.quotes import normalize

        source = lru_cache(64)(lambda article_id: normalize(articles[article_id]))
        found[f"citefact {version('citefact')}"] = lambda article_id, quote: normalize(quote) in source(article_id)
    except ImportError:
        pass
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the index is, or is built")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    place = arguments.indexes / "altered.pq"
    with pullquote.Writer(place, RandomEncoder()) as writer:
        for folder in arguments.folders:
            writer.stage(
                pullquote.Article(id=f"{folder.resolve().name}/{a.id}", text=a.text, title=a.title) for a in Beir(folder).articles()
            )
        writer.commit()
    index = pullquote.Index.open(place, RandomEncoder())
    articles = sorted(index, key=lambda article: article.id)
    texts = {article.id: article.text for article in articles}
    ours = f"pullquote {pullquote.__version__}, in {len(texts):,} articles"
    statuses: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def verified(_: str, quote: str) -> bool:
        status = pullquote.verify(index, quote).status
        statuses[kind][status] += 1
        return status in PASSED

    checkers = {ours: verified, **peers(texts)}
    passed: dict[str, dict[str, int]] = {checker: defaultdict(int) for checker in checkers}
    seconds: dict[str, float] = defaultdict(float)
    count: dict[str, int] = defaultdict(int)
    for kind, article_id, quote in cases(articles):
        count[kind] += 1
        for checker, check in checkers.items():
            begun = time.perf_counter()
            said = check(article_id, quote)
            seconds[checker] += time.perf_counter() - begun
            passed[checker][kind] += said
            if checker == ours and said == (kind in ALTERED):
                print(f"{'passed' if said else 'refused'}, {kind}: {quote!r} ({article_id})", flush=True)
    found = {
        checker: {
            "altered passed": sum(passed[checker][kind] for kind in ALTERED) / sum(count[kind] for kind in ALTERED),
            "true refused": 1 - sum(passed[checker][kind] for kind in TRUE) / sum(count[kind] for kind in TRUE),
            "passed": {kind: passed[checker][kind] / count[kind] for kind in KINDS},
            "ms": 1000 * seconds[checker] / sum(count.values()),
        }
        for checker in checkers
    }
    kinds = {kind: dict(some) for kind, some in statuses.items()}
    write({**about(), "articles": len(texts), "cases": dict(count), "checkers": found, "statuses": kinds}, arguments.out)


if __name__ == "__main__":
    main()
