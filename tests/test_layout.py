"""The house: which folder holds what, and which way the arrows go."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from tests import rooms

import pullquote

ROOT = Path(__file__).resolve().parents[1]
PARTS = tuple(rooms.ROOMS)
MODULES = dict(rooms.modules())
IMPORTS = {name: list(rooms.imports(name, path, frozenset(MODULES))) for name, path in MODULES.items()}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_linked_into_the_package(part: str) -> None:
    link = ROOT / "src" / "pullquote" / part
    assert (link / "__init__.py").samefile(ROOT / part / "__init__.py")


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_no_link_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "-s"], capture_output=True, check=True, text=True, cwd=ROOT).stdout
    assert [line for line in listed.splitlines() if line.startswith("120000")] == []


def test_the_package_holds_nothing_but_the_links_and_its_front() -> None:
    found = {p.name for p in (ROOT / "src" / "pullquote").iterdir() if p.name != "__pycache__"}
    assert found == {*PARTS, "__init__.py", "__main__.py", "arguments.py", "errors.py", "py.typed"}


def test_every_module_stands_in_a_room() -> None:
    assert {rooms.room(name) for name in MODULES if "." in name} == {(part, r) for part, some in rooms.ROOMS.items() for r in some}


def test_no_arrow_runs_up() -> None:
    floors = {(part, name): floor for part, some in rooms.ROOMS.items() for floor, name in enumerate(some)}
    up = []
    for name, found in IMPORTS.items():
        part, here = rooms.room(name)
        for target, line in found:
            other, there = rooms.room(target)
            if other in rooms.FRONT:
                continue
            higher = PARTS.index(other) < PARTS.index(part) if part != other else floors[part, here] > floors[other, there]
            if higher:
                up.append(f"{name}:{line} -> {target}")
    assert up == []


def test_no_module_imports_itself_by_others() -> None:
    graph = {name: {target for target, _ in found} for name, found in IMPORTS.items()}
    graph |= {name: set() for name in rooms.FRONT}
    list(TopologicalSorter(graph).static_order())  # raises CycleError, and says which


def test_no_folder_is_a_hall() -> None:
    folders = {path.parent for path in MODULES.values()} | {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    folders |= {ROOT / "eval" / "benchmarks", ROOT / "eval" / "fitting"}
    many = {folder: n for folder in folders if (n := len([p for p in folder.glob("*.py") if p.name != "__init__.py"])) > 12}
    assert not many


def test_modules_and_functions_stay_short() -> None:
    paths = [*MODULES.values(), *(ROOT / "eval").glob("[bf]*/*.py"), *(ROOT / "tests").rglob("*.py")]
    long = {}
    for path in paths:
        source = path.read_text("utf-8")
        if (lines := len(source.splitlines())) > 300:
            long[path.name] = lines
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                long[f"{path.name}:{node.name}"] = (node.end_lineno or 0) - node.lineno + 1
    assert long == {}


def test_contributing_shows_the_rooms_as_they_are() -> None:
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert rooms.table() in said, "run `python tests/rooms.py`"
    assert rooms.drawing() in said, "run `python tests/rooms.py`"


def test_the_lock_keeps_torch_and_covers_every_dependency() -> None:
    locked = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text("utf-8").split())
    assert locked["torch"] == "2.13.0"
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {name.lower().replace("_", "-") for name in locked}
    assert {n.split(">=")[0].lower().replace("_", "-") for n in needed} <= names


def test_the_changelog_begins_with_this_version() -> None:
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings[0].split()[1] == pullquote.__version__
