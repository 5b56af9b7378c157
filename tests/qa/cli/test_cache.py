"""The user's cache: shown, and removed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Cli


def test_the_cache_is_shown_and_removed(cli: Cli) -> None:
    ran = cli("cache")
    assert (ran.code, ran.out) == (0, f"     0.0 MB  in {Path.cwd() / 'cache' / 'pullquote'}\n")
    for name, size in (("encoders/x/model.onnx", 3_000_000), ("sample-1/pullquote.sqlite", 500_000)):
        path = Path("cache", "pullquote", name)
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(size))
    lines = ["     3.0 MB  encoders", "     0.5 MB  sample-1"]
    folder = Path.cwd() / "cache" / "pullquote"
    assert cli("cache").out.splitlines() == [*lines, f"     3.5 MB  in {folder}"]
    record = json.loads(cli("cache", "--json").out)
    assert record == {
        "schema": "pullquote.cache/1", "folder": str(folder), "cleared": False, "bytes": {"encoders": 3_000_000, "sample-1": 500_000},
    }  # fmt: skip
    assert cli("cache", "--clear").out.splitlines() == [*lines, f"     3.5 MB  removed from {folder}"]
    assert not folder.exists()
    assert cli("cache", "--clear").code == 0
