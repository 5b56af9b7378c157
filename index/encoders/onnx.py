"""An encoder in onnxruntime and tokenizers: ready in a tenth of a second, without torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import EncoderError
from ..types import Vectors
from . import onnx_cache
from .batching import batches
from .protocol import Progress

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_GPU_WORTH = 2048  # sentences, from which on a GPU is worth the start of torch


class OnnxEncoder:
    """A model in its ONNX form, see `onnx_form`. Threads may share it.

    One core works on one question, or on one batch of sentences: two would wait for each other on a busy machine.
    """

    def __init__(self, name: str, place: Path, folder: Path | None = None) -> None:
        """`place`: of the form; `folder`: of the model, where it is known. Raises EncoderError if `place` holds no form."""
        described = onnx_cache.about(place)
        if described is None:
            raise EncoderError(f"{place}: no encoder")
        self.name, self._place, self._folder = name, place, folder
        self._described = described
        self.dimension = int(described["fingerprint"]["dimension"])
        self.max_tokens = int(described["fingerprint"]["max_tokens"])
        self._cores = cores()
        self._encoded = 0
        self._lock = threading.Lock()
        self._asking = False  # whether only what a question needs was looked at
        self._sessions: dict[str, Any] = {}
        self._on_gpu: Any = None  # the same model in sentence-transformers, once it is worth it; False where there is no GPU

    @classmethod
    def cached(cls, name: str, digest: str, folder: Path | None = None, *, asking: bool = False) -> OnnxEncoder | None:
        """The model with that digest out of the user's cache; None where there is no sound form of it.

        `asking`: it is to encode questions; what sentences need is looked at when there are some.
        """
        place = onnx_cache.folder(digest)
        described = onnx_cache.about(place)
        if described is None or described["fingerprint"].get("sha256") != digest:
            return None
        found = cls(name, place, folder)
        found._asking = asking
        with ThreadPoolExecutor(1) as thread:
            sound = thread.submit(onnx_cache.is_sound, place, described, asking=asking)
            try:
                found.open(asking=asking)
            except Exception:  # noqa: BLE001 - of files that are damaged, or just then removed
                return None
        return found if sound.result() else None

    def open(self, *, asking: bool = False) -> None:
        """Open the model and its tokenizer; they need not be there any longer afterwards."""
        _ = self._tokenizer, self._for_questions()
        if not asking:
            self._session(onnx_cache.MODEL)

    @property
    def fingerprint(self) -> dict[str, Any]:
        """See Encoder: what form.json says, under the name that the encoder was asked for by."""
        return {**self._described["fingerprint"], "name": self.name}

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See Encoder. After many sentences it goes on in sentence-transformers where that has a GPU."""
        if self._encoded >= _GPU_WORTH and (gpu := self._gpu()):
            return gpu.encode(sentences, progress)  # type: ignore[no-any-return]
        self._encoded += len(sentences)
        prompt = self._described["sentence_prompt"]
        return self._encode([prompt + sentence for sentence in sentences], progress)

    def encode_question(self, question: str) -> Vectors:
        """See Encoder."""
        found: Vectors = self.encode_questions([question])[0]
        return found

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """See Encoder. Each alone, on a core of its own: its vector is the same, whatever is encoded beside it."""
        prompt, session = self._described["question_prompt"], self._for_questions()
        ids = [found.ids for found in self._tokenizer.encode_batch_fast([prompt + question for question in questions])]

        def encoded(tokens: list[int]) -> Vectors:
            vector: Vectors = _run(session, [tokens])[0]
            return vector

        if len(ids) == 1:
            return encoded(ids[0])[None]
        with ThreadPoolExecutor(self._cores) as threads:
            return np.array(list(threads.map(encoded, ids)), np.float32).reshape(-1, self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See Encoder."""
        more = int(self._described["prompt_tokens"])
        with self._lock:
            counter = self._counter
        return [len(found.ids) + more for found in counter.encode_batch_fast(list(texts))]

    def _encode(self, texts: list[str], progress: Progress | None) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        ids = [found.ids for found in self._tokenizer.encode_batch_fast(texts)]

        if self._asking and not onnx_cache.is_sound(self._place, self._described):
            raise EncoderError(f"{self._place}: its files are damaged or gone: the next `pullquote add` makes them anew")
        self._asking, session = False, self._session(onnx_cache.MODEL)

        def encoded(batch: tuple[list[int], list[int]]) -> list[int]:
            places, filled = batch
            vectors[places] = _run(session, [ids[place] for place in filled])[: len(places)]
            return places

        done = 0
        with ThreadPoolExecutor(self._cores) as threads:
            for places in threads.map(encoded, batches([len(tokens) for tokens in ids])):
                done += len(places)
                if progress is not None:
                    progress(done, len(texts))
        return vectors

    def _for_questions(self) -> Any:
        return self._session(onnx_cache.QUESTION if onnx_cache.QUESTION in self._described["files"] else onnx_cache.MODEL)

    def _session(self, name: str) -> Any:
        with self._lock:
            if name not in self._sessions:
                self._sessions[name] = _opened(self._place / name)
            return self._sessions[name]

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        found: Tokenizer = Tokenizer.from_file(str(self._place / onnx_cache.TOKENIZER))
        found.no_padding()
        found.enable_truncation(self.max_tokens)
        return found

    @cached_property
    def _counter(self) -> Tokenizer:
        """The tokenizer, with nothing cut off."""
        from tokenizers import Tokenizer

        found: Tokenizer = Tokenizer.from_file(str(self._place / onnx_cache.TOKENIZER))
        found.no_padding()
        found.no_truncation()
        return found

    def _gpu(self) -> Any:
        if self._on_gpu is None:
            from .sentence_transformer import SentenceTransformerEncoder, has_gpu

            known = self._folder is not None and has_gpu()
            self._on_gpu = SentenceTransformerEncoder(str(self._folder)) if known else False
        return self._on_gpu


def cores() -> int:
    """How many cores this process may use: PULLQUOTE_CORES says so where several share a machine."""
    if (stated := os.environ.get("PULLQUOTE_CORES", "")).isdecimal():
        return max(1, int(stated))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _opened(model: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _run(session: Any, ids: list[list[int]]) -> Vectors:
    """The vectors of texts of one length."""
    tokens = np.array(ids, np.int64)
    found: list[Vectors] = session.run(None, {"input_ids": tokens, "attention_mask": np.ones_like(tokens)})
    return found[0]
