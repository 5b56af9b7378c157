#!/usr/bin/env python3
"""How fast files of each format are read, beside plain text in the same run; and the memory that ten thousand pages take.

    python eval/benchmarks/corpus/formats.py [--out eval/benchmarks/records/formats.json]

The files are written by other tools where there are some: reportlab, python-docx, odfpy. Each holds one article of some 600
words; a feed, a table and a file of records hold FILES of them. Needs the extra `test`.
"""

from __future__ import annotations

import argparse
import csv
import email.message
import io
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from pullquote.corpus.sources import read

sys.path.insert(0, str(Path(__file__).parents[1]))
from machine import about, write

FILES, TIMES, PAGES = 100, 5, 10_000
WORDS = (
    *(
        "the",
        "harbour",
        "council",
        "agreed",
        "on",
        "monday",
        "to",
        "widen",
        "northern",
        "channel",
        "before",
        "winter",
        "storms",
        "arrive",
    ),
    *(
        "engineers",
        "expect",
        "that",
        "work",
        "will",
        "take",
        "four",
        "months",
        "cost",
        "twelve",
        "million",
        "crowns",
        "which",
        "port",
    ),
    *("pay", "from", "its", "reserves", "fishermen", "had", "asked", "for", "since", "a", "trawler", "ran", "aground", "there"),
)
Article = tuple[str, list[str]]


def article(draw: random.Random) -> Article:
    """A title and paragraphs."""
    paragraphs = []
    for _ in range(10):
        sentences = [" ".join(draw.choices(WORDS, k=15)).capitalize() + "." for _ in range(4)]
        paragraphs.append(" ".join(sentences))
    return " ".join(draw.choices(WORDS, k=6)).capitalize(), paragraphs


def page(title: str, paragraphs: list[str]) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    head = f'<title>{title} - Post</title><meta property="article:published_time" content="2024-03-05">'
    return f"<html><head>{head}</head><body><nav>Home</nav><article><h1>{title}</h1>{body}</article></body></html>"


def pdf(path: Path, title: str, paragraphs: list[str]) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    parts = [Paragraph(title, styles["Title"]), *(Paragraph(text, styles["Normal"]) for text in paragraphs)]
    SimpleDocTemplate(str(path)).build(parts)


def docx(path: Path, title: str, paragraphs: list[str]) -> None:
    import docx as word

    document = word.Document()
    document.add_heading(title, 0)
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))


def odt(path: Path, title: str, paragraphs: list[str]) -> None:
    from odf.opendocument import OpenDocumentText
    from odf.text import H, P

    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text=title))
    for text in paragraphs:
        document.text.addElement(P(text=text))
    document.save(str(path))


def epub(path: Path, title: str, paragraphs: list[str]) -> None:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    container += '<rootfile full-path="b.opf"/></rootfiles></container>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="a"/></spine></package>'
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("b.opf", package)
        book.writestr("a.xhtml", page(title, paragraphs))


def eml(title: str, paragraphs: list[str]) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["Subject"], message["Date"] = "Post <post@post.example>", title, "Tue, 5 Mar 2024 10:00:00 +0000"
    message.set_content("\n\n".join(paragraphs))
    return bytes(message)


def table(articles: list[Article]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("headline", "body"), *((title, "\n\n".join(paragraphs)) for title, paragraphs in articles)])
    return out.getvalue().encode()


def feed(articles: list[Article]) -> bytes:
    items = (
        f"<item><title>{title}</title><description>{' '.join(paragraphs)}</description></item>" for title, paragraphs in articles
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{"".join(items)}</channel></rss>'.encode()


def cues(paragraphs: list[str]) -> str:
    lines = [sentence for text in paragraphs for sentence in text.split(". ")]
    return "\n\n".join(
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\n{line}" for n, line in enumerate(lines, start=1)
    )


EACH: dict[str, Callable[[str, list[str]], str | bytes]] = {
    ".txt": lambda title, paragraphs: "\n\n".join([title, *paragraphs]),
    ".md": lambda title, paragraphs: "\n\n".join([f"# {title}", *paragraphs]),
    ".html": page,
    ".rtf": lambda title, paragraphs: rf"{{\rtf1\ansi {title}\par " + r"\par ".join(paragraphs) + "}",
    ".eml": eml,
    ".srt": lambda title, paragraphs: cues(paragraphs),
}
WRITTEN: dict[str, Callable[[Path, str, list[str]], None]] = {".pdf": pdf, ".docx": docx, ".odt": odt, ".epub": epub}
MANY: dict[str, Callable[[list[Article]], bytes]] = {
    ".jsonl": lambda some: "\n".join(json.dumps({"title": t, "text": "\n\n".join(p)}) for t, p in some).encode(),
    ".csv": table,
    ".rss": feed,
}


def files(folder: Path) -> dict[str, Path]:
    """A folder of FILES articles for each format."""
    draw = random.Random(1)
    articles = [article(draw) for _ in range(FILES)]
    found: dict[str, Path] = {}
    for suffix in (*EACH, *WRITTEN, *MANY):
        found[suffix] = place = folder / suffix[1:]
        place.mkdir()
        if suffix in MANY:
            (place / f"all{suffix}").write_bytes(MANY[suffix](articles))
            continue
        for n, (title, paragraphs) in enumerate(articles):
            path = place / f"{n}{suffix}"
            if suffix in WRITTEN:
                WRITTEN[suffix](path, title, paragraphs)
            else:
                made = EACH[suffix](title, paragraphs)
                path.write_bytes(made.encode() if isinstance(made, str) else made)
    return found


def speed(folders: dict[str, Path]) -> dict[str, dict[str, float]]:
    """Articles in a second, and how many times as long as plain text each takes: the median of TIMES rounds over all formats."""
    took: dict[str, list[float]] = {suffix: [] for suffix in folders}
    for _ in range(TIMES):
        for suffix, folder in folders.items():
            began = time.perf_counter()
            count = sum(1 for _ in read(folder))
            took[suffix].append(time.perf_counter() - began)
            assert count == FILES, (suffix, count)
    plain = median(took[".txt"])
    return {s: {"per_second": round(FILES / median(t)), "to_text": round(median(t) / plain, 1)} for s, t in took.items()}


def pages_memory(folder: Path) -> dict[str, float]:
    """The largest resident memory in MB of a process that reads PAGES pages, and of one that reads FILES."""
    draw = random.Random(2)
    for n in range(PAGES):
        (folder / f"{n}.html").write_text(page(*article(draw)))
    program = "import sys, resource, itertools, pullquote; "
    program += "n = sum(1 for _ in itertools.islice(pullquote.read(sys.argv[1]), int(sys.argv[2]))); "
    program += "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    found: dict[str, float] = {}
    for count in (FILES, PAGES):
        ran = subprocess.run([sys.executable, "-c", program, folder, str(count)], capture_output=True, text=True, check=True)
        read_in, memory = ran.stdout.split()
        assert int(read_in) == count
        found[f"memory_mb_{count}"] = round(float(memory))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        record: dict[str, Any] = {"files": FILES, "formats": speed(files(Path(name)))}
        pages = Path(name) / "pages"
        pages.mkdir()
        record["pages"] = pages_memory(pages)
    record["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    write({**about(), **record}, arguments.out)


if __name__ == "__main__":
    main()
