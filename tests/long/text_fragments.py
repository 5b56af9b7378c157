"""Whether a browser goes where links lead: `python tests/long/text_fragments.py`, with selenium, chromium and chromedriver installed.

Each quote of the articles below is opened in a page of paragraphs one screen high, and the paragraph must be the one that is in sight.
"""

from __future__ import annotations

import functools
import html
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from pullquote.qa.text_fragments import link

PAGES: dict[str, list[str]] = {
    "twice": [
        "The vote was fair.",
        "Few came, for it snowed all day.",
        "The vote was fair.",
        "A judge will hear the case in June.",
    ],
    "alike": [
        "The minister said on Monday that the talks had failed and that no date was set for another round.",
        "The markets fell at once.",
        "The minister said on Monday that the talks had resumed in secret with help from a third country.",
        "Oil rose again.",
    ],
    "parts": [
        "Disarming it was hard.",
        "It was arming it that paid, a-b testing & more, 50% of it.",
        "The mayor’s office “knew” it.",
        "It rained.",
    ],
    "japanese": ["首相は「すべての被害者の帰国を実現する」と語った。", "交渉は来月に再開される予定である。", "雨が降った。"],
}


def quotes(blocks: list[str]) -> list[tuple[int, int, int]]:
    """Where quotes start and end in the text of a page, each with the number of its first block: blocks, two of them, their ends."""
    found, at = [], 0
    for number, block in enumerate(blocks):
        found.append((at, at + len(block), number))
        if number + 1 < len(blocks):
            found.append((at, at + len(block) + 2 + len(blocks[number + 1]), number))
        words = block.split()
        if len(words) > 4:
            tail = " ".join(words[2:])
            found.append((at + block.rindex(tail), at + len(block), number))
        at += len(block) + 2
    return found


def main() -> int:
    """Open each quote, and count those that a browser did not go to."""
    folder = Path(tempfile.mkdtemp())
    for name, blocks in PAGES.items():
        body = "".join(f'<p style="height: 1200px; margin: 0">{html.escape(block)}</p>' for block in blocks)
        (folder / f"{name}.html").write_text(f'<!doctype html><meta charset="utf-8"><body style="margin: 0">{body}', "utf-8")
    SimpleHTTPRequestHandler.log_message = lambda *_: None  # type: ignore[method-assign]
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = Options()
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync", "window-size=900,800"):
        options.add_argument(f"--{flag}")
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    tried = wrong = 0
    for name, blocks in PAGES.items():
        text = "\n\n".join(blocks)
        for start, end, number in quotes(blocks):
            driver.get("about:blank")
            driver.get(link(f"http://127.0.0.1:{server.server_port}/{name}.html", text, start, end))
            seen = driver.execute_async_script("setTimeout(() => arguments[0](Math.round(window.scrollY)), 250)")
            tried += 1
            if not 1200 * number - 800 < seen < 1200 * number + 800 or (number == 0 and seen > 0):
                wrong += 1
                print(f"{name}: {text[start:end]!r}: at {seen}, not in block {number}: {driver.current_url}")
    driver.quit()
    print(f"{tried} links, {wrong} led elsewhere")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
