"""A full disk and folders that may not be written to: a clear line, and the last commit as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import ARTICLES, Cli, HashEncoder

import pullquote
from pullquote.index.upkeep.doctor import examine

MORE = [
    pullquote.Article(id=f"s{n:03}", text="\n\n".join(f"Line {i} of story {n} tells of boat {i * n}." for i in range(9)))
    for n in range(150)
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0
    if (
        not mounted
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs the right to mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def replies(folder: Path) -> list[pullquote.Hit]:
    with pullquote.Index.open(folder, HashEncoder()) as index:
        return [hit for question in ("harbour bridge", "ferry trip") for hit in index.search(question)]


def test_a_full_disk_at_any_moment_leaves_the_last_commit(small_disk: Path, cli: Cli, tmp_path: Path) -> None:
    folder = small_disk / "index.pq"
    pullquote.add(folder, ARTICLES, HashEncoder())
    before = replies(folder)
    (tmp_path / "more.jsonl").write_text("")
    export = tmp_path / "more"
    pullquote.add(tmp_path / "more.pq", MORE, HashEncoder())
    with pullquote.Index.open(tmp_path / "more.pq", HashEncoder()) as index:
        pullquote.export(index, export)
    full = done = 0
    messages = set()
    for left in [*range(0, 200, 20), *range(200, 4000, 200)]:  # KB
        filler = small_disk / "filler"
        free = os.statvfs(small_disk)
        filler.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - left * 1024))
        ran = cli("add", export / "articles.jsonl", "--index", folder)
        filler.unlink()
        if ran.code == 0:
            done += 1
            pullquote.remove(folder, [article.id for article in MORE])
            with pullquote.Writer(folder, HashEncoder()) as writer:
                writer.compact()
        else:
            full += 1
            assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1), ran.err
            messages.add(ran.err.rpartition(": ")[2])
        (folder / "pending.sqlite").unlink(missing_ok=True)
        assert examine(folder) == []
        assert replies(folder) == before
    assert full > 5
    assert done > 0
    assert messages <= {"database or disk is full\n", "No space left on device\n", "disk I/O error\n"}, messages
    assert "database or disk is full\n" in messages


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
@pytest.mark.parametrize("what", ["folder", "database", "both"])
def test_an_index_that_may_not_be_written_to_is_left_as_it_was(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "index.pq"
    pullquote.add(folder, ARTICLES, HashEncoder())
    before = replies(folder)
    for name in ("pullquote.sqlite-shm", "pullquote.sqlite-wal"):
        (folder / name).unlink(missing_ok=True)
    database = folder / "pullquote.sqlite"
    if what != "folder":
        database.chmod(0o444)
    if what != "database":
        folder.chmod(0o555)
    try:
        ran = _without_privileges("remove", "--index", folder, "bridge.md")
        assert (ran.returncode, ran.stdout) == (3, "")
        assert ran.stderr.count("\n") == 1
        assert "cannot be written to" in ran.stderr or "readonly database" in ran.stderr or "unable to open" in ran.stderr
        ran = _without_privileges("show", "--index", folder, "bridge.md")
        assert (ran.returncode, ran.stderr) == (0, "")
    finally:
        folder.chmod(0o755)
        database.chmod(0o644)
    assert replies(folder) == before
    assert examine(folder) == []


READS = """
import sys
import pullquote
sys.path.insert(0, sys.argv[2])
from tests.conftest import HashEncoder
with pullquote.Index.open(sys.argv[1], HashEncoder()) as index:
    print("open", flush=True)
    sys.stdin.readline()
    try:
        for hit in index.search("boat story", 50):
            assert hit.text == index.article(hit.article_id).text[hit.start : hit.end]
            print(hit.text.replace("\\n", " "))
    except pullquote.PullquoteError as error:
        print("refused:", error)
"""


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_a_reader_that_may_not_write_sees_one_commit_or_is_told_never_a_mixture(tmp_path: Path) -> None:
    folder = tmp_path / "index.pq"
    pullquote.add(folder, MORE[:40], HashEncoder())
    for name in ("pullquote.sqlite-shm", "pullquote.sqlite-wal"):
        (folder / name).unlink(missing_ok=True)
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    said = []
    for changes in (False, True):
        folder.chmod(0o555)
        (folder / "pullquote.sqlite").chmod(0o444)
        command = [*bare, sys.executable, "-c", READS, str(folder), str(Path(__file__).parents[3])]
        reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        folder.chmod(0o755)
        (folder / "pullquote.sqlite").chmod(0o644)
        if changes:
            longer = [replace(article, text=f"A new line before all others. {article.text}") for article in MORE[:40]]
            pullquote.add(folder, longer, HashEncoder())
        said.append(reader.communicate("\n", timeout=60)[0])
    assert all(line.startswith("Line ") for line in said[0].splitlines())
    assert len(said[0].splitlines()) == 50
    assert said[1] == f"refused: {folder}: was written to while it was read: open it again\n"
    assert len(replies(folder)) > 0


def _without_privileges(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command as root without the right to pass over permissions."""
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    command = [*bare, sys.executable, "-m", "pullquote", *map(str, arguments)]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs setpriv")
