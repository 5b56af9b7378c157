"""Tables and plots of the page of benchmarks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RECORDS = Path(__file__).resolve().parent / "records"
PLOTS = RECORDS / "plots"
OURS, THEIRS = "#b3261e", "#7a8793"


def record(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text("utf-8"))
    return found


def about(found: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    return f"{found['machine']}; Python {found['python']}, {versions}; {found['date']}, revision {found['revision']}.\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---", *["---:"] * (len(head) - 1)], *rows)]
    return "\n".join(lines) + "\n"


def bars(name: str, title: str, values: dict[str, float], unit: str) -> None:
    figure, axes = _figure(1.0 + 0.34 * len(values))
    names = list(values)[::-1]
    drawn = axes.barh(names, [values[n] for n in names], color=[OURS if n.startswith("pullquote") else THEIRS for n in names])
    axes.bar_label(drawn, [f" {values[n]:.3g} {unit}" for n in names])
    axes.set_title(title, loc="left")
    axes.margins(x=0.2)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    _save(figure, name)


def lines(name: str, title: str, series: dict[str, dict[int, float]], unit: str) -> None:
    figure, axes = _figure(3.6)
    for number, (label, points) in enumerate(series.items()):
        style: dict[str, Any] = {"color": OURS if label.startswith("pullquote") else THEIRS}
        axes.loglog(
            list(points),
            list(points.values()),
            marker="osD^v"[number % 5],
            label=label,
            linestyle=("-", "--", ":")[number % 3],
            **style,
        )
    axes.set_title(title, loc="left")
    axes.set_xlabel("passages")
    axes.set_ylabel(unit)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    _save(figure, name)


def _figure(height: float) -> Any:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "pullquote", "svg.fonttype": "none", "font.size": 10})
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(7, height), layout="constrained")


def _save(figure: Any, name: str) -> None:
    PLOTS.mkdir(exist_ok=True)
    figure.savefig(PLOTS / f"{name}.svg", metadata={"Date": None}, facecolor="white")


def plot(name: str, says: str) -> str:
    return f"![{says}](records/plots/{name}.svg)\n"
