from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ARTICLES, Build, Cli, HashEncoder

import pullquote
from pullquote.index.upkeep.doctor import examine

QUESTIONS = ("harbour bridge", "ferry trip", "who disagrees")


@pytest.fixture
def exported(build: Build, tmp_path: Path) -> Path:
    with build(
        [*ARTICLES, pullquote.Article(id="copy", text=ARTICLES[0].text, published="2022"), pullquote.Article("none", "")]
    ) as index:
        assert pullquote.export(index, tmp_path / "out") == asdict(index.manifest.counts)
    return tmp_path / "out"


def test_an_import_is_the_same_index_and_embeds_nothing(exported: Path, tmp_path: Path) -> None:
    encoder = HashEncoder()
    done = pullquote.import_(exported, tmp_path / "again.pq", encoder)
    assert (done.added, done.embedded, encoder.encoded) == (5, 0, [])
    with (
        pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as one,
        pullquote.Index.open(tmp_path / "again.pq", HashEncoder()) as other,
    ):
        assert one.manifest.digest == other.manifest.digest
        assert [one.search(q) for q in QUESTIONS] == [other.search(q) for q in QUESTIONS]
        assert list(map(str, one.everything())) == list(map(str, other.everything()))
    assert examine(tmp_path / "again.pq") == []


def test_what_is_exported_is_as_its_readme_says(exported: Path) -> None:
    records = [json.loads(line) for line in (exported / "articles.jsonl").read_text("utf-8").splitlines()]
    vectors = np.load(exported / "vectors.npy", allow_pickle=False)
    texts = [r["text"][start:end] for r in records for p in r["passages"] for start, end in p]
    assert [r["id"] for r in records] == ["bridge.md", "copy", "ferry.txt", "fish.txt", "none"]
    assert vectors.tolist() == HashEncoder().encode(texts).tolist()
    assert {p.name for p in exported.iterdir()} == {"README.md", "articles.jsonl", "export.json", "vectors.npy"}
    assert all(name in (exported / "README.md").read_text("utf-8") for name in ("articles.jsonl", "vectors.npy", "export.json"))


def test_exported_articles_can_be_added_like_any(exported: Path, cli: Cli) -> None:
    lines = (exported / "articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    Path("articles.jsonl").write_text("".join(lines[:4]), "utf-8")  # the last is without text
    assert "4 added" in cli("add", "articles.jsonl", "--encoder", "hash").out


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("vectors.npy", lambda data: data[:-4], "not as it was exported"),
        ("articles.jsonl", lambda data: data.replace(b"ribbon", b"rubbon"), "not as it was exported"),
        ("export.json", lambda data: data.replace(b"export/1", b"export/9"), "of schema 'pullquote.export/9'"),
        ("export.json", lambda _: b"{}", "not as described"),
        ("export.json", None, "No such file"),
        ("vectors.npy", None, "No such file"),
    ],
)
def test_an_export_that_is_not_whole_is_refused(exported: Path, cli: Cli, name: str, change: object, message: str) -> None:
    path = exported / name
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    ran = cli("import", exported, "--index", "new.pq", "--encoder", "hash")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err
    assert not Path("new.pq").exists()


def test_vectors_of_another_encoder_are_refused(exported: Path, cli: Cli) -> None:
    ran = cli("import", exported, "--index", "new.pq", "--encoder", "other")
    assert ran.code == 2
    assert "made by the encoder 'hash', not by 'other'" in ran.err
    assert not Path("new.pq").exists()


def test_from_the_command_line(build: Build, cli: Cli, tmp_path: Path) -> None:
    index = build().folder
    assert cli("export", "out", "--index", index).out == "3 articles, 9 vectors in out\n"
    again = cli("export", "out", "--index", index)
    assert (again.code, again.err) == (2, "pullquote: out: there is something already: name a new folder\n")
    assert cli("import", "out").out == "3 added, 0 updated, 0 unchanged: 3 articles, 4 passages in .pullquote\n"
    shutil.rmtree("out")
    assert json.loads(cli("export", "out", "--json").out)["articles"] == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in folders")
@pytest.mark.parametrize("name", ["export.json", "articles.jsonl", "vectors.npy"])
def test_a_pipe_in_the_place_of_a_file_is_refused_and_not_waited_for(build: Build, tmp_path: Path, name: str) -> None:
    pullquote.export(build(), tmp_path / "out")
    (tmp_path / "out" / name).unlink()
    os.mkfifo(tmp_path / "out" / name)
    with pytest.raises(pullquote.ReadError, match=f"{name}: not a regular file"):
        pullquote.import_(tmp_path / "out", tmp_path / "new.pq", HashEncoder())


@pytest.mark.parametrize(
    ("key", "value"), [("published", "2004-02-30T08:00"), ("published", "2004-02-12T08:00"), ("colour", "red")]
)
def test_an_exported_record_with_a_field_that_cannot_be_is_refused_by_name(
    build: Build, tmp_path: Path, key: str, value: str
) -> None:
    pullquote.export(build(), tmp_path / "out")
    path = tmp_path / "out" / "articles.jsonl"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(lines[0]), key: value}), *lines[1:]]) + "\n", "utf-8")
    about = json.loads((tmp_path / "out" / "export.json").read_text("utf-8"))
    about["files"]["articles.jsonl"] = {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes()).hexdigest()}
    (tmp_path / "out" / "export.json").write_text(json.dumps(about), "utf-8")
    with pytest.raises(pullquote.ReadError, match=rf"articles\.jsonl.*{key}"):
        pullquote.import_(tmp_path / "out", tmp_path / "new.pq", HashEncoder())
