"""Makes README.md of this folder, and its plots, from the records.

pip install -e ".[bench]" && python eval/benchmarks/page.py
"""

from __future__ import annotations

from pathlib import Path

from beyond import extractive, remote_same, remote_size
from checked import altered, chance, sides, trace
from drawing import RECORDS, about, bars, lines, plot, record, table

HERE = Path(__file__).resolve().parent
HYBRID = ("LangChain", "txtai", "Haystack")
_HOW = {"LangChain": " (in threads)", "Haystack": " (one by one)"}


def peers() -> str:
    found = record("peers")
    cold, warm, build = found["cold"], found["warm"], found["build"]
    rows = [
        [name, f"{run['median_s']:.2f} s", f"{run['median_s'] / cold['pullquote ask']['median_s']:.1f}", f"{run['rss_mb']:.0f} MB"]
        for name, run in cold.items()
    ]
    bars("cold", "One question in a process of its own (s)", {n: run["median_s"] for n, run in cold.items()}, "s")
    both = ("pullquote", "pullquote ask", *HYBRID)
    bars("warm", "A question in a process that goes on, median (ms)", {n: warm[n]["median_ms"] for n in both}, "ms")
    many = {name: run for name, run in warm.items() if "many_ms" in run}
    bars("many", "One of many questions in one call (ms)", {n: run["many_ms"] for n, run in many.items()}, "ms")
    warm_rows = [
        [
            name,
            f"{run['median_ms']:.2f} ms",
            f"{run['p95_ms']:.2f} ms",
            f"{run['many_ms']:.2f} ms{_HOW.get(name, '')}" if "many_ms" in run else "",
            f"{run['ndcg@10']:.3f}" if "ndcg@10" in run else "",
            f"{run['rss_mb']:.0f} MB",
        ]
        for name, run in warm.items()
    ]
    versions = ", ".join(f"{name} {number}" for name, number in found["peers"].items())
    build_rows = [
        [name, f"{run['seconds']:.1f} s", f"{run['bytes'] / 1e6:.0f} MB" if "bytes" in run else "", f"{run['rss_mb']:.0f} MB"]
        for name, run in build.items()
    ]
    return "\n".join([
        "## Beside its peers\n",
        f"`peers.py` on {found['data']}: {found['paragraphs']:,} paragraphs, {found['questions']} questions, the same MiniLM weights "
        f"for all. {about(found)}Peers: {versions}.\n",
        plot("cold", "wall time of a cold question"),
        table(["one question, a process of its own", "wall time", "to `pullquote ask`", "memory"], rows),
        plot("warm", "time of a warm question"),
        plot("many", "time of a question among many"),
        table(["in a process that goes on", "median", "95th percentile", "of many", "nDCG@10", "memory"], warm_rows),
        table(["build", "time", "disk", "memory"], build_rows),
        "pullquote embeds every sentence, the others every paragraph; its weights were chosen on this set, the peers run with their own "
        "defaults. Builds ran once each (pullquote's and the last line three times, in turns: the median), the encoder's ONNX form made "
        "before. The last line embeds pullquote's sentences in sentence-transformers and adds them to a FAISS index, without the time "
        "to load.\n",
    ])  # fmt: skip


def growth() -> str:
    found = record("growth")
    sizes = {int(size): run for size, run in found["sizes"].items()}
    lexical = {"pullquote, three levels": {n: run["lexical_ms"]["median"] for n, run in sizes.items()}}
    names = list(next(iter(sizes.values()))["peers"])
    for name in names:
        lexical[name] = {n: run["peers"][name]["lexical_ms"]["median"] for n, run in sizes.items()}
    lines("growth-lexical", "A lexical search, median", lexical, "ms")
    ours = {
        "pullquote, hybrid, warm": {n: run["hybrid_ms"]["median"] for n, run in sizes.items()},
        "pullquote, lexical, cold": {n: 1000 * run["cold_lexical_s"]["median"] for n, run in sizes.items()},
        "pullquote, opening": {n: run["open_ms"] for n, run in sizes.items()},
    }
    lines("growth-ours", "Opening, cold and warm searches", ours, "ms")
    rows = [
        [
            f"{n:,}",
            f"{run['sentences']:,}",
            f"{run['segments']}",
            f"{run['open_ms']:.0f} ms",
            f"{run['cold_lexical_s']['median']:.2f} / {run['from_disk_s']['median']:.2f} s",
            f"{run['lexical_ms']['median']:.1f} / {run['lexical_ms']['p95']:.1f} ms",
            f"{run['hybrid_ms']['median']:.1f} / {run['hybrid_ms']['p95']:.1f} ms",
            f"{run['recall_of_the_final_ten']:.3f}",
        ]
        for n, run in sizes.items()
    ]
    peer_rows = [
        [f"{n:,}", f"{run['lexical_ms']['median']:.1f} ms", *(f"{p['lexical_ms']['median']:.1f} ms" for p in run["peers"].values())]
        for n, run in sizes.items()
    ]
    built = [
        [
            f"{n:,}",
            f"{run['build_s']:,.0f} s",
            f"{run['build_rss_anon_mb']:,.0f} MB",
            f"{run['predicted']['build_rss_anon_mb']:,.0f} MB",
            f"{run['bytes'] / 1e9:.2f} GB",
            f"{run['predicted']['bytes'] / 1e9:.2f} GB",
            f"{run['bytes_at_most'] / 1e9:.2f} GB",
        ]
        for n, run in sizes.items()
    ]
    return "\n".join([
        "## As it grows\n",
        "`growth.py`: synthetic articles of ten passages and forty sentences, words by Zipf's law, random unit vectors of 384 dimensions; "
        f"{found['questions']} questions of six words out of one sentence each. {about(found)}",
        plot("growth-lexical", "lexical search as the index grows"),
        plot("growth-ours", "opening and searching as the index grows"),
        table(
            ["passages", "sentences", "segments", "opening", "cold `search --lexical`, in the page cache / on the disk", "lexical, median / p95", "hybrid, median / p95", "recall of the final ten"],
            rows,
        ),
        table(["lexical search, warm, median", "pullquote", *names], peer_rows),
        "pullquote searches articles, passages and sentences, and says where each score came from; the others search passages, bm25s at three levels all of these.\n",
        table(["build", "time", "memory", "by the formula", "disk", "by the formula", "disk while it is written"], built),
        "The formula is that of `pullquote plan` (`index/upkeep/estimate.py`). Memory is what no file backs; the embedding is left out, and the encoder's "
        "memory with it.\n",
    ])  # fmt: skip


def encoders() -> str:
    found = record("encoders")
    forms = [
        [
            name,
            f"{f['sentence_ms']:.2f} ms",
            f"{f['smallest_cosine_to_fp32']:.4f}",
            f"{f['mean_cosine_to_fp32']:.4f}",
            f"{f['bytes'] / 1e6:.0f} MB",
        ]
        for name, f in found["forms"].items()
    ]
    search = [[name, f"{s['ndcg@10']:.4f}", f"{s['question_ms']:.2f} ms"] for name, s in found["search"].items()]
    return "\n".join([
        "## Single precision or 8 bits\n",
        f"`encoders.py` on {found['data']}. {about(found)}",
        table(["form", "per sentence, two cores", "smallest cosine to fp32", "mean", "size"], forms),
        table(["search", "nDCG@10", "question"], search),
    ])  # fmt: skip


def nearest() -> str:
    found = record("nearest")
    rows = [
        [
            f"{int(size):,} {kind}",
            name,
            r["effort"],
            f"{r['recall']:.3f}",
            f"{r['median_ms']:.2f} ms",
            f"{r['build_s']:.1f} s",
            f"{r['bytes_per_vector']:.0f}",
        ]
        for size, by_kind in found["sizes"].items()
        for kind, by_name in by_kind.items()
        for name, r in by_name.items()
    ]
    return "\n".join([
        "## Which FAISS index\n",
        f"`nearest.py`: the least effort at which {found['recall_wanted']:.0%} of the ten nearest are found, the candidates compared again "
        f"by their own vectors. {about(found)}",
        table(["vectors", "index", "effort", "recall@10", "median", "build", "bytes per vector"], rows),
    ])  # fmt: skip


def updates() -> str:
    found = record("updates")
    rows = [
        [name, f"{1000 * run['mean_s']:.0f} ms", f"{1000 * run['max_s']:.0f} ms", f"1 / {run['rebuild_to_mean']:,.0f}"]
        for name, run in found["changes"].items()
    ]
    return "\n".join([
        "## Small changes\n",
        f"`updates.py`: in an index of {found['passages']:,} passages; building it anew from what is stored took {found['rebuild_s']:.0f} s. "
        f"{found['machine']}; {found['date']}.\n",
        table(["change", "mean", "largest", "of a rebuild"], rows),
    ])  # fmt: skip


def answers() -> str:
    found = record("answers")
    rows = [
        [
            name,
            f"{r['questions']:,}",
            f"{r['answer@1']:.3f} / {r['answer@3']:.3f}",
            f"{r['ece']:.3f}",
            f"{r['own_refused']:.1%}",
            "; ".join(
                f"{key[10:]} {r['auroc, ' + key[10:]]:.4f}, {value:.1%}" for key, value in r.items() if key.startswith("answered, ")
            ),
            f"{r['adversarial_refused']:.1%}" if "adversarial" in r else "",
        ]
        for name, r in found["judged"].items()
        if "articles, as it ships" not in name or ", all articles" in name
    ]
    return "\n".join([
        "## Which sentence answers, and how sure that is\n",
        "`eval/fitting/fit_answers.py` makes what weighs the evidence without the reader (`--quick`). An accepted answer in the first quote, and in one of the first "
        f"three; the calibration error of the first quotes (10 bins); answerable questions refused; by set of off-topic questions, how well "
        f"confidence tells them from its own (AUROC), and how many are answered; SQuAD's adversarial questions refused. {about(found)}",
        table(["articles of", "questions", "answer@1 / @3", "ECE", "refused", "off topic: AUROC, answered", "adversarial refused"], rows),
    ])  # fmt: skip


def reading() -> str:
    found, cost = record("reading"), record("cost")
    rows = [
        [name, f"{r['questions']:,}", f"{r['answer@1']:.3f} / {r['answer@3']:.3f}", f"{r['ece']:.3f}", f"{r['auroc']:.3f}",
         f"{r['own_refused']:.1%}", f"{r['foreign_answered']:.1%}", f"{r['unanswered_refused']:.1%}" if "unanswered_refused" in r else ""]
        for name, r in found["judged"].items()
    ]  # fmt: skip
    warm, cold = cost["warm"], cost["cold"]
    return "\n".join([
        "## What the reader adds, and what it costs\n",
        "`eval/fitting/fit_reading.py` makes what weighs the reader's evidence. An accepted answer in the first quote, and in one of the first three, "
        "before anything is refused; of the confidence of the first quotes the calibration error (10 bins), and how well it tells the right "
        "ones from the others (AUROC); own questions refused, those of other sets answered, those that the set says are not answered refused. "
        f"{about(found)}",
        table(["articles of", "questions", "answer@1 / @3", "ECE", "AUROC", "refused", "off topic answered", "unanswered refused"], rows),
        f"`eval/fitting/cost.py`, {cost['questions']} questions. {about(cost)}",
        table(
            ["", "with the reader", "`--quick`"],
            [
                ["in a process that goes on, median", f"{warm['ask_ms']:.1f} ms", f"{warm['quick_ms']:.1f} ms"],
                ["the same, in encodings of the question", f"{warm['ask_to_encode']:.0f}", f"{warm['quick_ms'] / warm['encode_ms']:.1f}"],
                ["a process of its own", f"{cold['ask']['median_s']:.2f} s", f"{cold['ask --quick']['median_s']:.2f} s"],
                ["its memory", f"{cold['ask']['memory_mb']:.0f} MB", f"{cold['ask --quick']['memory_mb']:.0f} MB"],
            ],
        ),
    ])  # fmt: skip


def readers() -> str:
    found = record("readers")
    names = [name for name in found["bounds"][0] if name.endswith("_s")]
    rows = [[name[:-2].replace("_", " "), *(f"{1000 * size[name]:,.0f} ms" for size in found["bounds"])] for name in names]
    curve = [
        [f"{c['commits']:,}", f"{c['questions']:,}", f"{c['memory_mb']:.0f} MB", f"{c['descriptors']:.0f}", f"{c['mappings']:.0f}"]
        for c in found["living"]["curve"][::4]
    ]
    return "\n".join([
        "## A reader that lives on, and many articles\n",
        "`serving/readers.py`: a process that opens the index anew after each commit of another process and asks ten questions, while it keeps an "
        f"index open from before the first. What is freed goes when Python collects it. {about(found)}",
        table(["commits", "questions", "memory", "descriptors", "mappings"], curve),
        "What articles of three sentences cost; `timeline` and `status` grow with them too:\n",
        table(["", *(f"{size['articles']:,} articles" for size in found["bounds"])], rows),
    ])  # fmt: skip


def serving() -> str:
    found = record("serving")
    names = {"ask": "`/ask`, and now and then `/search`", "bare": f"a bare handler that sends {found['bare']['bytes']:,} bytes"}
    rows = [
        [said, *(f"{found[name][key]:,}" for key in ("requests", "per_second", "median_ms", "p95_ms", "slowest_ms"))]
        for name, said in names.items()
    ]
    checked, memory = found["checked"], found["memory_mb"]
    errors = len(found["ask"]["errors"]) + len(found["then"]["errors"])
    return "\n".join([
        "## The server under load\n",
        f"`serving/load.py`: {found['clients']} clients that ask without pause for {found['seconds']:.0f} s, while a writer makes a commit "
        f"about every second ({found['commits']} in all), beside a bare FastAPI handler on the same server. {about(found)}",
        table(["", "requests", "a second", "median ms", "95th percentile", "slowest"], rows),
        f"In {found['ask']['requests'] + found['then']['requests']:,} requests, {errors} errors; of {checked['generations']} generations "
        f"that answered, {checked['mixed']} of {checked['tolls']} answers mixed two, and {checked['misplaced']} of {checked['quotes']:,} "
        f"quotes stood elsewhere than said. Memory after {found['seconds']:.0f} s {memory[0]} MB, "
        f"{found['then']['seconds']:.0f} s later {memory[-1]} MB (most {max(memory)} MB).\n",
    ])  # fmt: skip


def main() -> None:
    intro = """# Benchmarks

Made by `page.py` from the records in `records/`, each written by the script that its section names. The machines are shared and
noisy: compare figures of one run.
"""
    sections = (
        *(peers, growth, answers, reading, extractive, altered, trace, sides, chance, nearest, encoders, updates, readers, serving),
        *(remote_same, remote_size),
    )
    parts = [intro, *(section() for section in sections if (RECORDS / f"{section.__name__}.json").exists())]
    (HERE / "README.md").write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
