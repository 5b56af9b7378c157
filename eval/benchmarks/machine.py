"""What every record says of the machine and the program, and where it goes."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pullquote


def about() -> dict[str, Any]:
    """What a record says of the machine and the program."""
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ("faiss-cpu", "numpy", "onnxruntime", "tokenizers")
    return {
        "machine": f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        "python": platform.python_version(),
        "versions": {"pullquote": pullquote.__version__, **{name: version(name) for name in packages}},
        "date": time.strftime("%Y-%m-%d"),
        "revision": revision.stdout.strip() or "unknown",
    }


def write(record: dict[str, Any], out: Path | None) -> None:
    """Print a record, and keep it where that is asked for."""
    text = json.dumps(record, indent=2)
    print(text)
    if out:
        out.write_text(text + "\n", "utf-8")
