"""Copies of one story in the results: shown once, with where else it stands, and the later version before the earlier."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ...corpus.article import Article
from ...corpus.dates import date_range
from ...corpus.same_words import kept, words

COUNTERPART = 0.8  # of the words of a sentence are in what a later version says in its place
SERIES = 3  # versions of an article by its outlet at most: more that are nearly alike are a series, written day by day by a pattern
_VERSION, _LONG = 0.95, 40  # of the words of an article are in a later version of it; words it must have to tell

_HEAD = 100  # characters with which a text begins
_MONTHS = (
    "January|Jan|Januar|Jänner|[Jj]anvier|[Ee]nero|[Gg]ennaio",
    "February|Feb|Februar|[Ff]évrier|[Ff]ebrero|[Ff]ebbraio",
    "March|Mar|März|[Mm]ars|[Mm]arzo",
    "April|Apr|[Aa]vril|[Aa]bril|[Aa]prile",
    "May|Mai|mai|[Mm]ayo|[Mm]aggio",
    "June|Jun|Juni|[Jj]uin|[Jj]unio|[Gg]iugno",
    "July|Jul|Juli|[Jj]uillet|[Jj]ulio|[Ll]uglio",
    "August|Aug|[Aa]oût|[Aa]gosto",
    "September|Sept?|[Ss]eptembre|[Ss]ep?tiembre|[Ss]ettembre",
    "October|Oct|Oktober|Okt|[Oo]ctobre|[Oo]ctubre|[Oo]ttobre",
    "November|Nov|[Nn]ovembre|[Nn]oviembre",
    "December|Dec|Dezember|Dez|[Dd]écembre|[Dd]iciembre|[Dd]icembre",
)
_WEEKDAYS = (
    "monday|montag|lundi|lunes|luned[iì]",
    "tuesday|dienstag|mardi|martes|marted[iì]",
    "wednesday|mittwoch|mercredi|mi[eé]rcoles|mercoled[iì]",
    "thursday|donnerstag|jeudi|jueves|gioved[iì]",
    "friday|freitag|vendredi|viernes|venerd[iì]",
    "saturday|samstag|sonnabend|samedi|s[aá]bado|sabato",
    "sunday|sonntag|dimanche|domingo|domenica",
)
_QUARTERS = (
    "first|1st|ersten?s?|premier|primer|primo",
    "second|2nd|zweite[nrs]?|deuxième|second|segundo|secondo",
    "third|3rd|dritte[nrs]?|troisième|tercer|terzo",
    "fourth|4th|last|vierte[nrs]?|quatrième|cuarto|quarto",
)
_EDITIONS = (
    "morning|early|morgen|früh|matin|mañana|matutina|mattin[oa]",
    "midday|noon|mittags?|midi|mediodía|mezzogiorno",
    "afternoon|nachmittags?|après-midi|tarde|pomeriggio",
    "evening|late|night|abend|spät|nacht|soir|noche|vespertina|sera|notte",
)
_PRINTED = (
    "edition|bulletin|report|briefing|update|news|ausgabe|bericht|meldung|nachrichten|édition|edición|edizione|boletín|bollettino"
)
_COUNTED = (
    "no|nos|nr|n[º°]|number|num|issue|bulletin|edition|episode|part|volume|vol|week|day|round|matchday|ausgabe|folge|teil|woche|kw|tag|"
    "numéro|semaine|jour|épisode|número|núm|semana|día|numero|settimana|giorno|puntata"
)
_ANY_MONTH = "|".join(_MONTHS)
_PEOPLE = (
    "people|persons|men|women|children|passengers|dead|injured|victims|soldiers|Menschen|Personen|Tote|Verletzte|personnes|morts|"
    "blessés|personas|muertos|heridos|persone|morti|feriti"
)
_NOT_PEOPLE = rf"(?!\s(?:{_PEOPLE})\b)"
_IN = r"(?:in|for|of|since|during|until|through|by|early|late|mid|last|this|im|seit|bis|für|en|de|du|d['’]|dès|di|a|nel|del|per)"
_BARE_MONTH = "|".join(
    name for name in _ANY_MONTH.split("|") if name.isalpha() and name.istitle() and len(name) > 4 and name != "March"
)
_ORDINAL = r"(?:st|nd|rd|th|er|[.ºª°])?"
# What tells one report of a series from the next. The names among which a value is looked up, None where it is as it stands.
_KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...] | None], ...] = (
    (re.compile(rf"\b({'|'.join(_WEEKDAYS)})", re.IGNORECASE), _WEEKDAYS),
    (
        re.compile(
            rf"\b(?:({'|'.join(_QUARTERS)})\s(?:quarter|Quartals?|trimestre)\b|Q([1-4])\b|([1-4])\.\s?Quartal|[TQ]([1-4])\s20\d\d)",
            re.IGNORECASE,
        ),
        _QUARTERS,
    ),
    (
        re.compile(
            rf"\b({'|'.join(_EDITIONS)})[\s-]?(?:{_PRINTED})|"
            rf"\b(?:{_PRINTED})(?:,|:|\s[-–]|\s(?:du|de\sla|del|della|de))?\s({'|'.join(_EDITIONS)})\b",
            re.IGNORECASE,
        ),
        _EDITIONS,
    ),
    (
        re.compile(
            rf"(?:\b(?:{_COUNTED})\.?|#)\s{{0,2}}(\d{{1,4}})\b{_NOT_PEOPLE}|\b(\d{{1,3}}){_ORDINAL}\s(?:week|bulletin|edition|issue|round|"
            r"woche|ausgabe|semaine|semana|settimana)\b",
            re.IGNORECASE,
        ),
        None,
    ),
    (
        re.compile(
            rf"(?:\b{_IN}\s(?:the\s)?(?:year\s|Jahre?s?\s|año\s|anno\s)?|\b(?:{_ANY_MONTH})\.?\s(?:del?\s)?|\d,\s|^)((?:19|20)\d\d)\b"
            rf"{_NOT_PEOPLE}|\b((?:19|20)\d\d)(?=\s?(?:$|[,.:;)]\s))",
            re.IGNORECASE,
        ),
        None,
    ),
)
_DATE = re.compile(
    rf"\b(\d{{1,2}}){_ORDINAL}\s(?:de\s|of\s)?({_ANY_MONTH})\b|\b({_ANY_MONTH})\.?\s(\d{{1,2}})\b(?![.,]?\d){_NOT_PEOPLE}"
)
_MONTH = re.compile(rf"(?:\b{_IN}\s|\bd['’]|,\s)({_ANY_MONTH})\b|\b({_ANY_MONTH})(?=\s(?:19|20)\d\d\b|$)|\b({_BARE_MONTH})\b")

Span = tuple[int, int]
Relation = Literal["copy", "earlier", "later"]


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells the same story. An "earlier" or "later" one is a version of the same outlet.

    `start` and `end` say where the quote, or the best sentence of the hit, stands in it, typography and articles aside; None
    where a version says otherwise.
    """

    article_id: str
    title: str
    source: str
    url: str
    published: str | None
    relation: Relation
    start: int | None = None
    end: int | None = None


def relation(article: Article, other: Article) -> Relation:
    """What `other` is to `article`, of which it is a copy."""
    if _supersedes(other, article):
        return "later"
    return "earlier" if _supersedes(article, other) else "copy"


def _supersedes(later: Article, earlier: Article) -> bool:
    """Whether one is a later version: of the same outlet and a later day, and with nearly all words of a text that has many.

    Reports that are written by a pattern, day by day, differ in more of their words than a correction does, or are headed by
    different days or numbers.
    """
    if not later.source or later.source.casefold() != earlier.source.casefold() or not later.published or not earlier.published:
        return False
    if date_range(later.published)[0] <= date_range(earlier.published)[1]:
        return False
    if _of_a_series(earlier, later):
        return False
    return len(words(earlier.text)) >= _LONG and kept(earlier.text, later.text) >= _VERSION


def _of_a_series(one: Article, other: Article) -> bool:
    """Whether two articles are headed by different days, months, quarters, years, numbers or editions.

    The first of a kind in both titles is compared, else the first where both texts begin, else whatever there is of it.
    """
    ours, theirs = ((_headed(a.title), _headed(a.text[:_HEAD])) for a in (one, other))
    for kind in range(len(_KINDS) + 2):
        pairs = [(a[kind], b[kind]) for a, b in zip(ours, theirs, strict=True) if a[kind] and b[kind]]
        if pairs:
            if pairs[0][0][0] != pairs[0][1][0]:
                return True
            continue
        mine, its = ({value for part in parts for value in part[kind]} for parts in (ours, theirs))
        if mine and its and mine.isdisjoint(its):
            return True
    return False


def _headed(text: str) -> list[list[str]]:
    """What of each kind stands in a title or the beginning of a text, in order; days of a month and months last."""
    text = " ".join(text.split())
    found = [[_value(match, names) for match in pattern.finditer(text)] for pattern, names in _KINDS]
    dates = [f"{m[1] or m[4]} {_place(m[2] or m[3], _MONTHS)}" for m in _DATE.finditer(text)]
    months = [_value(match, _MONTHS) for match in _MONTH.finditer(_DATE.sub("-", text))]
    return [*found, dates, months]


def _value(match: re.Match[str], names: tuple[str, ...] | None) -> str:
    value = next(group for group in match.groups() if group)
    return value if names is None or value.isdigit() else str(_place(value, names))


def _place(value: str, names: tuple[str, ...]) -> int:
    """Which of some names a word is one of, from 1 on."""
    return next((n for n, name in enumerate(names, start=1) if re.fullmatch(name, value, re.IGNORECASE)), 0)


def versions(article: Article, copies: Iterable[Article]) -> list[tuple[Relation, Article]]:
    """The earlier and later versions of an article among its copies; none where the outlet has a whole series of such articles."""
    ours = [other for other in copies if article.source and other.source.casefold() == article.source.casefold()]
    if len(ours) > SERIES:
        return []
    return [(kind, other) for other in ours if (kind := relation(article, other)) != "copy"]


def latest(article: Article, copies: Iterable[Article]) -> Article | None:
    """The latest of the later versions of an article; None if it is the latest itself."""
    later = [other for kind, other in versions(article, copies) if kind == "later"]
    return max(later, key=lambda other: (other.published or "", other.id), default=None)


def also(article: Article, copies: Sequence[Article], where: Callable[[Article], Span | None]) -> tuple[Copy, ...]:
    """The copies that have the same sentence as an article, and where; and all versions of the article.

    `where`: gives the start and end of that sentence in a copy, None where it does not stand there.
    """
    by_outlet = defaultdict(list)  # only articles of one outlet can be versions of each other
    for one in (article, *copies):
        by_outlet[one.source.casefold()].append(one)
    kinds: dict[str, Relation] = {other.id: kind for kind, other in versions(article, copies)}
    found = []
    for other in copies:
        start, end = where(other) or (None, None)
        kind = kinds.get(other.id, "copy")
        if kind != "copy" or (start is not None and not _is_old(other, by_outlet[other.source.casefold()])):
            found.append(Copy(other.id, other.title, other.source, other.url, other.published, kind, start, end))
    return tuple(found)


def _is_old(article: Article, of_outlet: Sequence[Article]) -> bool:
    """Whether there is a later version of an article among those of its outlet."""
    return len(of_outlet) <= SERIES + 1 and latest(article, [other for other in of_outlet if other is not article]) is not None
