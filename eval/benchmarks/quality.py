#!/usr/bin/env python3
"""Ranking and answers on a BEIR-like folder, through the real Index and ask.

    python eval/benchmarks/quality.py FOLDER [--index DIR] [--questions N]

Prints hit@1, R@5, R@10, RR@10 and nDCG@10 over articles; where the set has answers, how often an accepted answer string is
inside the first quote and inside one of the first three (in a relevant article only; a refusal counts as a miss); how many of the
answerable questions were refused, and how many of the unanswerable ones. The index is built in --index once and used again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pullquote
from pullquote.eval.importers.beir import Beir
from pullquote.eval.measures import hit_at, ndcg_at, recall_at, reciprocal_rank
from pullquote.eval.questions import Question
from pullquote.eval.runner import ranked_articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--index", type=Path, help="default: .pullquote-NAME in the folder you are in")
    parser.add_argument("--questions", type=int, default=0, help="only every n-th, so that about this many are asked")
    arguments = parser.parse_args()
    data = Beir(arguments.folder)
    folder = arguments.index or Path(f".pullquote-{arguments.folder.resolve().name}")
    begun = time.perf_counter()
    added = pullquote.add(folder, data.articles())
    print(f"{added.articles} articles, {added.passages} passages, {added.sentences} sentences: {time.perf_counter() - begun:.1f} s")
    questions = data.questions()
    if arguments.questions and len(questions) > arguments.questions:
        questions = questions[:: len(questions) // arguments.questions]
    with pullquote.Index.open(folder) as index:
        report(index, questions)


def report(index: pullquote.Index, questions: list[Question]) -> None:
    answerable = [q for q in questions if not q.unanswerable]
    rows, first, three, refused, times = [], 0, 0, 0, []
    for question in answerable:
        begun = time.perf_counter()
        answer = pullquote.ask(index, question.text)
        times.append(time.perf_counter() - begun)
        ranking = ranked_articles(index, question.text)
        rows.append([
            hit_at(ranking, question.relevant, 1), recall_at(ranking, question.relevant, 5),
            recall_at(ranking, question.relevant, 10), reciprocal_rank(ranking, question.relevant, 10),
            ndcg_at(ranking, question.relevant, 10),
        ])  # fmt: skip
        good = [q.article_id in question.relevant and any(a in q.text for a in question.answers) for q in answer.quotes]
        first, three, refused = first + any(good[:1]), three + any(good[:3]), refused + (not good)
    n = len(answerable)
    names = ("hit@1", "R@5", "R@10", "RR@10", "nDCG@10")
    print("  ".join(f"{name} {sum(c) / n:.4f}" for name, c in zip(names, zip(*rows, strict=True), strict=True)), f"({n} questions)")
    if any(q.answers for q in answerable):
        print(f"answer in the first quote {first / n:.4f}, in the first three {three / n:.4f}")
    print(f"answerable refused {refused / n:.4f} ({n})")
    if others := [q for q in questions if q.unanswerable]:
        said_no = sum(pullquote.ask(index, q.text).status == "no_answer" for q in others)
        print(f"unanswerable refused {said_no / len(others):.4f} ({len(others)})")
    times.sort()
    print(f"ask, warm: median {1000 * times[n // 2]:.1f} ms, 95th percentile {1000 * times[int(0.95 * n)]:.1f} ms")


if __name__ == "__main__":
    main()
