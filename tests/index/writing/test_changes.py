"""However an index came to be, it is as one built at once from what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import ARTICLES, Build, HashEncoder

import pullquote
from pullquote.index.encoders.protocol import Progress
from pullquote.index.lexical.analyzer import Analyzer
from pullquote.index.segments import merge_policy
from pullquote.index.upkeep.doctor import examine
from pullquote.index.workers import spread

NOTICE = "Greetings from the lighthouse keeper and all who are with him."
SENTENCES = [
    "The harbour bridge opened on a wet Saturday in May.",
    "A ferry crosses the sound for the last time tonight.",
    "Herring landings fell by a third last winter.",
    "The mayor cut the ribbon before the old crowd.",
    "It cost 40 million crowns.",
    "Fishermen blame warmer water for the fall.",
    NOTICE,
]
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=0, max_size=5).map("\n\n".join)
ARTICLE = st.builds(
    pullquote.Article,
    id=st.sampled_from("abcdefghij"),
    text=TEXTS,
    title=st.sampled_from(["", "Bridge opens", "Ferry"]),
    source=st.sampled_from(["", "Post", "Voice"]),
    published=st.sampled_from([None, "2021", "2021-05-01"]),
)
STEP = st.one_of(
    st.lists(ARTICLE, min_size=1, max_size=5, unique_by=lambda a: a.id),
    st.sets(st.sampled_from("abcdefghij"), min_size=1, max_size=3),
    st.just("compact"),
)
QUESTIONS = ("harbour bridge", "ferry tonight", "who cut the ribbon", "lighthouse greetings", "40 crowns")


def replies(index: pullquote.Index) -> list[object]:
    filters = [None, pullquote.Filter.of(source="post"), pullquote.Filter.of(since="2021-03")]
    hits = [index.search(question, where=where) for question in QUESTIONS for where in filters]
    return [*hits, *(pullquote.ask(index, question) for question in QUESTIONS)]


@pytest.mark.parametrize(("small", "largest"), [(0, 1 << 20), (256, 1 << 20), (0, 9), (4, 20)])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_any_sequence_of_changes_ranks_and_scores_as_a_fresh_index(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, small: int, largest: int, steps: list[object]
) -> None:
    folder = tmp_path_factory.mktemp("sequence")
    monkeypatch.setattr(merge_policy, "SMALL", small)
    monkeypatch.setattr(merge_policy, "LARGEST", largest)
    holds: dict[str, pullquote.Article] = {}
    for step in steps:
        with pullquote.Writer(folder / "a", HashEncoder()) as writer:
            if isinstance(step, list):
                writer.stage(step)
                holds |= {article.id: article for article in step}
            elif isinstance(step, set):
                there = sorted(step & holds.keys())
                writer.remove(there)
                holds = {key: article for key, article in holds.items() if key not in there}
            done = writer.compact() if step == "compact" else writer.commit()
        assert done.articles == len(holds)
    pullquote.add(folder / "b", holds.values(), HashEncoder())
    assert examine(folder / "a") == []
    with pullquote.Index.open(folder / "a", HashEncoder()) as one, pullquote.Index.open(folder / "b", HashEncoder()) as other:
        assert one.manifest.digest == other.manifest.digest
        assert one.manifest.counts == other.manifest.counts
        assert [one.marks(article) for article in holds.values()] == [other.marks(article) for article in holds.values()]
        assert [one.copies(key) for key in sorted(holds)] == [other.copies(key) for key in sorted(holds)]
        assert replies(one) == replies(other)


class Interrupted(HashEncoder):
    """Is interrupted when it has embedded so many blocks."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.blocks = blocks

    def encode(self, sentences: object, progress: Progress | None = None) -> object:  # type: ignore[override]
        if not self.blocks:
            raise KeyboardInterrupt
        self.blocks -= 1
        return super().encode(sentences, progress)  # type: ignore[arg-type]


def stories(n: int) -> Iterator[pullquote.Article]:
    return (pullquote.Article(id=f"s{i:03}", text=f"Story {i} has a beginning. It ends after {i * i} words.") for i in range(n))


@pytest.mark.parametrize("first", [True, False])
def test_an_interrupted_run_is_resumed_and_embeds_nothing_twice(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    monkeypatch.setattr(spread, "_FEW", 16)
    folder = tmp_path / "index.pq"
    if not first:
        build().close()
    interrupted = Interrupted(4)
    with pytest.raises(KeyboardInterrupt):
        pullquote.add(folder, stories(50), interrupted)  # type: ignore[arg-type]
    assert len(interrupted.encoded) == 64
    if not first:
        with pullquote.Index.open(folder, HashEncoder()) as index:
            assert (index.status()["articles"], index.status()["pending"]) == (3, 64)
            assert examine(folder) == []
    again = HashEncoder()
    done = pullquote.add(folder, stories(50), again)
    assert (done.added, done.embedded, done.resumed, len(again.encoded)) == (50, 36, 64, 36)
    assert set(interrupted.encoded).isdisjoint(again.encoded)
    assert not (folder / "pending.sqlite").exists()
    pullquote.add(tmp_path / "b", stories(50), HashEncoder())
    if first:
        with pullquote.Index.open(folder, HashEncoder()) as one, pullquote.Index.open(tmp_path / "b", HashEncoder()) as other:
            assert replies(one) == replies(other)


@pytest.mark.parametrize("how", ["bits", "junk"])
def test_damaged_work_of_an_interrupted_run_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(spread, "_FEW", 16)
    with pytest.raises(KeyboardInterrupt):
        pullquote.add(tmp_path / "a", stories(50), Interrupted(4))  # type: ignore[arg-type]
    path = tmp_path / "a" / "pending.sqlite"
    whole = bytearray(path.read_bytes())
    if how == "bits":
        whole[len(whole) // 2] ^= 1
    path.write_bytes(whole if how == "bits" else b"no database" * 1000)
    done = pullquote.add(tmp_path / "a", stories(50), HashEncoder())
    assert done.embedded + done.resumed == 100
    assert examine(tmp_path / "a") == []


def test_what_is_removed_frees_its_vectors_unless_another_article_says_the_same(build: Build, tmp_path: Path) -> None:
    build().close()
    folder = tmp_path / "index.pq"
    pullquote.add(folder, [pullquote.Article(id="again", text="It cost 40 million crowns.")], HashEncoder())
    done = pullquote.remove(folder, ["bridge.md"])
    assert (done.removed, done.articles) == (1, 3)
    encoder = HashEncoder()
    pullquote.add(folder, [ARTICLES[0]], encoder)
    assert sorted(encoder.encoded) == ["Mayor Ines Falk cut the ribbon.", "The harbour bridge opened on Saturday."]


def test_an_exact_copy_costs_nothing_to_embed(build: Build, tmp_path: Path) -> None:
    build().close()
    encoder = HashEncoder()
    copy = pullquote.Article(id="copy", text=ARTICLES[0].text, title=ARTICLES[0].title, source="Other")
    assert pullquote.add(tmp_path / "index.pq", [copy], encoder).embedded == len(encoder.encoded) == 0


def test_nothing_is_removed_for_an_unknown_id(build: Build, tmp_path: Path) -> None:
    before = build().manifest
    with pytest.raises(pullquote.InputError, match=r"no article 'nobody' in the index: nothing was removed"):
        pullquote.remove(tmp_path / "index.pq", ["fish.txt", "nobody"])
    with pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as index:
        assert index.manifest == before


def test_all_may_be_removed(build: Build, tmp_path: Path) -> None:
    build().close()
    assert pullquote.remove(tmp_path / "index.pq", [a.id for a in ARTICLES]).articles == 0
    with pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as index:
        assert index.search("bridge") == []
        assert index.manifest.segments == ()
    assert examine(tmp_path / "index.pq") == []


def test_sync_makes_an_index_hold_what_a_folder_does(tmp_path: Path) -> None:
    news, folder = tmp_path / "news", tmp_path / "index.pq"
    news.mkdir()
    for name in "abc":
        (news / f"{name}.txt").write_text(f"Story {name} is about a bridge.")
    assert pullquote.sync(folder, news, HashEncoder()).added == 3
    pullquote.add(folder, ARTICLES[:1], HashEncoder())
    (news / "a.txt").unlink()
    (news / "b.txt").write_text("Story b is about a ferry.")
    done = pullquote.sync(folder, [news], HashEncoder())
    assert (done.added, done.updated, done.removed, done.unchanged, done.articles) == (0, 1, 1, 1, 3)
    (news / "c.txt").unlink()
    (news / "d.jsonl").write_text("{")
    with pytest.raises(pullquote.ReadError):
        pullquote.sync(folder, news, HashEncoder())
    with pullquote.Index.open(folder, HashEncoder()) as index:
        assert [article.id for article, _, _ in index.everything()] == ["b.txt", "bridge.md", "c.txt"]


def test_arrays_written_anew_are_the_same(build: Build, tmp_path: Path) -> None:
    with build() as index:
        before, files = replies(index), index.manifest.segments[0].files
    with pullquote.Writer(tmp_path / "index.pq") as writer:
        assert writer.rewrite().embedded == 0
    with pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as index:
        assert replies(index) == before
        assert index.manifest.segments[0].files == files


def test_the_program_may_change_its_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with pullquote.Writer("a.pq", HashEncoder()) as writer:
        monkeypatch.chdir(tmp_path / "elsewhere")
        writer.stage(ARTICLES)
        writer.commit()
    monkeypatch.chdir(tmp_path)
    with pullquote.Index.open("a.pq", HashEncoder()) as index:
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert index.search("bridge")
        assert index.status()["bytes"]["vector arrays"] > 0
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_writer_may_commit_twice_and_after_an_interrupt(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build().close()
    with pullquote.Writer(tmp_path / "index.pq", HashEncoder()) as writer:
        for n in range(3):
            writer.stage([pullquote.Article(id=f"n{n}", text=f"New story {n} of a ferry.")])
            with monkeypatch.context() as broken:
                broken.setattr(writer, "_drop_unused", lambda: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    writer.commit()
            writer._manifest = None  # as if the interrupt had come before it was noted
        writer.remove(["n0"])
        assert writer.commit().articles == 5
    assert examine(tmp_path / "index.pq") == []


def test_many_copies_are_shown_once(build: Build) -> None:
    index = build([pullquote.Article(id=f"c{n:03}", text=ARTICLES[0].text, source=f"Post {n}") for n in range(300)])
    hits = index.search("harbour bridge ribbon crowns", k=9)
    assert len(index.copies("c007")) == 299
    assert len({(hit.start, hit.end) for hit in hits}) == len(hits) == 2  # its two passages


def test_articles_without_a_sentence_do_not_pile_up(build: Build, tmp_path: Path) -> None:
    for n in range(12):
        build([pullquote.Article(id=f"e{n}", text="")]).close()
    with pullquote.Index.open(tmp_path / "index.pq", HashEncoder()) as index:
        assert len(index.manifest.segments) == 1


def test_compact_writes_anew_what_another_analyzer_wrote(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = build().folder
    monkeypatch.setattr(Analyzer, "SETTINGS", {"name": "other", "version": 2})
    monkeypatch.setattr(Analyzer, "_terms_of_word", lambda self, word: (word.upper(),))
    with pytest.raises(pullquote.IndexDamaged, match="run `pullquote compact`"):
        pullquote.Index.open(folder, HashEncoder())
    with pullquote.Writer(folder, HashEncoder()) as writer:
        writer.compact()
    with pullquote.Index.open(folder, HashEncoder()) as index:
        assert index.search("herring", lexical=True)[0].article_id == "fish.txt"
        assert set(index.search("herring", lexical=True)[0].explain["passage"].terms) == {"HERRING"}


def test_of_a_long_title_only_the_beginning_counts(build: Build) -> None:
    title = " ".join(f"word{n}" for n in range(5000))
    index = build([pullquote.Article(id="a", title=title, text="\n\n".join(f"{'A boat sank. ' * 60}" for _ in range(30)))])
    assert index.search("word99", lexical=True)
    assert not index.search("word100", lexical=True)
