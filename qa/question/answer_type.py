"""What a question asks for, read from its wording by patterns of English: nothing is guessed where no pattern fits."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Wanted = Literal["number", "date", "person", "place", "reason", "quoted", "name", "other"]

_NUMBER = re.compile(
    r"\bhow (?:many|much|old|tall|long|far|large|big|high|deep|fast|often|wide|heavy|hot|cold|small|few|common|close|strong|"
    r"thick)\b"
    r"|\b(?:what|which)(?:'s| is| was| were| are)?(?: the| its| their| his| her)?(?: \w+){0,2}? "
    r"(?:percent(?:age)?|proportion|number|population|age|price|cost|distance|length|height|width|depth|amount|temperature|rate|"
    r"fraction|size|speed|weight|value|salary|budget|ratio|score|total|capacity|duration)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\bwhen\b|\b(?:what|which|whose)(?: \w+)?? (?:years?|dates?|days?|months?|centur(?:y|ies)|decades?|times?|eras?|periods?|"
    r"season)\b|\b(?:what|which)(?:'s| is| was| were| are)(?: the| its| their| his| her)?(?: [\w'’]+)? (?:date|year|day|birthday)\b"
    r"(?: of\b| when\b| in\b| on\b|\?|$)|\bhow long ago\b|\bhow (?:early|late|recently)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\bwho(?:m|se)?\b|\b(?:what|which) (?:\w+ )?(?:person|man|woman|people|president|king|queen|emperor|author|actor|actress|"
    r"scientist|director|player|leader|singer|artist|writer|composer|general|minister|pope|architect|engineer|chef|ruler|"
    r"mathematician|physicist|philosopher|individual|founder|inventor|politician|governor|coach|character|doctor)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:country|countries|city|cities|state|town|place|region|county|river|continent|"
    r"location|street|building|island|village|province|district|nation|sea|ocean|lake|mountain|valley|port|capital|venue|stadium)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\bwhy\b|\b(?:what|which)(?: \w+)? (?:caused|causes|reasons?|led|prompted|motivated|purpose)\b|\bfor what (?:reason|purpose)\b"
    r"|\bhow come\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\bwhat (?:did|does|do|has|had|was|is) .{0,80}?\b(?:say|said|call(?:ed)?|tell|told|declare|nickname|term)\b", re.I
)
_NAME = re.compile(r"\bwhat(?:'s| is| was| were| are)? the (?:\w+ )?names?\b|\b(?:what|which) \w+\b|\bname of\b", re.IGNORECASE)
_PATTERNS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    ("reason", _REASON),
    ("date", _DATE),
    ("number", _NUMBER),
    ("place", _PLACE),
    ("person", _PERSON),
    ("quoted", _QUOTED),
    ("name", _NAME),
)
_HEAD = re.compile(r"\b(?:how many|how much|what|which)(?: (?:is|was|are|were|the|a|an|type|kind|sort|of))* ([\w'’-]+)", re.I)


@lru_cache(maxsize=10_000)
def wanted(question: str) -> Wanted:
    """The kind of answer that a question asks for."""
    begins = [(found.start(), rank, kind) for rank, (kind, p) in enumerate(_PATTERNS) if (found := p.search(question))]
    return min(begins)[2] if begins else "other"


@lru_cache(maxsize=10_000)
def head(question: str) -> str:
    """The words right after "how many", "what" or "which", which say what is asked for; "" where there are none."""
    found = _HEAD.search(question)
    return found[1] if found else ""
