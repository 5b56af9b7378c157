"""The ONNX form of a sentence-transformers model: made once, verified against the model, kept in the user's cache.

It holds the whole model (transformer, pooling, whatever follows, unit length) in single precision, its tokenizer, and `form.json`,
which says what it was made from and the SHA-256 of the other files. Its weights lie in a file of their own, which onnxruntime maps.
(int8 weights were measured and left out, see eval/benchmarks/encoders.py.)
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .transformer import SentenceTransformerEncoder

SCHEMA = "pullquote.encoder/1"
FORM, MODEL, TOKENIZER = "form.json", "model.onnx", "tokenizer.json"
LEAST_COSINE = 0.9999  # between a vector of the model and that of its ONNX form

_PROBES = (
    "Yes.",
    "Who signed the declaration?",
    "The 1st of MAY 2004, at 3.5 % interest: “quoted” — café, naïve, Zoë & Co.",
    "東京で会談が行われた。 Переговоры прошли в Москве. 😀",
    "He said, she said, they said that nobody had said anything; " * 3,
    "The committee met again in the spring, and again it put off what it had been called together to decide. " * 20,
)


class NotPossible(Exception):
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
    return found if isinstance(found, dict) and found.get("schema") == SCHEMA else None


def is_sound(place: Path, described: dict[str, Any]) -> bool:
    """Whether every file is as it was made."""
    try:
        for name, expected in described["files"].items():
            with (place / name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    return False
    except OSError:
        return False
    return True


def make(encoder: SentenceTransformerEncoder) -> None:
    """Make the form of a model and put it into the cache. Raises NotPossible."""
    place = folder(encoder.digest)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    except OSError as error:
        raise NotPossible(f"{error.filename}: {error.strerror}") from None
    try:
        _export(encoder, partial)
        described = _described(encoder, partial)
        (partial / FORM).write_text(json.dumps(described, indent=2) + "\n", "utf-8")
        described["cosine"] = _verified(encoder, partial)
        (partial / FORM).write_text(json.dumps(described, indent=2) + "\n", "utf-8")
        shutil.rmtree(place, ignore_errors=True)
        partial.replace(place)
    except OSError as error:  # a full disk; or another process was first, and its form is as good
        if about(place) is None:
            raise NotPossible(f"{error.filename or place}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _export(encoder: SentenceTransformerEncoder, place: Path) -> None:
    import torch

    model = encoder.model

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})["sentence_embedding"]
            return torch.nn.functional.normalize(found.float(), p=2.0, dim=-1)

    model.eval()
    device = model.device
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        model.cpu()
        model.tokenizer.backend_tokenizer.save(str(place / TOKENIZER))
        ids = model.tokenizer(list(_PROBES[1:3]), padding=True, return_tensors="pt")
        sizes = {0: torch.export.Dim("sentences"), 1: torch.export.Dim("tokens", max=encoder.max_tokens)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Whole(),
                (ids["input_ids"], ids["attention_mask"]),
                place / MODEL,
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_shapes=(sizes, sizes),
                dynamo=True,
                external_data=True,
                verbose=False,
            )
    except Exception as error:  # noqa: BLE001 - an exporter raises whatever the model makes it raise
        raise NotPossible(f"cannot be brought into ONNX ({str(error).strip().splitlines()[0][:200]})") from None
    finally:
        model.to(device)


def _described(encoder: SentenceTransformerEncoder, place: Path) -> dict[str, Any]:
    prompts = encoder.model.prompts
    names = sorted(path.name for path in place.iterdir())
    files = {}
    for name in names:
        with (place / name).open("rb") as file:
            files[name] = file_digest(file, "sha256").hexdigest()
    return {
        "schema": SCHEMA,
        "fingerprint": encoder.fingerprint,
        "question_prompt": prompts.get("query") or "",
        "sentence_prompt": next((prompts[n] for n in ("document", "passage", "corpus") if n in prompts), None) or "",
        "prompt_tokens": encoder.prompt_tokens,
        "made_with": {name: version(name) for name in ("torch", "onnxscript", "sentence-transformers")},
        "files": files,
    }


def _verified(encoder: SentenceTransformerEncoder, place: Path) -> float:
    """The smallest cosine between the vectors of the model and those of its form, over the probes. Raises NotPossible."""
    from .onnx_encoder import OnnxEncoder

    form = OnnxEncoder(encoder.name, place, encoder.folder)
    pairs = [
        (encoder.encode(_PROBES), form.encode(_PROBES)),
        (np.array([encoder.encode_question(p) for p in _PROBES]), np.array([form.encode_question(p) for p in _PROBES])),
    ]
    least = min(float((ours * theirs).sum(axis=1).min()) for ours, theirs in pairs)
    if not least >= LEAST_COSINE or form.count_tokens(_PROBES) != encoder.count_tokens(_PROBES):
        raise NotPossible(f"its ONNX form gives other vectors (cosine {least:.6f}, needed {LEAST_COSINE})")
    return least
