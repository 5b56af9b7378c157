"""Sentences and questions to unit vectors. The seam that tests swap: anything with the methods of `Encoder` will do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ...corpus.errors import EncoderError
from ..types import Vectors

DEFAULT = "all-MiniLM-L6-v2"

Progress = Callable[[int, int], None]


class Encoder(Protocol):
    """What an index needs of an encoder."""

    name: str
    dimension: int
    max_tokens: int

    @property
    def fingerprint(self) -> dict[str, Any]:
        """What makes its vectors what they are: name, digest of the weights, dimension, prompts, longest input."""

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(sentences, dimension) float32, unit length; a sentence's vector depends on no other sentence."""

    def encode_question(self, question: str) -> Vectors:
        """(dimension,) float32, unit length."""

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """(questions, dimension) float32, unit length; as `encode_question` gives them, but perhaps for their last digits."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How long each text is for the encoder, its special tokens and prompt counted."""


def load(name: str = DEFAULT) -> Encoder:
    """The encoder of that name: the packaged default, a folder, or a model of the local Hugging Face cache.

    It runs in onnxruntime, in the form that is made of a model once, see `onnx_form`; a model that cannot be brought into it
    runs in sentence-transformers. Raises EncoderError where there is none on this machine: nothing is ever downloaded.
    """
    from . import model_files, onnx_form
    from .onnx import OnnxEncoder

    model = model_files.find(name)
    found = OnnxEncoder.cached(model.name, model.digest, model.folder)
    if found is not None:
        return found
    from .sentence_transformer import SentenceTransformerEncoder

    log = logging.getLogger("pullquote")
    slow = "runs in sentence-transformers, which takes seconds to start"
    if (said := onnx_form.refused(model.digest)) is not None:
        log.warning("%s: %s: %s", model.name, slow, said)
        return SentenceTransformerEncoder(name)
    log.warning("preparing the encoder %s (once) ...", model.name)
    original = SentenceTransformerEncoder(name)
    try:
        onnx_form.make(original)
        found = OnnxEncoder.cached(model.name, model.digest, model.folder)
    except onnx_form.NotPossible as error:
        log.warning("%s: %s: %s", model.name, slow, error)
    return found or original


def made_by(fingerprint: dict[str, Any], *, asking: bool = False) -> Encoder:
    """The encoder that an index was made by; `asking`: for questions. Raises EncoderError where it is not on this machine, or is
    another one now.
    """
    from .onnx import OnnxEncoder

    found = OnnxEncoder.cached(str(fingerprint["name"]), str(fingerprint.get("sha256", "")), asking=asking)
    encoder = load(str(fingerprint["name"])) if found is None else found
    check_encoder(encoder, {"encoder": fingerprint})
    return encoder


def mark(fingerprint: dict[str, Any]) -> str:
    """What tells the vectors of one encoder from those of another."""
    return str(fingerprint.get("sha256", fingerprint["name"]))


def check_encoder(encoder: Encoder, manifest: dict[str, Any]) -> None:
    """Raises EncoderError unless the index was made by this encoder; its name may differ, what it does may not."""
    theirs, ours = manifest["encoder"], encoder.fingerprint
    if {**theirs, "name": ""} != {**ours, "name": ""}:
        raise EncoderError(
            f"the index was made by the encoder {theirs['name']!r}, not by {ours['name']!r}: "
            "use that one, or make another index with --index"
        )
