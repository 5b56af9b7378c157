"""The house: which folder holds what, and which way the arrows go."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import pullquote

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("corpus", "index", "qa", "eval")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_linked_into_the_package(part: str) -> None:
    link = ROOT / "src" / "pullquote" / part
    assert link.is_symlink()
    assert link.readlink() == Path("../..") / part
    assert (link / "__init__.py").samefile(ROOT / part / "__init__.py")


def test_the_package_holds_nothing_but_the_links_and_its_front() -> None:
    found = {p.name for p in (ROOT / "src" / "pullquote").iterdir() if p.name != "__pycache__"}
    assert found == {*PARTS, "__init__.py", "__main__.py", "py.typed"}


@pytest.mark.parametrize("part", PARTS)
def test_no_part_imports_one_that_stands_above_it(part: str) -> None:
    above = set(PARTS[PARTS.index(part) + 1 :])
    for path in (ROOT / part).rglob("*.py"):
        if "benchmarks" in path.parts:
            continue
        depth = len(path.relative_to(ROOT / part).parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == depth + 1 and node.module:
                assert node.module.split(".")[0] not in above, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_modules_stay_short() -> None:
    long = {p: n for part in PARTS for p in (ROOT / part).rglob("*.py") if (n := len(p.read_text("utf-8").splitlines())) > 300}
    assert not long


def test_every_public_name_is_there() -> None:
    assert all(getattr(pullquote, name) is not None for name in pullquote.__all__)
    assert set(pullquote._HOME) == set(pullquote.__all__)


def test_the_lock_keeps_torch_and_covers_every_dependency() -> None:
    locked = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text("utf-8").split())
    assert locked["torch"] == "2.13.0"
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {name.lower().replace("_", "-") for name in locked}
    assert {n.split(">=")[0].lower().replace("_", "-") for n in needed} <= names


def test_the_changelog_begins_with_this_version() -> None:
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings[0].split()[1] == pullquote.__version__
