"""Everything is in pyproject.toml; this only says what is wrong with a clone whose links are no links."""

from pathlib import Path

from setuptools import setup

for part in ("corpus", "index", "qa", "eval"):
    link = Path(__file__).resolve().parent / "src" / "pullquote" / part
    if not link.is_dir():
        raise SystemExit(f"{link} must be a link to the folder {part}: clone again with `git config --global core.symlinks true`")

setup()
