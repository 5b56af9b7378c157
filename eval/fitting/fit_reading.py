#!/usr/bin/env python3
"""Fit the models that weigh what the reader says: "reading" in qa/selection/selection.json and confidence.json.

    python eval/fitting/fit_reading.py SQUAD CLAPNQ RAMDOCS [--also FOLDER]... [--indexes DIR] [--pools FILE] [--out FILE] [--write]

Each FOLDER is BEIR-like, with answers. A sentence is right where it is in a relevant article and holds an accepted answer, or is a
sentence of one. Each set counts alike, however many questions it has. Three models are fitted, each also without one set, on which
it is then judged:

    which sentence     McFadden's conditional logit over the sentences put forward for a question
    is it stated       logistic, of the first sentence: the set's own questions against those of other sets, and against those that
                       the set says are not answered by it
    is it right        logistic, of the first sentence of the set's own questions

Whether a question is on topic is judged as without a reader, see fit_answers.py, with a lower threshold.

None of the sets is news, where a sentence that repeats the question's words misleads more than in an encyclopaedia: the evidence that
is an echo of the question (ECHOES) is left to the reader. What only asks, and what is left open, is pushed back by hand: the sets have
hardly any.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import pickle
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures.confidence import auroc, ece
from pullquote.qa.selection.candidates import FEATURES, MOST, READING, Candidates
from pullquote.qa.selection.confidence import ABOUT
from pullquote.qa.selection.confidence import READING as CONFIDENCE
from pullquote.qa.selection.confidence import model as plain
from pullquote.qa.selection.reader import reader

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from logit import conditional_logit
from machine import about, write

ASKED, UNANSWERED, FOREIGN = 1500, 700, 100  # questions of a set, those it does not answer, those of each other set
EACH = 600.0  # what a set's questions weigh together
ECHOES = ("sentence", "present", "rare", "pairs", "length", "new", "mass")
STATED_BY_HAND = {"unmeasured": -3.0}  # of 4,000 questions only some 15 ask for a measure that is not there
BY_HAND = {"asks": -6.0, "open": -1.0, "overtaken": -6.0}
ON_TOPIC = 0.15
LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
FEWEST = 6.0  # questions, times 1 / (1 - level)
CONTRADICTING = ("ramdocs",)  # its articles contradict each other on purpose, and nobody can be sure: `ask` promises nothing there
RISK = 0.05  # that a level does not hold, on questions such as those that it was found with
REFUSED = 0.05  # of the own questions at most, each set counting alike
NAMES = (*FEATURES, *READING)
Floats = Any


@dataclass
class Asked:
    """A question, what was put forward for it, and which of that is right. `kind`: own, unanswered, foreign."""

    kind: str
    evidence: Floats  # (sentences, NAMES)
    right: Floats  # (sentences,)
    size: float
    said: list[tuple[object, ...]]  # by sentence, see `Candidate.said`


def gather(name: str, sets: dict[str, Beir], place: Path) -> list[Asked]:
    chance = random.Random(0)
    questions: list[tuple[str, Any]] = []
    for other, data in sets.items():
        known = data.questions()
        own = [q for q in known if not q.unanswerable]
        odd = [q for q in known if q.unanswerable]
        if other != name:
            questions += [("foreign", q) for q in chance.sample(own, min(FOREIGN, len(own)))]
        else:
            questions += [("own", q) for q in chance.sample(own, min(ASKED, len(own)))]
            questions += [("unanswered", q) for q in chance.sample(odd, min(UNANSWERED, len(odd)))]
    if not place.exists():
        pullquote.add(place, sets[name].articles())
    found = []
    with pullquote.Index.open(place) as index:
        for (kind, question), query in zip(questions, index.queries([q.text for _, q in questions]), strict=True):
            pool = Candidates(index, query, index.rank(query), reader=reader()).weighed
            evidence = np.array([[c.evidence[n] for n in NAMES] for c in pool])
            right = [kind == "own" and c.article.id in question.relevant and holds(c.text, question.answers) for c in pool]
            found.append(Asked(kind, evidence, np.array(right, float), pool[0].size, [c.said for c in pool]))
    return found


def holds(text: str, answers: Sequence[str]) -> bool:
    return any(answer in text or (len(text) > 20 and text in answer) for answer in answers)


def fit_selection(several: Sequence[list[Asked]]) -> Floats:
    useful = [[a for a in some if a.kind == "own" and a.right.any()] for some in several]
    every = [asked for some in useful for asked in some]
    x = np.concatenate([asked.evidence for asked in every])
    x[:, [NAMES.index(name) for name in (*BY_HAND, *ECHOES)]] = 0.0
    right, sizes = np.concatenate([asked.right for asked in every]), np.array([len(asked.right) for asked in every])
    w = conditional_logit(x, right, sizes, np.concatenate([np.full(len(some), min(1.0, EACH / len(some))) for some in useful]))
    for name, value in BY_HAND.items():
        w[NAMES.index(name)] = value
    return w


def first(asked: Asked, w: Floats) -> tuple[dict[str, float], float, float]:
    """The features of the sentence that comes first; whether it is right, and whether one of the first three is."""
    score = asked.evidence @ w
    order = np.argsort(-score, kind="stable")
    best = asked.said[order[0]]
    alike = [i for i in order if i == order[0] or (best and asked.said[i] == best)]
    share = min(float(np.exp(np.logaddexp.reduce(score[alike]) - np.logaddexp.reduce(score))), 1 - 1e-9)
    values = dict(zip(NAMES, asked.evidence[order[0]].tolist(), strict=True))
    values |= {f"most_{name}": float(asked.evidence[:, NAMES.index(name)].max()) for name in (*MOST, "mass")}
    values |= {"odds": math.log(share / (1 - share)), "size": asked.size}
    known = plain().on_topic
    about = known.intercept + sum(c * values[name] for name, c in known.coefficients.items())
    values["about"] = max(-ABOUT, min(ABOUT, about))
    return values, float(asked.right[order[0]]), float(asked.right[order[:3]].any())


@dataclass
class Fitted:
    selection: Floats
    stated: Any
    right: Any
    least_stated: float = 0.0

    def judged(self, some: list[Asked]) -> dict[str, Floats]:
        firsts = [first(asked, self.selection) for asked in some]
        x = {part: np.array([[v[n] for n in names] for v, _, _ in firsts]) for part, names in CONFIDENCE.items()}
        stated, right = self.stated.predict_proba(x["stated"])[:, 1], self.right.predict_proba(x["right"])[:, 1]
        about = np.array([1 / (1 + math.exp(-v["about"])) for v, _, _ in firsts])
        kinds = np.array([asked.kind for asked in some])
        return {
            "stated": np.where(about >= ON_TOPIC, stated, 0.0),
            "sure": about * right,
            "kind": kinds,
            "at1": np.array([r for _, r, _ in firsts]),
            "at3": np.array([r for _, _, r in firsts]),
        }


def fit(sets: dict[str, list[Asked]]) -> Fitted:
    selection = fit_selection(list(sets.values()))
    rows: dict[str, list[tuple[list[float], float, float]]] = {"stated": [], "right": []}
    for some in sets.values():
        counts = {kind: sum(asked.kind == kind for asked in some) for kind in ("own", "unanswered", "foreign")}
        for asked in some:
            values, right, _ = first(asked, selection)
            x = {part: [values[name] for name in names] for part, names in CONFIDENCE.items()}
            weight = {"own": EACH, "foreign": EACH / 2, "unanswered": EACH / 4}[asked.kind] / counts[asked.kind]
            rows["stated"].append((x["stated"], float(asked.kind == "own"), min(weight, 4.0)))
            if asked.kind == "own":
                rows["right"].append((x["right"], right, weight))
    models = {part: logistic(*(np.array([row[i] for row in some]) for i in range(3))) for part, some in rows.items()}
    for name, value in STATED_BY_HAND.items():
        models["stated"].coef_[0, CONFIDENCE["stated"].index(name)] = value
    made = Fitted(selection, models["stated"], models["right"])
    own = [(judged["stated"][judged["kind"] == "own"]) for judged in map(made.judged, sets.values())]
    tried = np.arange(0.001, 1.0, 0.001)
    refused = np.mean([[(values < least).mean() for least in tried] for values in own], axis=0)
    made.least_stated = round(float(tried[refused <= REFUSED].max(initial=0.0)), 4)
    return made


def logistic(x: Floats, label: Floats, weight: Floats) -> Any:
    return LogisticRegression(C=1e3, max_iter=10_000).fit(x, label, sample_weight=weight)


def judge(name: str, model: Fitted, some: list[Asked]) -> dict[str, Any]:
    found = model.judged(some)
    own, kind = found["kind"] == "own", found["kind"]
    refused = found["stated"] < model.least_stated
    figures: dict[str, Any] = {
        "questions": int(own.sum()),
        "answer@1": float(found["at1"][own].mean()),
        "answer@3": float(found["at3"][own].mean()),
        "ece": ece(found["sure"][own], found["at1"][own]),
        "auroc": auroc(found["sure"][own], found["at1"][own] > 0),
        "own_refused": float(refused[own].mean()),
        "foreign_answered": float((~refused[kind == "foreign"]).mean()),
    }
    if (odd := kind == "unanswered").any():
        figures |= {
            "unanswered_refused": float(refused[odd].mean()),
            "unanswered_auroc": auroc(found["stated"][own | odd], own[own | odd]),
            "auroc_of_all": auroc(found["sure"][own | odd], found["at1"][own | odd] > 0),
        }
    print(f"{name:<44}", {key: round(value, 4) for key, value in figures.items()}, flush=True)
    return figures


def least_sure(several: Sequence[tuple[Floats, Floats]], level: float) -> tuple[float, float] | None:
    """The least confidence from which at least a share `level` of the first quotes is right, and the share of questions it covers.

    several  of each set its confidences and whether each first quote was right, by models that were fitted without that set

    Thresholds are tried from the surest down, each set counting alike, as long as the upper bound of the share of wrong quotes
    (Clopper and Pearson 1934, of the sets' effective number of questions) is small enough: fixed sequence testing, which keeps the
    bound for all of them at once (Angelopoulos et al. 2021, Learn then Test). It begins where there are questions enough for the
    bound to hold with one in twenty of what is allowed wrong. None where not even the surest are right often enough.
    """
    weight = np.concatenate([np.full(len(sure), 1 / len(sure)) for sure, _ in several])
    sure, right = (np.concatenate([some[i] for some in several]) for i in (0, 1))
    found = None
    for threshold in np.arange(0.995, 0.0, -0.005):
        given = sure >= threshold
        w = weight[given]
        size = w.sum() ** 2 / (w**2).sum() if len(w) else 0.0
        if size < FEWEST / (1 - level):
            continue
        wrong = float((w * (1 - right[given])).sum() / w.sum()) * size
        if beta.ppf(1 - RISK, wrong + 1, max(size - wrong, 1e-9)) > 1 - level:
            break
        found = round(float(threshold), 3), round(float(w.sum() / weight.sum()), 3)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--also", type=Path, action="append", default=[], help="judged only")
    parser.add_argument("--indexes", type=Path, default=Path(), help="where the indexes are, or are built")
    parser.add_argument("--pools", type=Path, help="a file to keep what was read in, or to take it from")
    parser.add_argument("--out", type=Path, help="where the figures go")
    parser.add_argument("--write", action="store_true", help="write qa/selection/selection.json and confidence.json")
    arguments = parser.parse_args()
    sets = {f.resolve().name: Beir(f) for f in (*arguments.folders, *arguments.also)}
    fitted = [f.resolve().name for f in arguments.folders]
    if arguments.pools and arguments.pools.exists():
        pools: dict[str, list[Asked]] = pickle.loads(arguments.pools.read_bytes())
    else:
        pools = {name: gather(name, sets, arguments.indexes / f"{name}.pq") for name in sets}
        if arguments.pools:
            arguments.pools.write_bytes(pickle.dumps(pools))
    found, left_out = {}, []
    for name in fitted:
        without = fit({n: pools[n] for n in fitted if n != name})
        found[f"{name}, left out"] = judge(f"{name}, left out", without, pools[name])
        judged = without.judged(pools[name])
        own = judged["kind"] == "own"
        if name not in CONTRADICTING:
            left_out.append((judged["sure"][own], judged["at1"][own]))
    levels = {level: least_sure(left_out, level) for level in LEVELS}
    print("sure", levels, flush=True)
    model = fit({name: pools[name] for name in fitted})
    for name, some in pools.items():
        found[f"{name}, as it ships"] = judge(f"{name}, as it ships", model, some)
    made = {"made_by": "eval/fitting/fit_reading.py", "date": datetime.date.today().isoformat(), "data": sorted(fitted)}
    fitted_to: Any = np.round(model.selection, 4).tolist()
    selection = dict(zip(NAMES, fitted_to, strict=True))
    selection = {name: value for name, value in selection.items() if name not in ECHOES}
    confidence = {
        part: {
            "intercept": round(float(m.intercept_[0]), 4),
            "coefficients": dict(zip(CONFIDENCE[part], np.round(m.coef_[0], 4).tolist(), strict=True)),
        }
        for part, m in (("stated", model.stated), ("right", model.right))
    } | {
        "threshold": ON_TOPIC,
        "least_stated": model.least_stated,
        "sure": [[level, *reached] for level, reached in levels.items() if reached is not None],
    }
    write({**about(), "judged": found, "selection": selection, "confidence": confidence}, arguments.out)
    if arguments.write:
        for name, record in (("selection", selection), ("confidence", confidence)):
            path = Path(__file__).parents[2] / "qa" / "selection" / f"{name}.json"
            known = json.loads(path.read_text("utf-8"))
            path.write_text(json.dumps({**known, "reading": record, "reading_made": made}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
