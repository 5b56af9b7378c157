from __future__ import annotations

import pytest
from tests.conftest import Build, Cli

import pullquote
from pullquote.qa.verify.verify import verify_record

TEXT = (
    "The mayor said: “We will not close the harbour – not this year.” It opened on 4 May.\n\n"
    "The harbour’s crews were\u00a0told on Monday. The ferry sails at nine."
)
TRUE = "“We will not close the harbour – not this year.”"


@pytest.fixture
def index(build: Build) -> pullquote.Index:
    articles = [
        pullquote.Article(id="a", text=TEXT, source="Post", published="2021-05-01", url="https://post.example/a"),
        pullquote.Article(
            id="b",
            text="Olsen was glad. The ferry sails at nine. The bridge is long and wide. It cost 1.5 million crowns. "
            "The crews counted 12,000 crates at -5 degrees. The office stayed shut. They don't sail.",
        ),
    ]
    return build(articles)


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        ("The mayor said", "exact"),
        (TRUE, "exact"),
        ("We will not close the harbour – not this year.", "exact"),
        ('"We will not close the harbour - not this year."', "typographic"),
        ("We will not close the harbour—not this year.", "typographic"),
        ("The harbour's crews were told on Monday.", "typographic"),
        ("The harbour’s  crews\nwere told on Monday.", "typographic"),
        ("The ferry sails at nine.", "ambiguous"),
        ("We will close the harbour – not this year.", "altered"),
        ("we will not close the harbour – not this year.", "altered"),
        ("It opened on 5 May.", "altered"),
        ("The harbour’s crews were\u00a0told on Monday", "exact"),
        ("arbour’s crews were told on Monday. The ferry", "altered"),
        ("The mayor said ... It opened on 4 May.", "abridged"),
        ("It opened on 4 May ... The mayor said", "joined"),
        ("It opened on 4 May ... The bridge is long", "joined"),
        ("We will not close the harbour … The ferry sails at nine", "abridged"),
        ("The moon is made of green cheese.", "absent"),
        ("glad", "exact"),
        ("gla", "absent"),
        ("5 million crowns", "absent"),
        ("1.5 million crowns", "exact"),
        ("The crews counted 12", "absent"),
        ("000 crates", "absent"),
        ("5 degrees", "absent"),
        ("The oﬃce stayed shut", "typographic"),
        ("They donʼt sail", "typographic"),
    ],
)
def test_verdicts(index: pullquote.Index, quote: str, status: str) -> None:
    assert pullquote.verify(index, quote).status == status


def test_the_true_form_is_given_where_it_stands(index: pullquote.Index) -> None:
    verdict = pullquote.verify(index, '"We will not close the harbour - not this year."')
    [place] = verdict.places
    assert (place.article_id, place.text) == ("a", TRUE)
    assert index.article("a").text[place.start : place.end] == TRUE
    assert place.link.startswith("https://post.example/a#:~:text=")


def test_a_dropped_not_is_shown(index: pullquote.Index) -> None:
    changes = pullquote.verify(index, "We will close the harbour – not this year.").changes
    assert [(c.quote, c.article) for c in changes if c.kind == "changed"] == [("", "not")]


def test_all_places_of_an_ambiguous_quote(index: pullquote.Index) -> None:
    assert [p.article_id for p in pullquote.verify(index, "The ferry sails at nine.").places] == ["a", "b"]


def test_parts_of_a_joined_quote_are_verified_one_by_one(index: pullquote.Index) -> None:
    parts = pullquote.verify(index, "The mayor said […] It closed on 4 May.").parts
    assert [part.status for part in parts] == ["exact", "altered"]


def test_copies_of_one_story_are_one_place(build: Build) -> None:
    index = build([pullquote.Article(id=i, text=TEXT, source=s) for i, s in (("a", "Post"), ("b", "Voice"))])
    verdict = pullquote.verify(index, "It opened on 4 May.")
    assert (verdict.status, len(verdict.places)) == ("exact", 2)


def test_a_quote_without_a_word_is_refused(index: pullquote.Index) -> None:
    with pytest.raises(pullquote.QuestionError, match="without a word"):
        pullquote.verify(index, "...")


def test_an_answer_tells_whether_its_article_has_changed(index: pullquote.Index) -> None:
    article = index.article("b")
    record = {"text": "Olsen was glad.", "article_id": "b", "start": 0, "end": 15, "digest": article.digest}
    assert (verify_record(index, record).status, verify_record(index, record).changed) == ("exact", False)
    assert verify_record(index, {**record, "digest": "of another day"}).changed is True
    moved = verify_record(index, {**record, "start": 1, "end": 16})
    assert (moved.status, moved.changed) == ("exact", False)
    cut = {**record, "text": "lsen was", "start": 1, "end": 9}
    assert verify_record(index, cut).status == "absent"
    with pytest.raises(pullquote.QuestionError):
        verify_record(index, {**record, "text": "", "end": 0})
    assert verify_record(index, {**record, "article_id": "gone"}).changed is True


def test_on_the_command_line(cli: Cli, tmp_path: object) -> None:
    from pathlib import Path

    Path("a.txt").write_text("The ferry sails at nine. The bridge is not long.")
    cli("add", "a.txt", "--encoder", "hash")
    ran = cli("verify", "The ferry  sails at nine.")
    assert (ran.code, ran.out.splitlines()) == (
        0,
        ["typographic The ferry sails at nine.", "            reads: The ferry sails at nine.", "            a.txt:0-24"],
    )
    ran = cli("verify", "The bridge is long.")
    assert ran.code == 1
    assert ran.out.splitlines()[1] == "            The bridge is {+not+} long."
    Path("quotes.txt").write_text("The ferry sails at nine.\n\nThe bridge is long.\n")
    ran = cli("verify", "--file", "quotes.txt", "--json")
    assert ran.code == 1
    assert '"status": "altered"' in ran.out


def test_an_answer_can_be_verified_as_it_was_printed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from pullquote.qa import ask as asking
    from pullquote.qa.selection.confidence import Logistic, Model

    monkeypatch.setattr(asking, "model", lambda **_: Model(Logistic(9.0, {}), Logistic(9.0, {}), 0.0))
    Path("a.txt").write_text("The ferry sails at nine. The bridge is not long.")
    cli("add", "a.txt", "--encoder", "hash")
    Path("answer.json").write_text(cli("ask", "When does the ferry sail?", "--format", "json").out)
    assert cli("verify", "--file", "answer.json").code == 0
    Path("a.txt").write_text("The ferry sails at ten. The bridge is not long.")
    cli("add", "a.txt")
    ran = cli("verify", "--file", "answer.json")
    assert ran.code == 1
    assert "the article is not as it was when the quote was taken" in ran.out


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), "give one quote"),
        (("a", "--file", "b"), "give one quote"),
        (("--file", "missing.txt"), "missing.txt: cannot be read: No such file"),
        (("--file", "empty.txt"), "empty.txt: nothing in it"),
        (("--file", "broken.json"), "broken.json: not the JSON of an answer"),
        (("--file", "endless.json"), "endless.json: not the JSON of an answer"),
        (("...",), "a quote without a word"),
    ],
)
def test_bad_input_gets_one_line(cli: Cli, arguments: tuple[str, ...], error: str) -> None:
    from pathlib import Path

    Path("a.txt").write_text("The ferry sails at nine.")
    Path("empty.txt").write_text("\n")
    Path("endless.json").write_text('{"quotes": [{"text": "x", "article_id": "a", "start": Infinity, "end": 3}]}')
    Path("broken.json").write_text('{"quotes": [{"text": "x"}]}')
    cli("add", "a.txt", "--encoder", "hash")
    ran = cli("verify", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"pullquote: {error}")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(("same", "status"), [(10, "exact"), (9, "altered"), (6, "altered"), (5, "absent"), (4, "absent")])
def test_a_sentence_is_an_altered_one_from_three_fifths_of_the_words_on(build: Build, same: int, status: str) -> None:
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"]
    index = build([pullquote.Article(id="a", text=" ".join(words)), pullquote.Article(id="b", text="The ferry sails.")])
    assert pullquote.verify(index, " ".join([*words[:same], *(f"other{n}" for n in range(10 - same))])).status == status


@pytest.mark.parametrize(("quote", "status"), [("alpha bravo charlie delta now", "altered"), ("alpha bravo charlie now", "absent")])
def test_fewer_than_four_words_in_common_are_chance(build: Build, quote: str, status: str) -> None:
    index = build([pullquote.Article(id="a", text="alpha bravo charlie delta echo foxtrot golf hotel.")])
    assert pullquote.verify(index, quote).status == status


def test_an_abridged_quote_is_shown_in_full(index: pullquote.Index) -> None:
    verdict = pullquote.verify(index, "We will … not this year")
    assert (verdict.status, verdict.holds) == ("abridged", True)
    assert [place.text for place in verdict.places] == ["We will not close the harbour – not this year"]


def test_copies_and_originals_stand_in_the_order_of_their_dates(build: Build) -> None:
    dates = {"a": "2021-05-02", "b": None, "c": "2021-05-01"}
    index = build([pullquote.Article(id=i, text=TEXT, source=i.upper(), published=d) for i, d in dates.items()])
    verdict = pullquote.verify(index, "It opened on 4 May.")
    assert (verdict.status, [place.source for place in verdict.places]) == ("exact", ["C", "A", "B"])


def test_a_line_that_is_no_part_of_the_story_is_called_so(build: Build) -> None:
    text = "The ferry sails at nine. It is often late in the autumn.\n\nREAD MORE: The bridge is long and wide\n\nIt sails on Sundays too."
    index = build([pullquote.Article(id="a", text=text)])
    found = {words: pullquote.verify(index, words).places[0].mark for words in ("The bridge is long and wide", "It is often late")}
    assert found == {"The bridge is long and wide": "link", "It is often late": ""}


def test_who_says_it_is_compared_where_the_article_states_it(index: pullquote.Index) -> None:
    by = {name: pullquote.verify(index, TRUE, by=name) for name in ("the mayor", "Hansen")}
    assert {name: (v.attribution.named, v.holds) for name, v in by.items() if v.attribution} == {
        "the mayor": ("stated", True),
        "Hansen": ("unstated", True),
    }
    assert pullquote.verify(index, "nowhere to be found at all", by="Hansen").attribution is None
    with pytest.raises(pullquote.QuestionError, match="nobody"):
        pullquote.verify(index, TRUE, by=" ")


def test_a_bad_line_does_not_stop_the_others(cli: Cli) -> None:
    from pathlib import Path

    Path("a.txt").write_text("“The ferry sails at nine,” Olsen said. The bridge is not long.")
    cli("add", "a.txt", "--encoder", "hash")
    Path("quotes.txt").write_text("The ferry sails at nine\n\n...\nThe bridge is not long\n")
    ran = cli("verify", "--file", "quotes.txt")
    assert (ran.code, ran.err.strip()) == (1, "pullquote: quotes.txt: line 3: a quote without a word or number in it")
    assert [line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")] == ["exact", "exact"]
    assert cli("verify", "The ferry sails at nine", "--by", "Anna Olsen").code == 0
    ran = cli("verify", "The ferry sails at nine", "--by", "Per Hansen")
    assert ran.code == 1
    assert "not from Per Hansen: the article says “Olsen”" in ran.out
    Path("quotes.txt").write_text("...\n")
    assert cli("verify", "--file", "quotes.txt").code == 2
    Path("questions.txt").write_text("When does the ferry sail?\n?!\nHow long is the bridge?\n")
    ran = cli("ask", "--file", "questions.txt", "--format", "csv")
    assert "questions.txt: line 2" in ran.err
    assert "The ferry sails at nine" in ran.out
