"""What an index needs of an encoder, and how it tells one from another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ...errors import EncoderError
from ..types import Vectors

DEFAULT = "all-MiniLM-L6-v2"


Progress = Callable[[int, int], None]


class Encoder(Protocol):
    """What an index needs of an encoder: anything with these methods will do.

    dimension     of its vectors
    max_tokens    of a text that it reads; sentences that have more are cut
    """

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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes an encoder's vectors what they are: its name and dimension, and its other `settings`, such as the digest of the
    weights, the prompts, and the longest input.
    """

    name: str
    dimension: int
    settings: Mapping[str, Any]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Fingerprint:
        """From `Encoder.fingerprint`, or its JSON. Raises LookupError, TypeError or ValueError for something else."""
        settings = {key: value for key, value in record.items() if key not in ("name", "dimension")}
        return cls(str(record["name"]), int(record["dimension"]), settings)

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "dimension": self.dimension, **self.settings}

    @property
    def sha256(self) -> str:
        """The digest of the weights, "" where there is none."""
        return str(self.settings.get("sha256", ""))

    @property
    def identity(self) -> str:
        """What tells the vectors of one encoder from those of another."""
        return str(self.settings.get("sha256", self.name))

    def same_vectors(self, other: Fingerprint) -> bool:
        """Whether both make the same vectors; the names may differ."""
        return (self.dimension, self.settings) == (other.dimension, other.settings)


def check_encoder(encoder: Encoder, made_by: Fingerprint) -> None:
    """Raises EncoderError unless an encoder makes the vectors of the one that an index was `made_by`; its name may differ."""
    ours = Fingerprint.of(encoder.fingerprint)
    if not made_by.same_vectors(ours):
        raise EncoderError(
            f"the index was made by the encoder {made_by.name!r}, not by {ours.name!r}: use that one, or make another index"
        )
