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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import packaged_form
from .onnx import OnnxEncoder
from .onnx_cache import (
    FORM,
    MODEL,
    QUESTION,
    SCHEMA,
    ExportFailed,
    about,
    folder,
    is_sound,
    made_with,
    refusal,
    refusal_file,
)
from .torch_export import export

if TYPE_CHECKING:
    from ..types import Vectors
    from .model_files import Model
    from .protocol import Progress
    from .sentence_transformer import SentenceTransformerEncoder

_MAKING = ".making-"
LEAST_COSINE = 0.9999  # between a vector of the model and that of its ONNX form
LEAST_IN_8_BITS = 0.95  # the same for QUESTION: a model that loses more has none, and its questions go through MODEL

PROBES = (
    "Yes.",
    "Who signed the declaration?",
    "The 1st of MAY 2004, at 3.5 % interest: “quoted” — café, naïve, Zoë & Co.",
    "東京で会談が行われた。 Переговоры прошли в Москве. 😀",
    "He said, she said, they said that nobody had said anything; " * 3,
    "The committee met again in the spring, and again it put off what it had been called together to decide. " * 20,
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a form is made of: the encoder's fingerprint, the digest of its files, its prompts and how many tokens they take."""

    name: str
    digest: str
    fingerprint: Mapping[str, Any]
    question_prompt: str = ""
    sentence_prompt: str = ""
    prompt_tokens: int = 0

    @classmethod
    def of(cls, encoder: SentenceTransformerEncoder) -> Source:
        """What the form of a model in sentence-transformers is made of."""
        prompts = encoder.model.prompts
        sentence = next((prompts[n] for n in ("document", "passage", "corpus") if n in prompts), None) or ""
        return cls(encoder.name, encoder.digest, encoder.fingerprint, prompts.get("query") or "", sentence, encoder.prompt_tokens)


def make(encoder: SentenceTransformerEncoder) -> None:
    """Make the form of a model by torch's exporter and put it into the cache, unless another process just did. Where it cannot be
    made, that is remembered. Raises ExportFailed.
    """
    from .sentence_transformer import first_line

    source = Source.of(encoder)

    def filled(partial: Path) -> None:
        try:
            export(encoder, partial, PROBES[1:3])
            _describe(source, partial)
            cosine = _verified(encoder, partial)
            _describe(source, partial, cosine=cosine, question_cosine=_in_8_bits(source, encoder.encode_questions(PROBES), partial))
        except OSError:  # a full disk: another time it may do
            raise
        except Exception as error:  # noqa: BLE001 - an exporter raises whatever the model makes it raise
            said = str(error) if isinstance(error, ExportFailed) else f"cannot be brought into ONNX ({first_line(error)})"
            refusal_file(folder(source.digest)).write_text(json.dumps({"made_with": made_with(), "reason": said}) + "\n", "utf-8")
            raise ExportFailed(said) from None

    _make(source.digest, filled, refused=True)


def make_packaged(model: Model, progress: Progress | None = None) -> None:
    """Make the form of the packaged model without torch: of the graph that ships, and the weights. `progress` is called with (bytes
    written, bytes to write). Raises ExportFailed.
    """
    source = Source(model.name, model.digest, packaged_form.fingerprint(model))

    def filled(partial: Path) -> None:
        packaged_form.write(model, partial, progress)
        _describe(source, partial)
        ours = OnnxEncoder(source.name, partial).encode_questions(PROBES)  # by MODEL: there is no other yet
        _describe(source, partial, question_cosine=_in_8_bits(source, ours, partial))

    _make(source.digest, filled)


def _make(digest: str, filled: Callable[[Path], None], *, refused: bool = False) -> None:
    """Let `filled` write a form into a folder, and put that into the cache. `refused`: not where it is known that it cannot be."""
    from filelock import FileLock

    place = folder(digest)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(place.with_suffix(".lock")):
            if refused and (said := refusal(place)) is not None:
                raise ExportFailed(said)
            described = about(place)
            if described is not None and is_sound(place, described):
                return
            _clear(place)
            partial = Path(tempfile.mkdtemp(prefix=f"{_MAKING}{digest}-", dir=place.parent))
            try:
                partial.chmod(0o755)  # for whoever else uses the cache
                filled(partial)
                partial.rename(place)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise ExportFailed(f"{error.filename or place}: {error.strerror or error}") from None


def _clear(place: Path) -> None:
    """Remove a form that is not sound, and what a maker that was killed has left. A process may have the old form open."""
    for path in place.parent.glob(f"{_MAKING}{place.name}-*"):
        shutil.rmtree(path, ignore_errors=True)
    if place.exists():
        aside = place.with_name(f"{_MAKING}{place.name}-old")
        place.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def _in_8_bits(source: Source, ours: Vectors, place: Path) -> float:
    """Write QUESTION, and return the smallest cosine between its vectors of the probes and `ours`, those of the model: 0 where it
    cannot be made. Where that is less than LEAST_IN_8_BITS, it is removed again.
    """
    least = 0.0
    try:
        _quantize(place)
        _describe(source, place)
        least = _least(ours, OnnxEncoder(source.name, place).encode_questions(PROBES))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - of a model that has something the quantizer does not know
        logging.getLogger("pullquote").info("%s: has no form in 8 bits: %s", source.name, error)
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


def _describe(source: Source, place: Path, **cosines: float) -> None:
    """Write form.json for the other files that are there."""
    files = {}
    for name in sorted(path.name for path in place.iterdir() if path.name != FORM):
        with (place / name).open("rb") as file:
            files[name] = file_digest(file, "sha256").hexdigest()
    described = {
        "schema": SCHEMA,
        "fingerprint": dict(source.fingerprint),
        "question_prompt": source.question_prompt,
        "sentence_prompt": source.sentence_prompt,
        "prompt_tokens": source.prompt_tokens,
        "made_with": made_with(),
        "files": files,
        **cosines,
    }
    (place / FORM).write_text(json.dumps(described, indent=2) + "\n", "utf-8")


def _verified(encoder: SentenceTransformerEncoder, place: Path) -> float:
    """The smallest cosine between the vectors of the model and those of its form, over the probes. Raises ExportFailed."""
    form = OnnxEncoder(encoder.name, place, encoder.folder)
    least = min(
        _least(encoder.encode(PROBES), form.encode(PROBES)),
        _least(encoder.encode_questions(PROBES), form.encode_questions(PROBES)),
    )
    if not least >= LEAST_COSINE or form.count_tokens(PROBES) != encoder.count_tokens(PROBES):
        raise ExportFailed(f"its ONNX form gives other vectors (cosine {least:.6f}, needed {LEAST_COSINE})")
    return least


def _least(ours: Vectors, theirs: Vectors) -> float:
    """The smallest cosine between unit vectors of the same text."""
    return float((ours * theirs).sum(axis=1).min())
