"""Question sets: JSON Lines, one question a line.

    {"id": "q001", "question": "Who ...?", "type": "who", "gold": [{"article_id": "talks.md", "quote": "verbatim words", "grade":
    1}],
     "answers": ["Koizumi"], "as_of": "2004-05"}

Gold is an article and words that stand in it, not a passage or an offset, so it survives cutting the articles anew. Several gold
quotes are alternatives or belong together; `grade` says how relevant one is (a number above 0; 1 if it is left out), and without a
`quote` the article is relevant as a whole. `answers` are accepted short answers. An empty list of gold means that the articles hold
no answer; where gold is left out, nobody has judged the question yet (see `eval suggest`). With `as_of`, only what could be known
that day is searched. `rejected` are ids of articles that were judged not to answer the question; `short`, `stale`, `sides`,
`not_sides` and `none` say what a reader expects beside, see `Expected`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..corpus.dates import parse_date
from ..corpus.decode import tidy
from ..errors import InputError

_FIELDS = frozenset(
    ("id", "question", "type", "gold", "answers", "as_of", "rejected", "short", "stale", "sides", "not_sides", "none")
)
SAMPLE_SET = Path(__file__).resolve().parent / "sets" / "sample.jsonl"


@dataclass(frozen=True, slots=True)
class Gold:
    """Words of an article that answer a question; "" for the article as a whole."""

    article_id: str
    quote: str = ""
    grade: float = 1


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reader expects of an answer beside its gold, where somebody said so.

    short       accepted short forms
    stale       what a sentence says that has been corrected or overtaken
    sides       where articles disagree, the values of each side, each in all its forms; not_sides: values that are none
    none        why nothing answers: "offtopic" or "notstated"; "" where it is not said
    """

    short: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    sides: tuple[tuple[str, ...], ...] = ()
    not_sides: tuple[str, ...] = ()
    none: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where its answers stand; without gold, the right answer is none. `gold` is None where nobody has judged it;
    `rejected` are articles that were judged not to answer it; `others` the fields of a record that are none of these, which are
    kept as they are.
    """

    id: str
    text: str
    type: str = ""
    gold: tuple[Gold, ...] | None = ()
    answers: tuple[str, ...] = ()
    as_of: str | None = None
    rejected: tuple[str, ...] = ()
    expected: Expected = Expected()
    others: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def unanswerable(self) -> bool:
        """Whether the set says that no article holds an answer."""
        return self.gold == ()

    @property
    def relevant(self) -> dict[str, float]:
        """The articles that hold an answer, with their grades."""
        found: dict[str, float] = {}
        for gold in self.gold or ():
            found[gold.article_id] = max(gold.grade, found.get(gold.article_id, 0))
        return found


def clusters(questions: Sequence[Question]) -> dict[str, str]:
    """By question, that of its relevant articles which most questions share, the first of several; "" where it shares none.

    Questions are not chained through others: a few with gold in several articles would make one cluster of all.
    """
    shared = Counter(article for question in questions for article in question.relevant)
    of = {question.id: max(question.relevant, key=shared.__getitem__, default="") for question in questions}
    return {name: article if shared[article] > 1 else "" for name, article in of.items()}


def load(path: Path, *, unjudged: bool = False) -> list[Question]:
    """The questions of a set. Raises InputError, naming the line, for whatever is not as described above; unless `unjudged` ones
    are welcome, for those without gold too.
    """
    try:
        lines = tidy(path.read_text("utf-8-sig")).split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a question set: {getattr(error, 'strerror', None) or error}") from None
    found: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), number)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: broken JSON at column {error.colno}: {error.msg}") from None
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise InputError(f"{path}:{number}: not a question with gold quotes: {error}") from None
        if question.gold is None and not unjudged:
            raise InputError(f"{path}:{number}: not a question with gold quotes: no gold yet (see: pullquote eval suggest --help)")
        if question.id in found:
            raise InputError(f"{path}:{number}: question id {question.id!r} is here twice")
        found[question.id] = question
    if not found:
        raise InputError(f"{path}: no questions in it")
    return list(found.values())


def dump(questions: Iterable[Question], path: Path) -> int:
    """Write a set, whole or not at all; how many questions. Raises InputError where it cannot be written, or not read back."""
    count, known = 0, set()
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding="utf-8") as file:
            for question in questions:
                record = _record(question)
                _question(record, count + 1)
                if question.id in known:
                    raise InputError(f"{path}: question id {question.id!r} is there twice")
                known.add(question.id)
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
        os.replace(draft, path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: question {count + 1} cannot be kept: {error}") from None
    finally:
        draft.unlink(missing_ok=True)
    return count


def _record(question: Question) -> dict[str, Any]:
    record: dict[str, Any] = {"id": question.id, "question": question.text}
    if question.type:
        record["type"] = question.type
    if question.gold is not None:
        record["gold"] = [
            {"article_id": g.article_id, **({"quote": g.quote} if g.quote else {}), **({"grade": g.grade} if g.grade != 1 else {})}
            for g in question.gold
        ]
    if question.answers:
        record["answers"] = list(question.answers)
    if question.as_of:
        record["as_of"] = question.as_of
    if question.rejected:
        record["rejected"] = list(question.rejected)
    record |= {name: value for name, value in asdict(question.expected).items() if value}
    record |= question.others
    return record


def _question(record: dict[str, Any], number: int) -> Question:
    text = record["question"]
    if not isinstance(text, str) or not any(c.isalnum() for c in text):
        raise ValueError("a question must be text with a word in it")
    gold = None if record.get("gold") is None else tuple(_gold(item) for item in record["gold"])
    answers = record.get("answers") or ()
    if isinstance(answers, str) or not all(isinstance(answer, str) and answer.strip() for answer in answers):
        raise ValueError("answers must be a list of texts")
    return Question(
        id=tidy(str(record.get("id", number))),
        text=tidy(text),
        type=tidy(str(record.get("type") or "")),
        gold=gold,
        answers=tuple(dict.fromkeys(tidy(answer) for answer in answers)),
        as_of=parse_date(record.get("as_of")),
        rejected=_texts(record, "rejected"),
        expected=_expected(record),
        others={name: value for name, value in record.items() if name not in _FIELDS},
    )


def _texts(record: dict[str, Any], name: str) -> tuple[str, ...]:
    given = record.get(name) or ()
    if not isinstance(given, (list, tuple)) or not all(isinstance(text, str) for text in given):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(dict.fromkeys(tidy(text) for text in given))


def _expected(record: dict[str, Any]) -> Expected:
    sides = record.get("sides") or ()
    if not isinstance(sides, (list, tuple)):
        raise ValueError("sides must be a list of lists of texts")
    none = record.get("none") or ""
    if none not in ("", "offtopic", "notstated"):
        raise ValueError('none must be "offtopic" or "notstated"')
    each = tuple(_texts({"sides": side}, "sides") for side in sides)
    return Expected(_texts(record, "short"), _texts(record, "stale"), each, _texts(record, "not_sides"), none)


def _gold(item: dict[str, Any]) -> Gold:
    quote = item.get("quote")
    if quote is not None and not str(quote).strip():
        raise ValueError("an empty gold quote")
    grade = item.get("grade", 1)
    if isinstance(grade, bool) or not isinstance(grade, (int, float)) or not 0 < grade <= 1000:
        raise ValueError(f"a grade of {grade!r}: it must be a number above 0, at most 1000")
    return Gold(tidy(str(item["article_id"])), tidy(str(quote or "")), grade)
