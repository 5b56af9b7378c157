"""Files that nobody meant: `python tests/long/fuzz.py --seconds 60` alters files of each kind by chance, for so long a kind, and reads them.

A file gives articles or raises ReadError, nothing else. What it gives is in the form that offsets count in, can be cut into passages whose
sentences lie in it in order, and is read alike again. What takes more than ten seconds, or fails, is kept and named.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.long.growth import UNITS, count_tokens

import pullquote
from pullquote.corpus.decode import tidy
from pullquote.corpus.passages import chunk
from pullquote.corpus.readers import BY_SUFFIX
from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import files
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.index.writing.validation import check_article, tidied

SEEDS = {
    "txt": ["By Ann Lee\n\nThe bridge opened on May 3, 2004. It cost $40 million.\n\nREAD MORE: How it was built\n"],
    "md": ["---\ntitle: A\ndate: 2004-05-03\ntags: [a, b]\n---\n# Head\n\nText *with* [a link](http://a.b/) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"],
    "html": [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>A</title><script type='application/ld+json'>"
        '{"@type":"NewsArticle","headline":"A","datePublished":"2004-05-03"}</script></head><body><article><h1>A</h1>'
        "<p>The bridge opened on Saturday. It cost 40 million.</p><table><tr><td>1</td></tr></table></article></body></html>"
    ],
    "jsonl": ['{"id": "a", "text": "One. Two.", "published": "2004-05-03"}\n{"id": "b", "text": "Three.", "title": "T"}\n'],
    "json": ['[{"id": "a", "text": "One. Two.", "date": 1083542400}, {"_id": "b", "text": "Three.", "language": "de"}]'],
}  # fmt: skip
SECONDS = 10  # for one file


def altered(seed: bytes, other: bytes, chance: random.Random) -> bytes:
    """A file with a few changes: bytes, pieces, hostile runs, another encoding."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randint(0, len(data))
        to = min(len(data), at + int(chance.expovariate(0.05)))
        what = chance.randrange(9)
        if what == 0 and at < len(data):
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at:to]
        elif what == 2:
            data[at:at] = data[at:to] * chance.choice((1, 2, 50))
        elif what == 3:
            begin = chance.randint(0, len(other))
            data[at:to] = other[begin : begin + chance.randint(0, 200)]
        elif what == 4:
            data[at:at] = chance.choice(UNITS).encode() * chance.choice((1, 3, 100, 3000))
        elif what == 5:
            data[at:at] = chance.randbytes(chance.choice((1, 4, 60)))
        elif what == 6:
            opens, closes = chance.choice(
                (("[", "]"), ("{", "}"), ('{"a":', "}"), ("<div>", "</div>"), ("> ", ""), ("- ", ""), ("(", ")"))
            )
            depth = chance.choice((2, 60, 3000))
            data[at:at] = opens.encode() * depth
            data += closes.encode() * depth
        elif what == 7:
            del data[at:]
        else:
            text = data.decode("utf-8", "replace")
            data = bytearray(
                text.encode(chance.choice(("utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252", "shift_jis")), "replace")
            )
    return bytes(data)


def examine(path: Path) -> str:
    """Read a file; "read" or "refused". Raises AssertionError, or whatever a reader lets out, where that is wrong."""
    refused: pullquote.ReadError | None = None
    try:
        found = [article for file in files([path]) for article in file.articles()]
    except pullquote.ReadError as error:
        refused = error
    if refused is not None:
        assert len(str(refused).splitlines()) == 1, refused
        return "refused"
    assert found == [article for file in files([path]) for article in file.articles()]
    for article in found:
        check_article(article, "")
        assert tidied(article) == article
        assert article.text == tidy(article.text)
        at = 0
        for passage in chunk(article, count_tokens, 64).passages:
            for sentence in passage.sentences:
                assert at <= sentence.start < sentence.end <= len(article.text)
                at = sentence.end
        Analyzer().terms(article.text)
    return "read"


def trials(folder: Path, seconds: float, seed: int) -> Iterator[tuple[str, str]]:
    """Each trial: the kind of file, and whether it was read or refused."""
    chance = random.Random(seed)
    seeds = {kind: [text.encode() for text in texts] for kind, texts in SEEDS.items()}
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in BY_SUFFIX and path.stat().st_size < 20_000:
            seeds[path.suffix[1:]].append(path.read_bytes())
    every = [data for datas in seeds.values() for data in datas]
    signal.signal(signal.SIGALRM, _too_long)
    for kind, datas in seeds.items():
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            path = folder / f"altered.{kind}"
            path.write_bytes(altered(chance.choice(datas), chance.choice(every), chance))
            signal.alarm(SECONDS)
            yield kind, examine(path)
            signal.alarm(0)


def _too_long(_: int, __: FrameType | None) -> None:
    raise AssertionError(f"not read after {SECONDS} seconds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="a kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=None, help="where the file goes that fails; else it is named and gone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        seen = Counter(trials(place, arguments.seconds, arguments.seed))
    print(*(f"{count:6}  {kind}, {what}" for (kind, what), count in sorted(seen.items())), sep="\n")


if __name__ == "__main__":
    main()
