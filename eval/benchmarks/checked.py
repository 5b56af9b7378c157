"""The sections of the page on what is checked: altered quotes, excerpts, disagreements."""

from __future__ import annotations

from drawing import about, record, table


def altered() -> str:
    found = record("altered")
    checkers = found["checkers"]
    rows = [[name, f"{r['altered passed']:.2%}", f"{r['true refused']:.2%}", f"{r['ms']:.1f} ms"] for name, r in checkers.items()]
    kinds = [[kind, f"{n:,}", *(f"{r['passed'][kind]:.1%}" for r in checkers.values())] for kind, n in found["cases"].items()]
    return "\n".join([
        "## Altered quotes\n",
        f"`checking/altered.py`: {sum(found['cases'].values()):,} quotes, changed in twelve ways, nine of which alter what was said. pullquote is "
        "given the quote and looks in all articles at once, the others are given the one article that it is from. " + about(found),
        table(["", "altered ones passed", "true ones refused", "a quote"], rows),
        "Passed, by what was done to the quote:\n",
        table(["", "quotes", *checkers], kinds),
    ])  # fmt: skip


def trace() -> str:
    found = record("trace")
    phrases = found["find"]
    right = "article, outlet, date, headline and address right"
    rows = [
        [kind, str(r["excerpts"]), str(r["said to stand"]), str(r.get(right, "")), f"{r['median_ms']:.1f} / {r['p95_ms']:.1f} ms"]
        for kind, r in found["kinds"].items()
    ]
    return "\n".join([
        "## Where an excerpt is from\n",
        f"`checking/trace.py`: excerpts of 10 to 40 words, {found['articles']:,} articles, of which some tell others' stories again. {about(found)}",
        table(["excerpts", "of them", "said to stand somewhere", right, "median / p95"], rows),
        f"Every mention: {phrases['phrases']} phrases of two words among {phrases['sentences']:,} sentences, each looked up with `find` and by "
        f"a scan of all articles: `find` gave {phrases['recall']:.1%} of the articles that hold them and {phrases['others']} others; median "
        f"{phrases['median_ms']:.0f} ms, p95 {phrases['p95_ms']:.0f} ms, at most {phrases['max_ms']:.0f} ms.\n",
    ])  # fmt: skip


def sides() -> str:
    found = record("sides")
    shown = [
        [f"{name}, {kind}", f"{r['questions']:,}", f"{r['shown']:.1%}", f"{r['both']:.1%}"]
        for name in ("ramdocs", "squad")
        for kind, r in found[name].items()
    ]
    return "\n".join([
        "## Disagreements\n",
        "`checking/sides.py`: disagreements shown, and those with a right answer on one side and a wrong one on another; where there is a single "
        f"answer, each is a false alarm. {about(found)}",
        table(["questions", "asked", "shown", "right and wrong"], shown),
    ])  # fmt: skip


def chance() -> str:
    found = record("chance")
    names = (
        "said to differ",
        "said to differ, each question alone",
        "interval holds the truth",
        "smallest difference told",
        "told",
    )
    rows = [
        [name, *(f"{r[key]:.3f}" if key == "smallest difference told" else f"{r[key]:.1%}" for key in names)]
        for name, r in found["sets"].items()
    ]
    return "\n".join([
        "## Is a difference one?\n",
        f"`checking/chance.py`: {found['rounds']:,} comparisons each of two systems whose questions hang together by article. Without a true "
        "difference 5 % may be said to differ (with each question alone, as if none hung together, more are), and 95 % of the intervals hold "
        f"the truth; the smallest difference that is said to be told should be told in 80 %. {about(found)}",
        table(["", *names], rows),
    ])  # fmt: skip
