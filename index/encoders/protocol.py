"""What an index needs of an encoder, and how it tells one from another."""

from __future__ import annotations

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
