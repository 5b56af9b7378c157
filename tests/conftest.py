"""An encoder that is a function of its text, the real one, and what most tests need of an index and of the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.index.encoders import protocol
from pullquote.index.encoders import registry as encoders
from pullquote.index.encoders.onnx import OnnxEncoder
from pullquote.index.encoders.protocol import Encoder, Progress
from pullquote.index.encoders.sentence_transformer import SentenceTransformerEncoder
from pullquote.index.lexical.postings import Postings
from pullquote.index.types import Vectors
from pullquote.qa.cli import run

import_module("pullquote.__main__")  # puts the whole command line together


class HashEncoder:
    """A text's vector is the sum of one fixed direction per word: alike words, alike vectors, on every machine."""

    def __init__(self, name: str = "hash", dimension: int = 48, max_tokens: int = 64) -> None:
        self.name, self.dimension, self.max_tokens = name, dimension, max_tokens
        self.encoded: list[str] = []

    @property
    def fingerprint(self) -> dict[str, Any]:
        return {"name": self.name, "sha256": f"hash-{self.dimension}", "dimension": self.dimension, "max_tokens": self.max_tokens}

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.encoded += sentences
        if progress is not None:
            progress(len(sentences), len(sentences))
        return np.array([self.encode_question(s) for s in sentences], np.float32).reshape(-1, self.dimension)

    def encode_question(self, question: str) -> Vectors:
        total = np.full(self.dimension, 1e-3)
        for word in re.findall(r"\w+", question.casefold()):
            seed = int.from_bytes(sha256(word.encode()).digest()[:8], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        vector: Vectors = (total / np.linalg.norm(total)).astype(np.float32)
        return vector

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return np.array([self.encode_question(q) for q in questions], np.float32).reshape(-1, self.dimension)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + 2 for text in texts]


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


def postings(documents: Sequence[Sequence[int]]) -> Postings:
    """Of documents given as term numbers."""
    rows = np.repeat(np.arange(len(documents)), [len(document) for document in documents]).astype(np.int64)
    return Postings.of(np.array([term for document in documents for term in document], np.int64), rows, len(documents))


ARTICLES = (
    pullquote.Article(
        id="bridge.md",
        title="New bridge opens",
        source="Harbour Post",
        published="2021-05-01",
        url="https://post.example/bridge",
        text=(
            "The harbour bridge opened on Saturday. Mayor Ines Falk cut the ribbon.\n\n"
            "READ MORE: How the bridge was built\n\nIt cost 40 million crowns."
        ),
    ),
    pullquote.Article(
        id="ferry.txt",
        title="Ferry makes its last trip",
        source="Island Voice",
        published="2021-05",
        text=(
            "The old ferry made its last trip on Friday. It had crossed the sound for 61 years.\n\nCaptain Olsen said he would miss it."
        ),
    ),
    pullquote.Article(
        id="fish.txt",
        source="Harbour Post",
        text="Herring landings fell by a third last winter. Fishermen blame warmer water.\n\nThe ministry disagrees.",
    ),
)

Build = Callable[..., pullquote.Index]


@pytest.fixture
def build(tmp_path: Path, encoder: HashEncoder) -> Build:
    """Index articles (the three above unless others are given) and open the index."""

    def made(articles: Iterable[pullquote.Article] = ARTICLES, name: str = "index.pq") -> pullquote.Index:
        pullquote.add(tmp_path / name, articles, encoder)
        return pullquote.Index.open(tmp_path / name, encoder)

    return made


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    encoder: HashEncoder,
) -> Cli:
    """Run a command in an empty folder, with the encoder of the tests."""
    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    monkeypatch.delenv("PULLQUOTE_INDEX", raising=False)
    monkeypatch.setattr(
        encoders, "load", lambda name=protocol.DEFAULT, *_, **__: encoder if name == encoder.name else HashEncoder(name, 32)
    )

    def ran(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's cache, empty at first: no test sees that of the user who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(path))
        yield path


@pytest.fixture(scope="session")
def original() -> SentenceTransformerEncoder:
    """The packaged model in sentence-transformers."""
    return SentenceTransformerEncoder()


@pytest.fixture(scope="session")
def real_encoder(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The packaged model in onnxruntime, made by the command line: once, whichever of several workers comes first."""
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # of all workers; beyond is what other runs have left
    forms, shared = cache / "pullquote" / "encoders", place / "encoders"
    with FileLock(shared.with_suffix(".lock")):
        if shared.exists():
            shutil.copytree(shared, forms, copy_function=os.link, dirs_exist_ok=True)
        else:
            made = command("add", str(FOLDER), "--index", str(cache / "made.pq"))
            assert (made.returncode, made.stderr) == (0, f"preparing the encoder {protocol.DEFAULT} (once) ...\n".encode())
            shutil.copytree(forms, shared, copy_function=os.link)
    found = encoders.load()
    assert isinstance(found, OnnxEncoder)
    return found


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run pullquote in a process of its own in which no socket can be opened."""
    blocked = (
        "import socket, sys\n"
        "def no(*_, **__): raise OSError('the network was asked')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = no\n"
        "from pullquote.__main__ import main\nmain(sys.argv[1:])\n"
    )
    return subprocess.run(
        [sys.executable, "-c", blocked, *arguments], capture_output=True, check=False, env={**os.environ, **environment}
    )
