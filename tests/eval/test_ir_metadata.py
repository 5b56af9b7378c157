from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.eval.conftest import Kept

import pullquote
from pullquote.eval import ir_metadata


def test_a_run_file_says_what_it_depends_on(kept: Kept, tmp_path: Path) -> None:
    run = kept("one")
    annotated, plain = run.folder / "articles.run_annotated", (run.folder / "articles.run").read_text()
    found = ir_metadata.read(annotated)
    assert list(found) == ["tag", "actor", "research goal", "platform", "implementation", "method", "data"]
    assert found["data"]["test collection"]["sha256"] == run.about["set"]["sha256"]
    assert found["method"]["retrieval"][0]["weights"] == run.about["settings"]["weights"]
    assert {"numpy": run.about["versions"]["numpy"]} in found["platform"]["software"]["libraries"]["python"]
    assert "nDCG@10" in found["research goal"]["evaluation"]["reported measures"]
    text = annotated.read_text()
    assert text.startswith("# ir_metadata.start\n# tag: pullquote\n")
    assert text.split("# ir_metadata.end\n")[1] == plain
    assert all(line.startswith("# ") for line in text.split("# ir_metadata.end\n")[0].splitlines())
    assert ir_metadata.read(run.folder / "articles.run") == {}
    json.dumps(found)


@pytest.mark.parametrize("text", ["# ir_metadata.start\n# tag: a\n", "# ir_metadata.start\n# - a\n# ir_metadata.end\n"])
def test_a_head_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.run").write_text(text)
    with pytest.raises(pullquote.InputError, match=r"a\.run: the head of ir_metadata has no end, or is no YAML"):
        ir_metadata.read(tmp_path / "a.run")
    with pytest.raises(pullquote.InputError, match=r"b\.run: cannot be read"):
        ir_metadata.read(tmp_path / "b.run")
