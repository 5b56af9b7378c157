"""Small changes of the code, one by one (mutmut): those that no test notices are listed in mutation.json. `make mutate`, about an hour.

`python tests/long/mutation.py qa/claims index/lexical/bm25` tries those modules, and puts them in the place of what the record said of them. The
code is copied, so that what is changed is never what is worked on. A change is tried by the tests of its own room, and by the quickest
of the others that run it, up to SECONDS. A survivor is ARGUED where no test could tell it from the original.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_suffix(".json")
PARTS = ("corpus", "index", "qa", "eval")
MUTATED = ("index/search", "index/lexical", "qa/selection", "qa/claims", "qa/verify", "corpus")
TESTS = (
    "tests/qa",
    "tests/index/search",
    "tests/index/lexical",
    "tests/index/segments",
    "tests/index/test_index.py",
    "tests/index/test_filters.py",
    "tests/corpus/readers",
    "tests/eval/test_evaluate.py",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "corpus").glob("test_*.py")),
)  # fmt: skip; the formats have tests of minutes
SECONDS = 2.0
UNFIT = "tests/qa/cli/test_cli.py::test_the_question_set_of_the_sample_runs"  # reads stdout, which mutmut uses too
# What a survivor's changed line has in common with others of which no test could tell, and why.
ARGUED = {
    r"strict=": "the lists are of one length: `strict` only guards against a mistake elsewhere",
    r"autojunk": "difflib looks for junk in sequences of 200 and more",
    r"lru_cache|maxsize|_KEPT|_AHEAD": "how much is kept at hand, or looked up at once, changes no result",
    r"encode\(|decode\(|\"utf-8\"|'utf-8'": "codecs go by several names",
    r"dtype|np\.zeros\(0|astype": "a type that numpy brings to the same one",
    r"quick_ratio": "a bound that is quicker than the comparison after it, and never decides otherwise",
    r"1e-0?9|1e-12|-30\.0|31\.0": "it only keeps a logarithm or an exponential in range",
    r"ahead|wanted = \[i\]|\.index\(i\) if": "how much is looked up at once changes no result",
    r"logging\.getLogger": "what a library logs is silenced: seen by the tests of the command line, not of this room",
    r"\bwhere\b.* -> .*\(.*\bNone\b": "`where` is for the words of an error",
    r"include_comments=None|max\(stop - begin, 1\)|max\(len\(said\), stop - begin\)": "another way to say the same",
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


def laid_out(place: Path, names: Sequence[str]) -> None:
    """A copy of the package and its tests, without links, for mutmut to change the modules or rooms of those names."""
    package = place / "src" / "pullquote"
    package.mkdir(parents=True)
    for path in (ROOT / "src" / "pullquote").glob("*.py"):
        shutil.copy(path, package)
    for part in PARTS:
        shutil.copytree(ROOT / part, package / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tests", place / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", place)
    mutated = [f"src/pullquote/{name}{'.py' if (package / f'{name}.py').is_file() else '/*.py'}" for name in names]
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


def fewer_tests(place: Path) -> None:
    """Leave to each function the tests of its room, and the quickest others."""
    path = place / "mutants" / "mutmut-stats.json"
    stats = json.loads(path.read_text("utf-8"))
    took, by_function = stats["duration_by_test"], stats["tests_by_mangled_function_name"]
    for function, tests in by_function.items():
        room = "/".join(part for part in function.split(".")[1:-2])
        own = [test for test in tests if test.startswith(f"tests/{room}/")]
        total = sum(took.get(test, 0) for test in own)
        for test in sorted(set(tests) - set(own), key=lambda test: took.get(test, 0)):
            total += took.get(test, 0)
            if total <= SECONDS:
                own.append(test)
        by_function[function] = own
    path.write_text(json.dumps(stats), "utf-8")


def result(place: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """By module how many changes there are, were tried (a run may be stopped) and noticed, or never ended; and those that were not."""
    modules, survivors = {}, []
    for meta in sorted((place / "mutants" / "src").rglob("*.meta")):
        found = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        if not (tried := {name: code for name, code in found.items() if code is not None}):
            continue
        module = meta.relative_to(place / "mutants" / "src" / "pullquote").as_posix().removesuffix(".py.meta")
        lines = functions(meta.with_suffix(""))
        alive = [name for name, code in tried.items() if code in (0, 33)]  # 33: no test runs it
        modules[module] = {"changes": len(found), "tried": len(tried), "noticed": len(tried) - len(alive)}
        survivors += [{"module": module, "change": changed(lines, name.rpartition(".")[2])} for name in alive]
    return modules, survivors


def record(modules: dict[str, Any], survivors: list[dict[str, Any]]) -> dict[str, Any]:
    """What is kept of a run, with why a survivor is one."""
    for survivor in survivors:
        survivor.pop("argued", None)
        why = next((said for pattern, said in ARGUED.items() if re.search(pattern, survivor["change"])), None)
        survivor.update({"argued": why} if why else {})
    total, tried, noticed = (sum(m[key] for m in modules.values()) for key in ("changes", "tried", "noticed"))
    argued = sum("argued" in survivor for survivor in survivors)
    return {
        "changes": total, "tried": tried, "noticed": noticed, "share": round(noticed / max(1, tried), 4), "argued": argued,
        "modules": modules, "survivors": survivors,
    }  # fmt: skip


def main(names: list[str]) -> None:
    place = Path(tempfile.mkdtemp(prefix="pullquote-mutation-"))
    laid_out(place, names or MUTATED)
    print(f"in {place}", file=sys.stderr)
    mutmut = [sys.executable, "-m", "mutmut", "run"]
    subprocess.run([*mutmut, "none: which tests run what is found out first"], cwd=place, check=False, stderr=subprocess.DEVNULL)
    fewer_tests(place)
    subprocess.run(mutmut, cwd=place, check=False)
    modules, survivors = result(place)
    if names and RECORD.exists():
        before = json.loads(RECORD.read_text("utf-8"))
        modules = {name: found for name, found in modules.items() if found["tried"] >= before["modules"].get(name, found)["tried"]}
        survivors = [survivor for survivor in survivors if survivor["module"] in modules]
        survivors += [survivor for survivor in before["survivors"] if survivor["module"] not in modules]
        modules = before["modules"] | modules
    found = record(dict(sorted(modules.items())), sorted(survivors, key=lambda survivor: survivor["module"]))
    RECORD.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(
        f"{found['noticed']} of {found['tried']} noticed (of {found['changes']}) ({found['share']:.1%}), {found['argued']} of the others argued"
    )
    shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:])
