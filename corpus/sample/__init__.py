"""The sample: a few short articles in the different dress that real news has, for trying things out."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "articles"
