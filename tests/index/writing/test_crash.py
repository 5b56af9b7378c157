from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_kill_9_at_any_moment_leaves_a_whole_index() -> None:
    script = Path(__file__).parents[2] / "long" / "crash.py"
    ran = subprocess.run([sys.executable, script, "--times", "10"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "killed" in ran.stdout


def test_readers_that_ask_without_pause_see_whole_commits() -> None:
    script = Path(__file__).parents[2] / "long" / "stress.py"
    ran = subprocess.run([sys.executable, script, "--seconds", "4"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout.split()[0]) > 5
