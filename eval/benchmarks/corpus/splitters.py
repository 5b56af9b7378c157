#!/usr/bin/env python3
"""Where sentences end, by several splitters: how many texts of tests/corpus/test_sentences.py each cuts as a reader would.

    python eval/benchmarks/corpus/splitters.py [--out eval/benchmarks/records/splitters.json]

Needs `pip install nupunkt syntok pysbd blingfire`; others are left out. The texts are hard ones, chosen for what goes wrong:
a splitter that is right in half of them cuts nearly all sentences of plain prose rightly.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sentencex

from pullquote.corpus.sentences import sentences

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parents[1])]
from machine import about, write
from tests.corpus.test_sentences import ENDS, NEWS

Split = Callable[[str, str], list[str]]
TIMES = 200


def splitters() -> Iterator[tuple[str, Split]]:
    """Those that are installed, by name."""
    yield "pullquote", lambda text, language: [text[s.start : s.end] for s in sentences(text, 0, len(text), language)]
    yield "sentencex", lambda text, language: list(sentencex.segment(language, text))
    for name, made in {"nupunkt": _nupunkt, "syntok": _syntok, "pysbd": _pysbd, "blingfire": _blingfire}.items():
        try:
            yield name, made()
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)


def _nupunkt() -> Split:
    import nupunkt

    return lambda text, _: list(nupunkt.sent_tokenize(text))


def _syntok() -> Split:
    from syntok import segmenter

    def split(text: str, _: str) -> list[str]:
        found = (sentence for paragraph in segmenter.analyze(text) for sentence in paragraph)
        return [text[s[0].offset : s[-1].offset + len(s[-1].value)] for s in found]

    return split


def _pysbd() -> Split:
    import pysbd

    return lambda text, language: list(pysbd.Segmenter(language=language, clean=False).segment(text))


def _blingfire() -> Split:
    import blingfire

    return lambda text, _: list(blingfire.text_to_sentences(text).split("\n"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    cases = [("en", text) for text in NEWS if "。" not in text] + ENDS
    found = {}
    for name, split in splitters():
        right = 0
        for language, text in cases:
            parts = text.split("|")
            joined = ("" if "。" in text else " ").join(parts)
            right += [part.strip() for part in split(joined, language) if part.strip()] == parts
        prose = " ".join(f"The council of Brenn met on day {n} and agreed on nothing." for n in range(100))
        began = time.perf_counter()
        for _ in range(TIMES):
            split(prose, "en")
        found[name] = {
            "right": right,
            "of": len(cases),
            "us_a_sentence": round((time.perf_counter() - began) / TIMES / 100 * 1e6, 1),
        }
    write({**about(), "splitters": found}, arguments.out)


if __name__ == "__main__":
    main()
