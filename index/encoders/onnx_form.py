"""The ONNX form of a sentence-transformers model: made once, verified against the model, kept in the user's cache.

It holds the whole model (transformer, pooling, whatever follows, unit length) twice, its tokenizer, and `form.json`, which says
what it was made from and the SHA-256 of the other files. The weights lie in files of their own, which onnxruntime maps.

MODEL, in single precision, is for sentences. QUESTION, whose matrices have 8 bits, is for questions: it takes half the time and
costs no measurable nDCG@10, where in sentences too it would cost 0.004 (eval/benchmarks/encoders.py). It has a scale per channel,
and 7 of the 8 bits are used, so that no sum overflows on a processor that adds products in pairs of 16 bits (onnxruntime's
documentation, "Quantize ONNX models"). What goes through it is scaled by all that is encoded at once: each question goes alone.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from .onnx_cache import (
    FORM,
    MODEL,
    QUESTION,
    SCHEMA,
    TOKENIZER,
    ExportFailed,
    about,
    folder,
    is_sound,
    made_with,
    refusal,
    refusal_file,
)

if TYPE_CHECKING:
    from ..types import Vectors
    from .sentence_transformer import SentenceTransformerEncoder

_MAKING = ".making-"
LEAST_COSINE = 0.9999  # between a vector of the model and that of its ONNX form
LEAST_IN_8_BITS = 0.95  # the same for QUESTION: a model that loses more has none, and its questions go through MODEL

_PROBES = (
    "Yes.",
    "Who signed the declaration?",
    "The 1st of MAY 2004, at 3.5 % interest: “quoted” — café, naïve, Zoë & Co.",
    "東京で会談が行われた。 Переговоры прошли в Москве. 😀",
    "He said, she said, they said that nobody had said anything; " * 3,
    "The committee met again in the spring, and again it put off what it had been called together to decide. " * 20,
)


def make(encoder: SentenceTransformerEncoder) -> None:
    """Make the form of a model and put it into the cache, unless another process just did. Raises ExportFailed."""
    from filelock import FileLock

    place = folder(encoder.digest)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_suffix(".lock")):
            if (said := refusal(place)) is not None:
                raise ExportFailed(said)
            described = about(place)
            if described is None or not is_sound(place, described):
                _clear(place)
                _make(encoder, place)
    except OSError as error:
        raise ExportFailed(f"{error.filename or place}: {error.strerror or error}") from None


def _make(encoder: SentenceTransformerEncoder, place: Path) -> None:
    from .sentence_transformer import first_line

    partial = Path(tempfile.mkdtemp(prefix=f"{_MAKING}{encoder.digest}-", dir=place.parent))
    try:
        partial.chmod(0o755)  # for whoever else uses the cache
        _export(encoder, partial)
        _describe(encoder, partial)
        cosine = _verified(encoder, partial)
        _describe(encoder, partial, cosine=cosine, question_cosine=_in_8_bits(encoder, partial))
        partial.rename(place)
    except OSError:  # a full disk: another time it may do
        raise
    except Exception as error:  # noqa: BLE001 - an exporter raises whatever the model makes it raise
        said = str(error) if isinstance(error, ExportFailed) else f"cannot be brought into ONNX ({first_line(error)})"
        refusal_file(place).write_text(json.dumps({"made_with": made_with(), "reason": said}) + "\n", "utf-8")
        raise ExportFailed(said) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _clear(place: Path) -> None:
    """Remove a form that is not sound, and what a maker that was killed has left. A process may have the old form open."""
    for path in place.parent.glob(f"{_MAKING}{place.name}-*"):
        shutil.rmtree(path, ignore_errors=True)
    if place.exists():
        aside = place.with_name(f"{_MAKING}{place.name}-old")
        place.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


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
    finally:
        model.to(device)


def _in_8_bits(encoder: SentenceTransformerEncoder, place: Path) -> float:
    """Write QUESTION, and return the smallest cosine between its vectors and those of the model, over the probes: 0 where it cannot
    be made. Where that is less than LEAST_IN_8_BITS, it is removed again.
    """
    from .onnx import OnnxEncoder

    least = 0.0
    try:
        _quantize(place)
        _describe(encoder, place)
        form = OnnxEncoder(encoder.name, place, encoder.folder)
        least = _least(encoder.encode_questions(_PROBES), form.encode_questions(_PROBES))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - of a model that has something the quantizer does not know
        logging.getLogger("pullquote").info("%s: has no form in 8 bits: %s", encoder.name, error)
    if not least >= LEAST_IN_8_BITS:
        for path in place.glob(f"{QUESTION}*"):
            path.unlink()
    return least


def _quantize(place: Path) -> None:
    """Write QUESTION, out of MODEL."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    silent = logging.NullHandler()
    logging.getLogger().addHandler(silent)  # else its messages set up logging for the whole process
    try:
        quantize_dynamic(
            place / MODEL,
            place / QUESTION,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            use_external_data_format=True,
        )
    finally:
        logging.getLogger().removeHandler(silent)
    for path in place.glob(f"{QUESTION}*"):
        path.chmod((place / MODEL).stat().st_mode)


def _describe(encoder: SentenceTransformerEncoder, place: Path, **cosines: float) -> None:
    """Write form.json for the other files that are there."""
    prompts = encoder.model.prompts
    files = {}
    for name in sorted(path.name for path in place.iterdir() if path.name != FORM):
        with (place / name).open("rb") as file:
            files[name] = file_digest(file, "sha256").hexdigest()
    described = {
        "schema": SCHEMA,
        "fingerprint": encoder.fingerprint,
        "question_prompt": prompts.get("query") or "",
        "sentence_prompt": next((prompts[n] for n in ("document", "passage", "corpus") if n in prompts), None) or "",
        "prompt_tokens": encoder.prompt_tokens,
        "made_with": made_with(),
        "files": files,
        **cosines,
    }
    (place / FORM).write_text(json.dumps(described, indent=2) + "\n", "utf-8")


def _verified(encoder: SentenceTransformerEncoder, place: Path) -> float:
    """The smallest cosine between the vectors of the model and those of its form, over the probes. Raises ExportFailed."""
    from .onnx import OnnxEncoder

    form = OnnxEncoder(encoder.name, place, encoder.folder)
    least = min(
        _least(encoder.encode(_PROBES), form.encode(_PROBES)),
        _least(encoder.encode_questions(_PROBES), form.encode_questions(_PROBES)),
    )
    if not least >= LEAST_COSINE or form.count_tokens(_PROBES) != encoder.count_tokens(_PROBES):
        raise ExportFailed(f"its ONNX form gives other vectors (cosine {least:.6f}, needed {LEAST_COSINE})")
    return least


def _least(ours: Vectors, theirs: Vectors) -> float:
    """The smallest cosine between unit vectors of the same text."""
    return float((ours * theirs).sum(axis=1).min())
