"""The command line put together: `pullquote`, or `python -m pullquote`."""

from __future__ import annotations

from .eval.cli import app as evaluation
from .qa.cli import app, main

app.add_typer(evaluation, name="eval")

if __name__ == "__main__":
    main()
