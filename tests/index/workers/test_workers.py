"""Cutting and encoding by workers: the same index, however many there are, and whichever of them die."""

from __future__ import annotations

import gzip
import os
import random
import signal
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Cli, HashEncoder

import pullquote
from pullquote.corpus.sources import Walk, files
from pullquote.index.encoders.protocol import Progress
from pullquote.index.types import Vectors
from pullquote.index.workers import pool, reading


class DyingEncoder(HashEncoder):
    """Ends its process, the first time that it is to encode a sentence with "mortal" in it; writes down what it encodes."""

    def __init__(self, folder: Path, times: int = 1) -> None:
        super().__init__()
        self.folder, self.times = folder, times

    def encode(self, sentences: Sequence[str], progress: Progress | None = None) -> Vectors:
        died = len(list(self.folder.glob("died-*")))
        if died < self.times and any("mortal" in sentence for sentence in sentences):
            (self.folder / f"died-{died}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        with (self.folder / "parts.txt").open("a") as log:
            log.write(f"{len(sentences)} {sentences[0]}\n")
        return super().encode(sentences, progress)


def articles(count: int = 90) -> list[pullquote.Article]:
    rng = random.Random(3)
    words = ["bridge", "ferry", "harbour", "captain", "mayor", "council", "herring", "storm", "lamp", "rope", "quay", "tide"]
    made = []
    for n in range(count):
        said = [f"The {rng.choice(words)} of the {rng.choice(words)} cost {rng.randint(2, 9000)} crowns in {n}." for _ in range(12)]
        made.append(
            pullquote.Article(id=f"a{n:03}", title=rng.choice(words), text=" ".join(said) + (" It is mortal." if n == 50 else ""))
        )
    return made


@pytest.fixture(params=["processes", "dask"])
def wanted(request: pytest.FixtureRequest) -> Iterator[Any]:
    """What gives so many workers."""
    if request.param == "processes":
        yield lambda count: count
        return
    distributed = pytest.importorskip("distributed")
    clusters = []

    def started(count: int) -> str:
        cluster = distributed.LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=":0", memory_limit=0)
        clusters.append(cluster)
        return str(cluster.scheduler_address)

    yield started
    for cluster in clusters:
        cluster.close()


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_the_result_does_not_depend_on_the_workers(tmp_path: Path, encoder: HashEncoder, wanted: Any) -> None:
    exports = {}
    for count in (0, 1, 2):
        more = {"workers": wanted(count)} if count else {}
        pullquote.add(tmp_path / f"{count}.pq", articles(), encoder, **more)
        with pullquote.Index.open(tmp_path / f"{count}.pq", encoder) as index:
            pullquote.export(index, tmp_path / f"{count}")
        exports[count] = {path.name: path.read_bytes() for path in sorted((tmp_path / f"{count}").iterdir())}
    assert exports[0] == exports[1] == exports[2]


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_worker_that_dies_costs_its_part(tmp_path: Path, encoder: HashEncoder, wanted: Any) -> None:
    (tmp_path / "log").mkdir()
    done = pullquote.add(tmp_path / "one.pq", articles(), DyingEncoder(tmp_path / "log"), workers=wanted(2))
    assert (done.articles, done.embedded) == (90, 90 * 12 + 1)
    parts = (tmp_path / "log" / "parts.txt").read_text().splitlines()
    assert len(list((tmp_path / "log").glob("died-*"))) == 1
    assert len(set(parts)) == 9  # of 128 sentences
    assert len(parts) <= 9 + 3  # and at most what was being done in the other one
    pullquote.add(tmp_path / "two.pq", articles(), encoder)
    with pullquote.Index.open(tmp_path / "one.pq", encoder) as one, pullquote.Index.open(tmp_path / "two.pq", encoder) as two:
        pullquote.export(one, tmp_path / "1")
        pullquote.export(two, tmp_path / "2")
    assert all(
        (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes() for name in ("articles.jsonl", "vectors.npy")
    )


def test_a_part_that_ends_every_worker_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(pool.WorkerDied, match="a worker process ended 3 times at the same part"):
        pullquote.add(tmp_path / "one.pq", articles(), DyingEncoder(tmp_path / "log", times=100), workers=2)
    with pytest.raises(pullquote.IndexMissing):
        pullquote.Index.open(tmp_path / "one.pq")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("0", "workers is '0' (str): it must be a number of processes, or an address such as tcp://host:8786"),
        ("many", "workers is 'many' (str): it must be a number of processes, or an address such as tcp://host:8786"),
    ],
)
def test_workers_that_cannot_be(cli: Cli, tmp_path: Path, given: str, said: str) -> None:
    (tmp_path / "a.txt").write_text("The bridge opened on Saturday.", "utf-8")
    ran = cli("add", tmp_path / "a.txt", "--workers", given)
    assert (ran.code, ran.out, ran.err) == (2, "", f"pullquote: {said}\n")


def test_no_scheduler(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(pool, "_CONNECTING", 1)
    (tmp_path / "a.txt").write_text("The bridge opened on Saturday.", "utf-8")
    ran = cli("add", tmp_path / "a.txt", "--workers", "tcp://127.0.0.1:1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("pullquote: workers at tcp://127.0.0.1:1: no scheduler answers (")
    assert ran.err.endswith("): start one with `dask scheduler`\n")


def test_what_is_read_does_not_depend_on_who_reads(tmp_path: Path, encoder: HashEncoder) -> None:
    news = tmp_path / "news"
    (news / "inner").mkdir(parents=True)
    (news / "a.txt").write_text("The bridge opened on Saturday.", "utf-8")
    (news / "inner" / "a.txt").write_text("The ferry is blue.", "utf-8")
    (news / "many.jsonl").write_text('{"text": "One bell rang."}\n{"id": "own", "text": "Two bells rang."}\n{"text": 3}\n', "utf-8")
    with zipfile.ZipFile(news / "old.zip", "w") as packed:
        packed.writestr("b.txt", "The lamp was lit.")
        packed.writestr("c.xyz", "skipped")
    (news / "bad.json").write_text("{", "utf-8")
    with gzip.open(news / "single.txt.gz", "wt") as one:
        one.write("A single story.")
    found = {}
    for count in (0, 2):
        walk = Walk()
        workers = pool.workers(count) if count else None
        read_of: list[object] = []
        for file, articles in reading.read(files([news], walk), workers, walk):
            file.name = f"renamed/{file.name}"
            try:
                read_of += articles()
            except pullquote.ReadError as error:
                read_of.append(str(error))
        if workers is not None:
            workers.close()
        found[count] = (read_of, [str(problem) for problem in walk.problems], walk.skipped, [str(w) for w in walk.warnings])
    assert found[0] == found[2]
    ids = [one.id for one in found[2][0] if isinstance(one, pullquote.Article)]
    made = ["a.txt", "inner/a.txt", "many.jsonl#1", "old.zip/b.txt", "single.txt.gz"]
    assert sorted(ids) == sorted(["own", *(f"renamed/{name}" for name in made)])


def test_sync_by_workers(tmp_path: Path, encoder: HashEncoder) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for n in range(6):
        (news / f"{n}.txt").write_text(f"Story number {n} of the harbour.", "utf-8")
    assert pullquote.sync(tmp_path / "index.pq", news, encoder, workers=2).added == 6
    (news / "3.txt").unlink()
    (news / "4.txt").write_text("Another story.", "utf-8")
    done = pullquote.sync(tmp_path / "index.pq", news, encoder, workers=2)
    assert (done.added, done.updated, done.removed, done.unchanged) == (0, 1, 1, 4)
    (news / "bad.json").write_text("{", "utf-8")
    with pytest.raises(pullquote.ReadError):
        pullquote.sync(tmp_path / "index.pq", news, encoder, workers=2)


@pytest.mark.parametrize(
    ("package", "where"), [("distributed", "--workers tcp://127.0.0.1:1"), ("pymilvus", "--index milvus://127.0.0.1:1/n")]
)
def test_a_package_that_is_missing_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, where: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / "a.txt").write_text("The bridge opened on Saturday.", "utf-8")
    ran = cli("add", tmp_path / "a.txt", *where.split())
    extra = {"distributed": "dask", "pymilvus": "milvus"}[package]
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith(
        f": it takes {extra if extra == 'dask' else package}: install it with `pip install 'pullquote[{extra}]'`\n"
    )
