"""A disk that fails, and one that loses its power: a sample of what the scripts try."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (apt-get install strace)")


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=TESTS.parent)


def test_a_disk_that_fails_leaves_the_index_as_it_was_or_as_it_was_to_be() -> None:
    found = ran(str(TESTS / "long" / "faults.py"), "--every", "701")
    assert found.returncode == 0, found.stderr
    came = set(found.stdout.replace("  ", "\n").split("\n"))
    assert {"add, refused", "update, refused", "import, refused"} <= came
    assert {"upgrade, done", "upgrade, refused"} & came


def test_a_commit_that_the_disk_did_not_confirm_leaves_what_it_wrote() -> None:
    found = ran(str(TESTS / "long" / "faults.py"), "--only", "add, fdatasync", "--every", "4", "--offset", "1")
    assert found.returncode == 0, found.stderr  # the log may hold it, and then its segment must be there
    assert "add, refused" in found.stdout


def test_a_loss_of_power_loses_nothing_that_was_said_to_be_done() -> None:
    found = ran(str(TESTS / "long" / "power_loss.py"), "--every", "50")
    assert found.returncode == 0, found.stderr
    assert "add, after" in found.stdout


@pytest.mark.parametrize(
    "harm",
    [
        "sealing._sync = lambda _: None",
        "database.connect_to_write = lambda folder, of=database.connect_to_write: careless(of(folder))",
    ],
)
def test_the_loss_of_power_is_noticed_where_nothing_waits_for_the_disk(harm: str, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, '.')\nfrom tests.long import power_loss\n"
        "from pullquote.index.arrays import sealing\nfrom pullquote.index.storage import database\n"
        "def careless(db):\n    db.execute('PRAGMA synchronous = OFF')\n    return db\n"
        f"{harm}\nlist(power_loss.trials(Path({str(tmp_path)!r}), 1, power_loss.VERBS[:1]))\n"
    )
    found = ran("-c", script)
    assert found.returncode == 1
    assert "AssertionError: ('add', " in found.stderr
