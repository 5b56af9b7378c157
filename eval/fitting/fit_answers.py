#!/usr/bin/env python3
"""Fit qa/selection/selection.json and confidence.json: which sentence answers, and how sure that is, without the reader.

    python eval/fitting/fit_answers.py FOLDER [--topic FOLDER]... [--also FOLDER]... [--indexes DIR] [--out FILE] [--write]

Each FOLDER is BEIR-like, with answers. A sentence is right where it is in a relevant article and holds an accepted answer. The
selection is McFadden's conditional logit (the odds of a sentence among those put forward for its question), by L-BFGS on
standardised evidence with a ridge, fitted on all sets. Whether a question is on topic is fitted on FOLDER and the --topic sets: on
the index of each its own questions are on topic, those of the other sets are not; the same is asked of a few articles drawn at
random, since a chance neighbour is closer the more there are. Whether a quote is right is fitted on the first quotes of FOLDER's
own questions. The threshold, of being on topic, is the one that refuses REFUSED of these.

First all of it is judged on what it was not fitted on: FOLDER's articles in two halves by title, fitted on one, reported on the
other, and the reverse; and each other set by the models of the rest.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures.confidence import aurc, auroc, ece
from pullquote.eval.questions import Question
from pullquote.qa.selection.candidates import FEATURES, MOST, Candidates
from pullquote.qa.selection.confidence import FEATURES as CONFIDENCE

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from logit import conditional_logit
from machine import about, write

ASKED = 1000  # about so many questions of a set are asked of another's index, or of few articles
SIZES = (10, 100)  # articles, beside all of them
REFUSED = 0.028  # of the answerable questions, at the threshold
FOREIGN = 0.6  # what foreign questions weigh, of all
MAIN = 10  # what FOLDER weighs beside a --topic set
QUOTES = 3

Floats = Any


@dataclass(frozen=True)
class Pools:
    """The sentences put forward for some questions, question after question. `own`: asked of their own set's articles."""

    evidence: Floats  # (sentences, FEATURES)
    right: Floats  # (sentences,)
    starts: Floats  # (questions,): the first sentence of each
    own: Floats  # (questions,) bool
    size: Floats  # (questions,): log10 of the sentences searched
    titles: Floats  # (questions,): of the first relevant article; of a foreign question, its set
    adversarial: Floats  # (questions,) bool: its own articles are about the matter, but do not answer it

    @property
    def ends(self) -> Floats:
        return np.append(self.starts, len(self.right))[1:]

    def chosen(self, mask: Floats) -> Pools:
        pairs = zip(self.starts, self.ends, mask, strict=True)
        rows = np.concatenate([np.zeros(0, int), *(np.arange(a, b) for a, b, m in pairs if m)]).astype(int)
        sizes = (self.ends - self.starts)[mask]
        few = (self.own, self.size, self.titles, self.adversarial)
        return Pools(self.evidence[rows], self.right[rows], np.cumsum(sizes) - sizes, *(values[mask] for values in few))


@dataclass(frozen=True)
class Fitted:
    selection: Floats
    on_topic: Any
    right: Any
    threshold: float

    def sure(self, pools: Pools) -> tuple[Floats, Floats, Floats]:
        """The probability that the first quote is on topic, (questions,); of the first quotes, (questions, QUOTES), the
        confidence of each and whether it is right, nan where there are fewer.
        """
        order, odds = ranked(pools, self.selection)
        topical, (sure, right) = np.zeros(len(order)), (np.full((len(order), QUOTES), np.nan) for _ in range(2))
        for q, rows in enumerate(order):
            few = rows[:QUOTES]
            x = features(pools, q, few, odds[few])
            on_topic = self.on_topic.predict_proba(x["on_topic"])[:, 1]
            topical[q] = on_topic[0]
            sure[q, : len(few)] = on_topic * self.right.predict_proba(x["right"])[:, 1]
            right[q, : len(few)] = pools.right[few]
        return topical, sure, right


def gather(name: str, sets: dict[str, Beir], place: Path) -> list[Pools]:
    """All of the set's questions asked of all of its articles, and for each size of corpus a sample, with those of the
    other sets.
    """
    pullquote.add(place, sets[name].articles())
    questions = {other: data.questions() for other, data in sets.items()}
    with pullquote.Index.open(place) as index:
        ids = [article.id for article in sets[name].articles()]
        mine = [("", q) for q in questions[name] if not q.unanswerable]
        odd = [("", q) for q in thinned([q for q in questions[name] if q.unanswerable])]
        foreign = [(n, q) for n, some in questions.items() if n != name for q in thinned([q for q in some if not q.unanswerable])]
        whole, few = [*mine, *odd, *foreign], [*thinned(mine), *foreign]
        return [asked(index, whole, ids, None), *(asked(index, few, ids, size) for size in SIZES if size < len(ids))]


def thinned(questions: list[Any]) -> list[Any]:
    return questions[:: max(1, len(questions) // ASKED)]


def asked(index: pullquote.Index, questions: list[tuple[str, Question]], ids: list[str], size: int | None) -> Pools:
    """Over `size` articles drawn at random, a question's own among them; over all where `size` is None. With each foreign question
    stands its set.
    """
    draw = random.Random(size)
    evidence: list[list[float]] = []
    right: list[float] = []
    starts, sizes, titles = [], [], []
    for (foreign, question), query in zip(questions, index.queries([q.text for _, q in questions]), strict=True):
        where = None
        if size is not None:
            kept = list(question.relevant)[:size] if not foreign else []
            where = pullquote.Filter.of(articles=[*kept, *draw.sample(ids, size - len(kept))])
        starts.append(len(right))
        titles.append(foreign or (index.article(min(question.relevant)).title if question.relevant else ""))
        pool = Candidates(index, query, index.rank(query, where)).weighed
        sizes.append(pool[0].size)
        for candidate in pool:
            evidence.append([candidate.evidence[name] for name in FEATURES])
            mine = not foreign and not question.unanswerable and candidate.article.id in question.relevant
            right.append(float(mine and any(a in candidate.text for a in question.answers)))
    owned = np.array([not foreign for foreign, _ in questions])
    adversarial = np.array([not foreign and q.unanswerable for foreign, q in questions])
    lists: Any = (evidence, right, starts, owned, sizes, titles, adversarial)
    return Pools(*map(np.array, lists))


def fit_selection(several: Sequence[Pools]) -> Floats:
    """The coefficients, per unit of each kind of evidence, from the questions with a right sentence among those put forward."""
    useful = [p.chosen((np.maximum.reduceat(p.right, p.starts) > 0) & p.own) for p in several]
    evidence, right = (np.concatenate([getattr(p, name) for p in useful]) for name in ("evidence", "right"))
    return conditional_logit(evidence, right, np.concatenate([p.ends - p.starts for p in useful]))


def ranked(pools: Pools, w: Floats) -> tuple[list[Floats], Floats]:
    """Per question the rows of its sentences, best first; and each sentence's odds, as in `select.Candidates`."""
    score = pools.evidence @ w
    question = np.repeat(np.arange(len(pools.starts)), pools.ends - pools.starts)
    e = np.exp(score - np.maximum.reduceat(score, pools.starts)[question])
    share = np.clip(e / np.add.reduceat(e, pools.starts)[question], 1e-12, 1 - 1e-9)
    order = [a + np.argsort(-score[a:b], kind="stable") for a, b in zip(pools.starts, pools.ends, strict=True)]
    return order, np.log(share / (1 - share))


def features(pools: Pools, question: int, rows: Floats, odds: Floats) -> dict[str, Floats]:
    values = dict(zip(FEATURES, pools.evidence[rows].T, strict=True))
    every = slice(pools.starts[question], pools.ends[question])
    of_question = {f"most_{name}": pools.evidence[every, FEATURES.index(name)].max() for name in MOST}
    values |= {"odds": odds, "size": np.full(len(rows), pools.size[question])}
    values |= {name: np.full(len(rows), value) for name, value in of_question.items()}
    return {name: np.stack([values[feature] for feature in some], axis=1) for name, some in CONFIDENCE.items()}


def fit(sets: dict[str, list[Pools]], topic: Sequence[str], right: str) -> Fitted:
    """From all `sets` the selection; whether a question is on topic from some of them, whether a quote is right from one."""
    selection = fit_selection([pools[0] for pools in sets.values()])
    on_topic: list[Any] = []
    is_right: list[Any] = []
    for name in topic:
        for pools in (p.chosen(~p.adversarial) for p in sets[name]):
            order, odds = ranked(pools, selection)
            counts = {True: pools.own.sum(), False: (~pools.own).sum()}
            for q, rows in enumerate(order):
                own, few = bool(pools.own[q]), rows[:QUOTES]
                x = features(pools, q, few, odds[few])
                share = (FOREIGN if not own else 1 - FOREIGN) * (MAIN if name == right else 1)
                on_topic.append((x["on_topic"][0], own, share / counts[own]))
                if own and name == right:
                    is_right.append((x["right"][0], pools.right[few[0]], 1 / counts[own]))
    models = [logistic(*(np.array(c) for c in zip(*rows, strict=True))) for rows in (on_topic, is_right)]
    unbound = Fitted(selection, models[0], models[1], 0.0)
    whole = sets[right][0]
    topical = np.sort(unbound.sure(whole.chosen(whole.own & ~whole.adversarial))[0])
    return Fitted(selection, models[0], models[1], round(float(topical[int(REFUSED * len(topical))]), 4))


def logistic(x: Floats, label: Floats, weight: Floats) -> Any:
    return LogisticRegression(C=1e4, max_iter=5000).fit(x, label, sample_weight=weight * len(x) / weight.sum())


def judge(name: str, model: Fitted, pools: Pools) -> dict[str, Any]:
    (topical, sure, right), own, odd = model.sure(pools), pools.own & ~pools.adversarial, pools.adversarial
    best = sure[:, 0]
    quotes = ~np.isnan(sure[own])
    found: dict[str, Any] = {
        "questions": int(own.sum()),
        "sentences": round(10 ** float(np.median(pools.size))),
        "answer@1": float(right[own, 0].mean()),
        "answer@3": float(np.nanmax(right[own], axis=1).mean()),
        "mean_confidence": float(best[own].mean()),
        "ece": ece(best[own], right[own, 0]),
        "ece_of_all_quotes": ece(sure[own][quotes], right[own][quotes]),
        "aurc": aurc(best[own], right[own, 0]),
        "own_refused": float(np.mean(topical[own] < model.threshold)),
    }
    for other in sorted(set(pools.titles[~pools.own])):
        foreign = ~pools.own & (pools.titles == other)
        found |= {
            f"foreign, {other}": int(foreign.sum()),
            f"auroc, {other}": auroc(best[own | foreign], pools.own[own | foreign]),
            f"answered, {other}": float(np.mean(topical[foreign] >= model.threshold)),
        }
    if odd.any():
        found |= {"adversarial": int(odd.sum()), "adversarial_refused": float(np.mean(topical[odd] < model.threshold))}
    print(f"{name:<40}", {k: round(v, 4) for k, v in found.items()}, flush=True)
    return found


def judged(sets: dict[str, list[Pools]], topic: Sequence[str], right: str) -> dict[str, Any]:
    found = {}
    for name in sets:
        others = {n: pools for n, pools in sets.items() if n != name}
        if name != right:
            model = fit(others, [n for n in topic if n != name], right)
            found[f"{name}, fitted on the other sets"] = judge(f"{name}, by the others", model, sets[name][0])
    whole = sets[right][0]
    titles = sorted(set(whole.titles[whole.own]))
    for number in (0, 1):
        mine = titles[number::2]

        def half(pools: Pools, here: bool, mine: list[str] = mine, number: int = number) -> Pools:
            own = np.isin(pools.titles, mine) == here
            return pools.chosen(np.where(pools.own, own, (np.arange(len(pools.own)) % 2 == number) == here))

        model = fit({right: [half(pools, True) for pools in sets[right]]}, [right], right)
        found[f"{right}, half {number + 1}, fitted on the other half"] = judge(f"{right}, half", model, half(whole, False))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--topic", type=Path, action="append", default=[])
    parser.add_argument("--also", type=Path, action="append", default=[])
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the indexes are, or are built")
    parser.add_argument("--out", type=Path, help="where the figures go")
    parser.add_argument("--write", action="store_true", help="write qa/selection/selection.json and confidence.json")
    arguments = parser.parse_args()
    sets = {f.resolve().name: Beir(f) for f in (arguments.folder, *arguments.topic, *arguments.also)}
    right, topic = arguments.folder.resolve().name, [f.resolve().name for f in (arguments.folder, *arguments.topic)]
    pools = {name: gather(name, sets, arguments.indexes / f"{name}.pq") for name in sets}
    found = judged(pools, topic, right)
    model = fit(pools, topic, right)
    for name, some in pools.items():
        for number, one in enumerate(some):
            found[f"{name}, {('all', *SIZES)[number]} articles, as it ships"] = judge(f"{name}, as it ships", model, one)
    made = {"made_by": "eval/fitting/fit_answers.py", "date": datetime.date.today().isoformat()}
    chosen: Any = np.round(model.selection, 4).tolist()
    selection = {**made, "data": sorted(sets), "coefficients": dict(zip(FEATURES, chosen, strict=True))}
    parts = {name: getattr(model, name) for name in CONFIDENCE}
    logits = {
        name: {
            "intercept": round(float(m.intercept_[0]), 4),
            "coefficients": dict(zip(CONFIDENCE[name], np.round(m.coef_[0], 4).tolist(), strict=True)),
        }
        for name, m in parts.items()
    }
    confidence = {**made, "data": {"on_topic": sorted(topic), "right": [right]}, **logits, "threshold": model.threshold}
    write({**about(), "judged": found, "selection": selection, "confidence": confidence}, arguments.out)
    if arguments.write:
        for name, record in (("selection", selection), ("confidence", confidence)):
            path = Path(__file__).parents[2] / "qa" / "selection" / f"{name}.json"
            path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **record}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
