"""The command line. Results go to stdout, all else to stderr; exit codes: see `main`. `eval` adds a group of its own."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer

from ...errors import IndexUnusable, InputError, PullquoteError
from . import articles, asking, cache, checking, serving, upkeep
from .output import complain, version

app = typer.Typer(
    name="pullquote",
    help="Answer questions with verbatim, located quotes from your own articles.",
    epilog="Exit codes: 0 found, 1 nothing found or no answer, 2 bad input, 3 the index cannot be used.",
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_INTERRUPTED = 130
_AS_BEFORE = "the index is as its last complete command left it, and what was embedded is kept"
_AS_TYPED = (
    (re.compile(r"\bwhere\.as_of\b"), "--as-of"),
    (re.compile(r"\bwhere\.(source|since|until)\b"), r"--\1"),
    (re.compile(r"^folder: an empty path"), "--index: an empty path"),
    (re.compile(r"(no index: name a new folder|make another index)$"), r"\1 with --index"),
)
_UsageError: Any = typer.BadParameter.__base__  # click's, or the one that newer versions of typer bring along

articles.register(app)
asking.register(app)
checking.register(app)
upkeep.register(app)
cache.register(app)
serving.register(app)


@app.callback(invoke_without_command=True)
def _root(context: typer.Context, show_version: bool = typer.Option(False, "--version", help="Show the version.")) -> None:
    if show_version:
        typer.echo(f"pullquote {version()}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 found, 1 nothing found or no answer, 2 bad input, 3 the index cannot be used, 130 interrupted."""
    codecs.register_error("pullquote", lambda error: (json.dumps(error.object[error.start : error.end])[1:-1], error.end))  # type: ignore[attr-defined]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="pullquote")  # what cannot be encoded is escaped as in JSON, which stays JSON
    try:
        code = run(arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        code = 0
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        code = 2
        complain(f"output: {error.strerror or error}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    try:
        done = typer.main.get_command(app).main(arguments, prog_name="pullquote", standalone_mode=False)
        if done == _INTERRUPTED:
            complain(f"interrupted: {_AS_BEFORE}")
        return done if isinstance(done, int) else 0
    except _UsageError as error:
        where = error.ctx.command_path if error.ctx else "pullquote"
        complain(f"{error.format_message().rstrip('.')} (see: {where} --help)")
        return 2
    except (typer.Abort, KeyboardInterrupt):
        complain(f"interrupted: {_AS_BEFORE}")
        return _INTERRUPTED
    except InputError as error:
        complain(_as_typed(str(error)))
        return 2
    except IndexUnusable as error:
        complain(str(error))
        return 3
    except PullquoteError as error:
        complain(str(error))
        return 3
    except BrokenPipeError:
        raise
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
        return 2


def _as_typed(message: str) -> str:
    """What the library says of its arguments, in the words of the command line."""
    for pattern, words in _AS_TYPED:
        message = pattern.sub(words, message)
    return message


__all__ = ["app", "main", "run"]
