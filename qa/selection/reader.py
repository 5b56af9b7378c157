"""A small extractive reader: where in a text the answer to a question stands, or that it stands nowhere in it.

A MiniLM of six layers with one linear layer of two outputs per token, the start and the end of an answer (Devlin et al. 2019); its
first token stands for "no answer here" (Rajpurkar et al. 2018). It points and writes nothing. Its weights lie in reader.onnx, in 8
bits; `eval/fitting` makes them. It uses the tokenizer of the packaged encoder, whatever encoder the index has.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import numpy as np

from ...index.encoders.model_files import packaged_tokenizer
from ...index.types import Floats

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_TOKENS = 320  # of a question and a text, with three that are special: it was trained on no more
_OF_QUESTION = 64  # tokens
_LONGEST = 24  # tokens of an answer
NOWHERE = -30.0  # the evidence for what was cut off
_BEGIN, _BETWEEN = 101, 102  # [CLS], [SEP]
_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Pointed:
    """The evidence for an answer in a stretch of a text, in natural logarithms, over that for none anywhere in it: 0 is as good.

    mass         of all starts and ends in the stretch
    best         of the best answer of at most 24 tokens
    start, end   where the best answer stands in the text, in code points
    """

    mass: float
    best: float
    start: int = 0
    end: int = 0


class Reading:
    """What the reader says of one text."""

    def __init__(self, logits: Floats, offsets: Sequence[tuple[int, int]]) -> None:
        """`logits`: (1 + tokens, 2), first those of "no answer"; `offsets`: of the tokens in the text, in code points."""
        self._none, self._logits = float(logits[0].sum()), logits[1:]
        places = np.array(offsets, np.int64).reshape(-1, 2)
        self._starts, self._ends = places[:, 0], places[:, 1]

    def pointed(self, start: int, end: int) -> Pointed:
        """The evidence for an answer in the stretch from `start` to `end` of the text."""
        within = np.flatnonzero((self._ends > start) & (self._starts < end) & (self._ends > self._starts))
        if not len(within):
            return Pointed(NOWHERE, NOWHERE)
        starts, ends = self._logits[within].T
        pairs = starts[:, None] + ends[None, :]
        ordered = np.tril(np.triu(np.ones(pairs.shape, bool)), _LONGEST - 1)
        first, last = divmod(int(np.where(ordered, pairs, -np.inf).argmax()), len(within))
        return Pointed(
            float(np.logaddexp.reduce(starts) + np.logaddexp.reduce(ends)) - self._none,
            float(pairs[first, last]) - self._none,
            int(self._starts[within[first]]),
            int(self._ends[within[last]]),
        )


class Reader:
    """The reader that ships. Threads may share it; one core reads one text."""

    def read_all(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Read some texts for the answer to a question, as many at a time as there are cores."""
        if len(texts) < 2 or _CORES < 2:
            return [self.read(question, text) for text in texts]
        _ = self._tokenizer, self._session  # made once, before the threads
        with ThreadPoolExecutor(_CORES) as threads:
            return list(threads.map(lambda text: self.read(question, text), texts))

    def read(self, question: str, text: str) -> Reading:
        """Read a text for the answer to a question. What goes beyond MOST_TOKENS is cut off."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:_OF_QUESTION]
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        first = len(asked) + 2
        tokens = [_BEGIN, *asked, _BETWEEN, *encoded.ids[: MOST_TOKENS - first - 1], _BETWEEN]
        ids = np.array([tokens], np.int64)
        types = np.zeros_like(ids)
        types[:, first:] = 1
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        logits = self._session.run(None, inputs)[0][0]
        return Reading(logits[[0, *range(first, len(tokens) - 1)]], encoded.offsets[: len(tokens) - 1 - first])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        found: Tokenizer = Tokenizer.from_file(str(packaged_tokenizer()))
        found.no_padding()
        found.no_truncation()
        return found

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        with as_file(files(__package__).joinpath("reader.onnx")) as path:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def reader() -> Reader:
    """The reader that ships; its weights are read when it first reads."""
    return Reader()


def warm() -> None:
    """Read the weights of the reader that ships, before it is first asked."""
    reader().read_all("warm?", ["It is warm."])
