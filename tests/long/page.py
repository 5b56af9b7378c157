"""The page in a real browser: `python tests/long/page.py [--axe axe.min.js] [--shots FOLDER]`, with selenium, chromium and chromedriver.

Asks, filters, opens a quote where it stands, gets no answer, sees a disagreement, and reads an article full of markup: with and
without script, wide and narrow, light and dark. Nothing may be asked of another host, and nothing be complained of in the console.
With --axe the axe-core file of that name looks at each page; with --shots there is a picture of each.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import pullquote
from pullquote.corpus.sample import FOLDER

FILLER = "The council met again, and nobody could say for how long it would. " * 6 + "\n\n"
ARTICLES = [
    pullquote.Article(
        "hostile",
        '<script>document.title = "taken"</script> The vandal wrote "><img src=x onerror=alert(1)> on the town hall door. '
        + FILLER * 12
        + 'The mayor called <b onmouseover="x()">the graffiti</b> "a shame" and had it painted over in green. {{ 7 * 7 }}',
        title="Vandal <script>alert(1)</script>",
        source='The "Post" <i>',
        published="2023-05-01",
        url="javascript:alert(1)",
    ),
    pullquote.Article(
        "ferry-post", "The ferry sank off the cape on Monday. The coast guard said 12 sailors died when the ferry sank.",
        title="Ferry lost", source="Harbour Post", published="2023-01-03", url="https://post.example/ferry",
    ),
    pullquote.Article(
        "ferry-voice", "Officials said 15 sailors died when the ferry sank off the cape.",
        title="Toll rises", source="Island Voice", published="2023-01-05",
    ),
]  # fmt: skip


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server."""
    command = [sys.executable, "-m", "pullquote", "serve", "--index", str(folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = re.search(r"http://\S+", server.stderr.readline())
        assert said is not None
        try:
            yield said[0]
        finally:
            server.terminate()
            server.communicate(timeout=30)
            assert server.returncode == 0, server.returncode


def browser(width: int, height: int, *, dark: bool, script: bool) -> webdriver.Chrome:
    """A browser with a window of that size."""
    options = Options()
    for flag in ("headless", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    made = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    made.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    made.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    return made


class Visit:
    """One way to use the page, and what is found wrong with it."""

    def __init__(self, driver: webdriver.Chrome, address: str, name: str, axe: str, shots: Path | None) -> None:
        self.driver, self.address, self.name, self.axe, self.shots = driver, address, name, axe, shots
        self.wrong: list[str] = []

    def check(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(f"{self.name}: {what}")

    def text(self, selector: str) -> str:
        return " ".join(element.text for element in self.driver.find_elements(By.CSS_SELECTOR, selector))

    def ask(self, question: str) -> None:
        box = self.driver.find_element(By.ID, "q")
        box.clear()
        box.send_keys(question + Keys.ENTER)
        self.driver.find_element(By.CSS_SELECTOR, f"input#q[value={json.dumps(question)}]")

    def look(self, page: str, *, script: bool) -> None:
        """A picture, what axe-core finds, and whether the page is wider than the window."""
        if self.shots is not None:
            self.driver.save_screenshot(str(self.shots / f"{self.name}-{page}.png"))
        if not script:
            return
        wide = self.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        self.check(wide <= 0, f"{page} is {wide} pixels too wide")
        if self.axe:
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": self.axe})
            found = self.driver.execute_async_script("axe.run().then(arguments[0])")["violations"]
            self.wrong += [f"{self.name}: {page}: axe: {v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}" for v in found]

    def go(self, *, script: bool) -> None:
        driver: Any = self.driver
        driver.implicitly_wait(10)
        driver.get(self.address)
        self.look("empty", script=script)
        self.ask("How many sailors died when the ferry sank?")
        self.check("sailors died" in self.text("figure.first blockquote"), "no quote")
        self.check({"12", "15"} <= set(re.findall(r"\d+", self.text(".side h3"))), f"sides: {self.text('.side h3')}")
        driver.find_element(By.CSS_SELECTOR, ".why summary").click()
        self.check("meaning" in self.text(".why"), "not said why")
        self.look("sides", script=script)
        driver.find_element(By.LINK_TEXT, "What was said when").click()
        dates = [element.text for element in driver.find_elements(By.CSS_SELECTOR, "ol.dates > li > time")]
        self.check(dates == ["2023-01-03", "2023-01-05"], f"dates {dates}")
        self.look("dates", script=script)
        driver.find_element(By.LINK_TEXT, "The answer").click()
        driver.find_element(By.CSS_SELECTOR, ".filters summary").click()
        for box in driver.find_elements(By.CSS_SELECTOR, "input[name=source]"):
            if box.get_attribute("value") == "Island Voice":
                box.click()
        driver.find_element(By.CSS_SELECTOR, "form.ask button[type=submit]").click()
        driver.find_element(By.CSS_SELECTOR, "input[name=source]:checked")
        self.check("15 sailors" in self.text("figure.first blockquote"), "the filter")
        self.check(not driver.find_elements(By.CSS_SELECTOR, ".sides") or script, "sides of one outlet")
        driver.get(self.address)
        self.ask("What is the capital of Mongolia?")
        self.check("No answer" in self.text(".none"), "no answer is not said")
        self.look("none", script=script)
        self.ask("What did the mayor call the graffiti?")
        self.check('"a shame"' in self.text("figure.first blockquote"), self.text("figure.first blockquote"))
        self.look("hostile", script=script)
        driver.find_element(By.LINK_TEXT, "Read it where it stands").click()
        marked = driver.find_element(By.CSS_SELECTOR, "mark:target")
        self.check("a shame" in marked.text, "another stretch is marked")
        box = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssVisualViewport"]
        self.check(0 < marked.location["y"] - box["pageY"] < box["clientHeight"], "the quote is not in sight")
        self.check("<script>" in self.text(".story") and "{{ 7 * 7 }}" in self.text(".story"), "the text is not shown as it is")
        self.check(
            "taken" not in driver.title and not driver.find_elements(By.CSS_SELECTOR, ".story img, main b, main i"), "markup"
        )
        self.look("read", script=script)
        driver.get(f"{self.address}docs")
        self.look("docs", script=script)
        host = urlsplit(self.address).netloc
        for entry in driver.get_log("performance"):
            said = json.loads(entry["message"])["message"]
            if said["method"] == "Network.requestWillBeSent":
                url = said["params"]["request"]["url"]
                self.check(urlsplit(url).netloc in (host, "") or url.startswith("data:"), f"asked of another host: {url}")
        self.wrong += [f"{self.name}: console: {entry['message']}" for entry in driver.get_log("browser")]

    def by_keyboard(self) -> None:
        """From the top of the page to the first quote's article, by the keyboard alone."""
        self.driver.get(self.address)
        self.driver.find_element(By.TAG_NAME, "body").send_keys("/")
        self.driver.switch_to.active_element.send_keys("Who died when the ferry sank?" + Keys.ENTER)
        self.driver.find_element(By.CSS_SELECTOR, "figure.first")
        for _ in range(40):
            webdriver.ActionChains(self.driver).send_keys(Keys.TAB).perform()
            if self.driver.switch_to.active_element.text == "Read it where it stands":
                self.driver.switch_to.active_element.send_keys(Keys.ENTER)
                self.driver.find_element(By.CSS_SELECTOR, "mark:target")
                return
        self.check(holds=False, what="the quote's place is not reached by the keyboard")


def main() -> int:
    """Every way to use the page, and what is found wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axe", type=Path)
    parser.add_argument("--shots", type=Path)
    arguments = parser.parse_args()
    axe = arguments.axe.read_text("utf-8") if arguments.axe else ""
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp()) / "index.pq"
    pullquote.add(folder, [*pullquote.read(FOLDER), *ARTICLES])
    wrong: list[str] = []
    visits = (("wide", 1280, 900, False, True), ("wide-dark", 1280, 900, True, True), ("narrow", 380, 780, False, True),
              ("narrow-dark", 380, 780, True, True), ("plain", 1280, 900, False, False))  # fmt: skip
    with served(folder) as address:
        for name, width, height, dark, script in visits:
            driver = browser(width, height, dark=dark, script=script)
            try:
                visit = Visit(driver, address, name, axe, arguments.shots)
                visit.go(script=script)
                if name == "wide":
                    visit.by_keyboard()
                wrong += visit.wrong
            finally:
                driver.quit()
    print("\n".join(wrong) or f"{len(visits)} visits, nothing wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
