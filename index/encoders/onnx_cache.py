"""The ONNX forms of models in the user's cache: where they are, and whether they are sound."""

from __future__ import annotations

import json
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

SCHEMA = "pullquote.encoder/2"
FORM, MODEL, QUESTION, TOKENIZER = "form.json", "model.onnx", "question.onnx", "tokenizer.json"
_FIELDS = {"fingerprint": dict, "files": dict, "question_prompt": str, "sentence_prompt": str, "prompt_tokens": int}


class ExportFailed(Exception):
    """The model cannot be brought into ONNX, or not so that it gives the same vectors; or the cache cannot be written to."""


def folder(digest: str) -> Path:
    """Where the form of the model with that digest is kept."""
    import platformdirs

    return Path(platformdirs.user_cache_path("pullquote"), "encoders", digest or "none")


def about(place: Path) -> dict[str, Any] | None:
    """What form.json says; None where there is no form of this version."""
    try:
        found = json.loads((place / FORM).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    whole = (
        isinstance(found, dict)
        and found.get("schema") == SCHEMA
        and all(isinstance(found.get(name), kind) for name, kind in _FIELDS.items())
    )
    return found if whole else None


def is_sound(place: Path, described: dict[str, Any], *, asking: bool = False) -> bool:
    """Whether every file is as it was made; `asking`: every file that a question needs."""
    try:
        for name, expected in described["files"].items():
            if asking and QUESTION in described["files"] and name.startswith(MODEL):
                continue
            with (place / name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    return False
    except OSError:
        return False
    return True


def refusal_file(place: Path) -> Path:
    """The file that says why a form cannot be made, beside the place where the form would be."""
    return place.with_suffix(".refused.json")


def refusal(place: Path) -> str | None:
    """Why the form could not be made when it was tried last, with what is installed now; None where it is to be tried."""
    try:
        found = json.loads(refusal_file(place).read_text("utf-8"))
        return str(found["reason"]) if found["made_with"] == made_with() else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def refused(digest: str) -> str | None:
    """Why the form of the model with that digest cannot be made; None where that is not known."""
    return refusal(folder(digest))


def made_with() -> dict[str, str]:
    """The versions of what forms are made with: another version may do better."""
    from importlib.metadata import version  # long to import

    return {name: version(name) for name in ("torch", "onnxscript", "sentence-transformers")}
