"""What several tests of this room need."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.conftest import Cli

TEXT = "The harbour bridge opened on Saturday.\n\nIt cost 40 million crowns.\n"


@pytest.fixture
def news(cli: Cli) -> Path:
    """A folder of two articles, indexed."""
    folder = Path("news")
    folder.mkdir()
    (folder / "bridge.txt").write_text(TEXT)
    (folder / "ferry.jsonl").write_text(
        json.dumps(
            {
                "id": "ferry",
                "title": "Last trip",
                "source": "Voice",
                "published": "2021-05-07",
                "text": "The ferry made its last trip.",
            }
        )
    )
    ran = cli("add", folder, "--encoder", "hash")
    assert (ran.code, ran.out, ran.err) == (0, "2 added, 0 updated, 0 unchanged: 2 articles, 2 passages in .pullquote\n", "")
    return folder
