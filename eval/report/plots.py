"""The plots of a report, as SVG that takes the page's colours."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

_COLOURS = ("#ea580c", "#3b82f6", "#16a34a", "#a855f7", "#b7791f", "#0891b2")  # seen on white and on black
_INK = "#010203"  # becomes the page's own


class Plots:
    """Draws with matplotlib. Raises ModuleNotFoundError without it."""

    def __init__(self) -> None:
        import platformdirs

        os.environ.setdefault("MPLCONFIGDIR", str(platformdirs.user_cache_path("pullquote") / "matplotlib"))  # its list of fonts
        import matplotlib as mpl

        mpl.use("svg")
        ink: tuple[Any, ...] = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
        mpl.rcParams.update(dict.fromkeys(ink, _INK))
        mpl.rcParams.update(
            {
                "svg.hashsalt": "pullquote",
                "svg.fonttype": "none",
                "text.parse_math": False,
                "font.size": 10,
                "font.family": "sans-serif",
            }
        )

    def types(self, runs: Mapping[str, Mapping[str, tuple[float, int]]]) -> str:
        """A bar per question type, and run."""
        names = list(dict.fromkeys(name for run in runs.values() for name in run))
        figure, axes = _figure(0.9 + 0.28 * len(names) * max(1, 0.7 * len(runs)))
        height = 0.8 / len(runs)
        for number, (label, run) in enumerate(runs.items()):
            places = [n + number * height for n in range(len(names))]
            bars = axes.barh(places, [run.get(name, (0.0, 0))[0] for name in names], height, color=_colour(number), label=label)
            axes.bar_label(bars, [f" {run[name][0]:.2f} ({run[name][1]})" if name in run else "" for name in names], fontsize=8)
        axes.set_yticks([n + 0.4 - height / 2 for n in range(len(names))], names)
        axes.invert_yaxis()
        axes.set_xlim(0, 1.15)
        axes.set_xlabel("share answered rightly, or rightly not")
        return _svg(figure, axes, len(runs), "Bars of the share answered rightly, by kind of question")

    def recall(self, runs: Mapping[str, Sequence[float]]) -> str:
        """Recall of articles by depth."""
        figure, axes = _figure(3.0)
        for number, (label, values) in enumerate(runs.items()):
            axes.plot(range(1, len(values) + 1), values, color=_colour(number), label=label, marker=".")
        axes.set(xlabel="depth of the ranking", ylabel="recall of articles", ylim=(0, 1.02))
        axes.xaxis.get_major_locator().set_params(integer=True)
        return _svg(figure, axes, len(runs), "A line of recall over the depth of the ranking")

    def reliability(self, runs: Mapping[str, tuple[Any, Any, Any]]) -> str:
        """Share of right first quotes over confidence; the size of a dot tells how many there are."""
        figure, axes = _figure(3.4)
        axes.plot([0, 1], [0, 1], color=_INK, linewidth=0.8, linestyle=":")
        for number, (label, (count, sure, right)) in enumerate(runs.items()):
            some = count > 0
            axes.plot(sure[some], right[some], color=_colour(number), label=label)
            axes.scatter(sure[some], right[some], 10 + 200 * count[some] / max(1, count.max()), color=_colour(number), alpha=0.6)
        axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1.02))
        return _svg(figure, axes, len(runs), "A line of the share that is right over confidence")

    def risk(self, runs: Mapping[str, tuple[Any, Any]]) -> str:
        """The share of wrong answers over the share of questions answered, the surest first."""
        figure, axes = _figure(3.0)
        for number, (label, (coverage, risk)) in enumerate(runs.items()):
            step = max(1, len(coverage) // 400)
            axes.plot(coverage[::step], risk[::step], color=_colour(number), label=label)
        axes.set(xlabel="share of the questions answered", ylabel="share that is wrong", xlim=(0, 1), ylim=(0, None))
        return _svg(figure, axes, len(runs), "A line of the share that is wrong over the share answered")

    def latency(self, runs: Mapping[str, Sequence[float]]) -> str:
        """How long questions took."""
        figure, axes = _figure(2.6)
        most = max((sorted(values)[int(0.99 * (len(values) - 1))] for values in runs.values() if values), default=1.0)
        for number, (label, values) in enumerate(runs.items()):
            axes.hist(values, bins=40, range=(0, most or 1.0), histtype="step", color=_colour(number), label=label)
        axes.set(xlabel="milliseconds (the slowest 1 % left out)", ylabel="questions")
        return _svg(figure, axes, len(runs), "A histogram of the milliseconds that questions took")


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _figure(height: float) -> Any:
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(6.4, height), layout="constrained")


def _svg(figure: Any, axes: Any, runs: int, label: str) -> str:
    from matplotlib import pyplot

    axes.spines[["top", "right"]].set_visible(False)
    if runs > 1:
        axes.legend(frameon=False, fontsize=8)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None}, transparent=True)
    pyplot.close(figure)
    svg = out.getvalue()[out.getvalue().index("<svg") :]
    svg = re.sub(r' width="[\d.]+pt"', "", re.sub(r' height="[\d.]+pt"', "", svg, count=1), count=1)
    return svg.replace(_INK, "currentColor").replace(
        "<svg", f'<svg role="img" aria-label="{label}; its numbers are in the table"', 1
    )
