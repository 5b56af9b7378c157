"""An encoder in sentence-transformers: for GPUs, for models that have no ONNX form, and as what that form is measured by."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import EncoderError
from ..types import Vectors
from . import model_files
from .batching import BATCH, batches
from .protocol import DEFAULT, Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_GPU_BATCH = 256
_LONGEST = 1 << 20  # tokens: what says more says nothing


class SentenceTransformerEncoder:
    """Any sentence-transformers model, with its own prompts."""

    def __init__(self, name: str = DEFAULT) -> None:
        """Raises EncoderError where there is no such model on this machine, or it cannot be loaded."""
        found = model_files.find(name)
        self.name, self.folder, self.digest = found.name, found.folder, found.digest
        self.model = _load(self.folder, name)
        self.dimension = int(self.model.get_embedding_dimension() or 0)
        if not callable(getattr(self.model, "tokenizer", None)) or (self.model.max_seq_length or 0) > _LONGEST:
            raise EncoderError(f"the encoder {name!r} does not read tokens up to a length: use a transformer")
        self.max_tokens = int(self.model.max_seq_length or 512)
        prompts = {key: text for key, text in self.model.prompts.items() if text}
        self._fingerprint = {
            "name": self.name,
            "sha256": self.digest,
            "dimension": self.dimension,
            "max_tokens": self.max_tokens,
            "prompts": prompts,
        }
        self.prompt_tokens = max(0, max((self._tokens([text])[0] - 2 for text in prompts.values()), default=0))

    @property
    def fingerprint(self) -> dict[str, Any]:
        """See Encoder."""
        return dict(self._fingerprint)

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder. On a GPU in large batches, where the last bits of a vector depend on what is encoded with it."""
        vectors = np.zeros((len(sentences), self.dimension), np.float32)
        done = 0
        if self.model.device.type != "cpu":
            for done in range(0, len(sentences), 8 * _GPU_BATCH):
                block = sentences[done : done + 8 * _GPU_BATCH]
                vectors[done : done + len(block)] = self._encoded(block, _GPU_BATCH)
                if progress is not None:
                    progress(done + len(block), len(sentences))
            return vectors
        for places, filled in batches(self.count_tokens(sentences)):
            vectors[places] = self._encoded([sentences[place] for place in filled], BATCH)[: len(places)]
            done += len(places)
            if progress is not None:
                progress(done, len(sentences))
        return vectors

    def encode_question(self, question: str) -> Vectors:
        """See Encoder."""
        vector: Vectors = self.encode_questions([question])[0]
        return vector

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """See Encoder."""
        found = self.model.encode_query(list(questions), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32).reshape(-1, self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        return [n + self.prompt_tokens for n in self._tokens(texts)]

    def _encoded(self, sentences: Sequence[str], batch: int) -> Vectors:
        try:
            found: Vectors = self.model.encode_document(
                list(sentences), batch_size=batch, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
            )
        except (RuntimeError, IndexError) as error:
            raise EncoderError(f"the encoder {self.name!r} cannot encode: {first_line(error)}") from None
        return found

    def _tokens(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        ids = self.model.tokenizer(list(texts), add_special_tokens=True, truncation=False, verbose=False)["input_ids"]
        return [len(i) for i in ids]


def has_gpu() -> bool:
    """Whether torch has a GPU here; torch is imported only where the system shows one."""
    if not any(re.fullmatch(r"nvidia\d+|kfd|dxg", path.name) for path in Path("/dev").glob("*")):  # Linux, and Linux on Windows
        return False
    import torch

    return bool(torch.cuda.is_available())


def _load(folder: Path, name: str) -> SentenceTransformer:
    import platformdirs

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(platformdirs.user_cache_path("pullquote") / "torch"))  # made on import
    for noisy in ("sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), local_files_only=True).float()  # some are kept in half precision
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EncoderError(f"the encoder {name!r} cannot be loaded: {first_line(error)}") from None


def first_line(error: Exception) -> str:
    """What an error says, on one line."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()
    return (said[0][:200] if said else "") or type(error).__name__
