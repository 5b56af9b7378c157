"""Small changes of the code, one by one (mutmut): those that no test notices are listed in mutation.json. `make mutate`, about an hour.

`python tests/mutation.py "pullquote.qa.claims.*"` tries only the changes of those names. The code is copied, so that what is changed is
never what is worked on. A survivor is ARGUED where no test could tell it from the original.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORD = Path(__file__).with_suffix(".json")
PARTS = ("corpus", "index", "qa", "eval")
MUTATED = ("index/search", "index/lexical", "qa/selection", "qa/claims", "qa/verify", "corpus")
TESTS = (
    "tests/qa", "tests/index/search", "tests/index/lexical", "tests/index/segments", "tests/index/test_index.py",
    "tests/index/test_filters.py", "tests/corpus", "tests/eval/test_evaluate.py",
)  # fmt: skip
UNFIT = "tests/qa/cli/test_cli.py::test_the_question_set_of_the_sample_runs"  # reads stdout, which mutmut uses too
# What a survivor's changed line has in common with others of which no test could tell, and why.
ARGUED = {
    r"strict=": "the lists are of one length: `strict` only guards against a mistake elsewhere",
    r"autojunk": "difflib looks for junk in sequences of 200 and more",
    r"lru_cache|maxsize|_KEPT|_AHEAD": "how much is kept at hand, or looked up at once, changes no result",
    r"encode\(|decode\(|\"utf-8\"|'utf-8'": "codecs go by several names",
    r"dtype|np\.zeros\(0|astype": "a type that numpy brings to the same one",
    r"return [^=]*Error\(|raise \w+Error\(|raise AssertionError": "the words of an error are its own test's affair",
}
_SETTINGS = """
[project]
name = "pullquote"
version = "0"

[tool.mutmut]
source_paths = ["src/pullquote"]
process_isolation = "forkserver"  # else what caches hold from a run without changes hides them
also_copy = ["tests", "README.md"]
only_mutate = {mutated}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-m", "not real", "-p", "no:cacheprovider", "-p", "no:xdist", "-x", "-q", "--deselect={unfit}"]

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
markers = ["real: uses the real encoder"]
"""


def laid_out(place: Path) -> None:
    """A copy of the package and its tests, without links, for mutmut to change."""
    package = place / "src" / "pullquote"
    package.mkdir(parents=True)
    for path in (ROOT / "src" / "pullquote").glob("*.py"):
        shutil.copy(path, package)
    for part in PARTS:
        shutil.copytree(ROOT / part, package / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", place)
    mutated = [f"src/pullquote/{folder}/*.py" for folder in MUTATED]
    settings = _SETTINGS.format(mutated=json.dumps(mutated), tests=json.dumps(list(TESTS)), unfit=UNFIT)
    (place / "pyproject.toml").write_text(settings, "utf-8")


def functions(path: Path) -> dict[str, list[str]]:
    """The lines of each function of a file, by its name."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name: ast.unparse(node).splitlines()[1:] for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def changed(lines: dict[str, list[str]], name: str) -> str:
    """What a change does: the line before and after it."""
    found = difflib.unified_diff(lines.get(re.sub(r"_\d+$", "_orig", name), []), lines.get(name, []), lineterm="", n=0)
    return " -> ".join(" ".join(line[1:].split()) for line in found if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def result(place: Path) -> dict[str, Any]:
    """By module how many changes were noticed (or never ended), and what was not."""
    modules, survivors, made = {}, [], 0
    for meta in sorted((place / "mutants" / "src").rglob("*.meta")):
        found = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        made += len(found)
        codes = {name: code for name, code in found.items() if code is not None}  # None: not tried, where a run was stopped
        if not codes:
            continue
        module = meta.relative_to(place / "mutants" / "src" / "pullquote").as_posix().removesuffix(".py.meta")
        lines = functions(meta.with_suffix(""))
        alive = [name for name, code in codes.items() if code in (0, 33)]  # 33: no test runs it
        modules[module] = {"changes": len(codes), "noticed": len(codes) - len(alive)}
        for name in alive:
            what = changed(lines, name.rpartition(".")[2])
            why = next((said for pattern, said in ARGUED.items() if re.search(pattern, what)), None)
            survivors.append({"module": module, "change": what, **({"argued": why} if why else {})})
    total, noticed = (sum(m[key] for m in modules.values()) for key in ("changes", "noticed"))
    argued = sum("argued" in survivor for survivor in survivors)
    return {
        "made": made,
        "changes": total, "noticed": noticed, "share": round(noticed / max(1, total), 4), "argued": argued,
        "modules": modules, "survivors": survivors,
    }  # fmt: skip


def main(names: list[str]) -> None:
    place = Path(tempfile.mkdtemp(prefix="pullquote-mutation-"))
    laid_out(place)
    print(f"in {place}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "mutmut", "run", *names], cwd=place, check=False)
    found = result(place)
    print(f"{found['noticed']} of {found['changes']} noticed ({found['share']:.1%}), {found['argued']} of the others argued")
    if names:
        for survivor in found["survivors"]:
            print(survivor["module"], survivor["change"])
    else:
        RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:])
