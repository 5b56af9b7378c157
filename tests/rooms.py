"""The rooms of the house, top floor first: a module may import from its own room and from those below it, never from one above.

`python tests/rooms.py` prints the table and the drawing of CONTRIBUTING.md.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Of each part the rooms, top floor first: folders, or single modules; and what stands on the ground, which all above may use.
# Modules named together stand on one floor and do not import each other.
ROOMS: dict[str, tuple[str, ...]] = {
    "eval": ("cli", "report", "sets", "tune", "ablate", "power", "compare", "run_folder", "ir_metadata", "evaluate", "judging", "row", "importers", "questions", "measures", "statistics"),
    "qa": ("cli", "mcp", "server", "adapters", "timeline", "ask", "context", "claims", "selection", "render", "records", "find", "question", "verify", "answer", "values", "mentions", "text_fragments", "shown"),
    "index": (
        "upkeep", "operations", "served", "at", "index", "stores", "writing", "workers", "milvus", "search", "segments", "lexical", "dense", "storage", "arrays", "encoders",
        "filters", "place", "remedies", "types",
    ),
    "corpus": (
        "sample", "sources", "readers", "minhash", "passages", "boilerplate", "dateline", "sentences", "sentence_rules", "paragraphs",
        "decode", "dates", "same_words", "article",
    ),
}  # fmt: skip
FRONT = ("arguments", "errors")  # of the package itself: what every part may use
HOLDS = {
    "corpus": (
        "articles in: boilerplate, datelines, paragraphs, sentences, passages, the sample",
        "kind of line that is no story: `boilerplate.py`; form of date: `dates.py`",
    ),
    "corpus/sources": ("files, archives, and what is said beside a file", "kind of archive: `archives.py`"),
    "corpus/readers": ("a module per format: bytes in, drafts of articles out", "format: a module, and a line in `BY_SUFFIX`"),
    "index/upkeep": ("looks after an index: doctor, estimate, export", "check of an index: `doctor.py`"),
    "index/stores": ("where an index is kept, as its readers see it", "kind of place: a store, and a line in `opening.py`"),
    "index/writing": (
        "one commit: what changed in, whole or not at all",
        "thing that is derived from articles: `commit.py` calls it",
    ),
    "index/search": ("a question in, ranked passages out", "leg of the ranking: `formula.py` and `ranking.py`"),
    "index/workers": ("reading, cutting and encoding on several processes or machines", "kind of worker: `pool.py`"),
    "index/milvus": ("Milvus as a store: rows there, exact scores here", "field of a row: `layout.py` and `rows.py`"),
    "index/segments": (
        "arrays of a commit: built, read, merged, and several as one snapshot",
        "array of a segment: `builder.py` and `reader.py`",
    ),
    "index/lexical": ("words: analyzer, postings, BM25, MaxScore", "rule of terms: `analyzer.py`, and its version"),
    "index/dense": ("vectors: the nearest sentences, exactly or by codes and then exactly", "kind of code: `codes.py`"),
    "index/storage": (
        "what is on the disk as the truth: tables, manifest, lock, older formats",
        "format: `layout.py`, `schema.py`, a step in `migrations.py`",
    ),
    "index/arrays": ("arrays in files: mapped, checked block by block, sealed", ""),
    "index/encoders": ("sentences and questions to unit vectors", "way to run a model: beside `onnx.py`, chosen in `registry.py`"),
    "qa/cli": ("the command line", "command: a file of its group, and a line in `__init__.py`"),
    "qa/mcp": ("the verbs as tools for agents", "tool: `tools.py`"),
    "qa/adapters": ("retrievers for other libraries' pipelines", "library: a module, and its test"),
    "qa/server/api": ("the verbs as JSON over HTTP", "what a verb takes: `requests.py`"),
    "qa/server": (
        "the verbs over HTTP, and the page",
        "route: `verbs.py`, or `pages.py` and a template; limit: `settings.py`",
    ),
    "qa/claims": ("the short form of an answer; where quotes agree or disagree", "kind of value: `short_form.py`"),
    "qa/selection": ("which sentences to quote, and how sure each is", "evidence: `features.py`, then a new fit"),
    "qa/render": ("answers and hits as text", "format: a template in `templates/`"),
    "qa/question": ("what a question asks for, read from its wording", "kind of answer: `answer_type.py`"),
    "qa/verify": ("whether a quote stands in the articles", "kind of verdict: `verdict.py`"),
    "eval/cli": ("the commands of `pullquote eval`", "command: a file of its group"),
    "eval/report": ("the report's page, its plots and their numbers", "plot: `plots.py` and `tables.py`"),
    "eval/sets": ("gold proposed, judged and checked; sets for other tools", "form of another tool: `export.py`"),
    "eval/importers": ("question sets of other formats", "format: a file, and a line in `formats.py`"),
    "eval/measures": ("measures as values", "measure: a line in `known.py`, and its values in the file of its kind"),
    "eval": ("checked: sets, runs, comparisons", "benchmark: `benchmarks/`, with its record"),
    "tests": ("mirrors the four", "test: beside its like"),
}


def modules() -> Iterator[tuple[str, Path]]:
    """The dotted name, within the package, and the file of every module of the four parts; benchmarks and fitting are scripts and left out."""
    for part in ROOMS:
        for path in sorted((ROOT / part).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if not {"benchmarks", "fitting"} & set(parts):
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(name: str, path: Path, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    """What a module imports of the package, and in which line; those in functions and for type checkers too."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                full = ".".join([*base, alias.name])
                target = full if full in known else ".".join(base)
                if target not in ("", name):
                    yield target, node.lineno


def room(module: str) -> tuple[str, str]:
    """The part and the room that a module stands in; the package's front is a part of its own."""
    part, _, rest = module.partition(".")
    return part, rest.partition(".")[0]


def drawing() -> str:
    """The rooms and the arrows between them, as Mermaid."""
    known = frozenset(name for name, _ in modules())
    arrows = set()
    for name, path in modules():
        for target, _ in imports(name, path, known):
            (part, here), (other, there) = room(name), room(target)
            if other in ROOMS and part == other and here != there and here and there:
                arrows.add((part, here, there))
    lines = ["graph TD"]
    for part, rooms in ROOMS.items():
        folders = [name for name in rooms if (ROOT / part / name).is_dir()]
        lines.append(f"    subgraph {part}")
        lines += [f"        {part}_{name}[{name}]" for name in folders]
        lines += [f"        {part}_{a} --> {part}_{b}" for p, a, b in sorted(arrows) if p == part and {a, b} <= set(folders)]
        lines.append("    end")
    lines += [f"    {above} --> {below}" for above, below in zip(ROOMS, list(ROOMS)[1:], strict=False)]
    return "\n".join(lines)


def table() -> str:
    """The rooms, what each holds, and where a new thing goes."""
    rows = [f"| `{name}/` | {holds} | {new} |" for name, (holds, new) in HOLDS.items()]
    return "\n".join(["| folder | holds | a new ... goes to |", "|---|---|---|", *rows])


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n\n```mermaid\n{drawing()}\n```\n")
