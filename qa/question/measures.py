"""What a question measures, read from its wording, and whether a sentence states such a thing: an amount, a height, an age."""

from __future__ import annotations

import re
from functools import lru_cache

_FIGURE = (
    r"(?:\d[\d,.]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|several|a few|an?)\b)[\w ,./-]{0,20}?"
)
_LENGTHS = (
    r"(?<![a-z])(?:mm|cm|m|km|millimet\w+|centimet\w+|met(?:re|er)s?|kilomet\w+|miles?|yards?|feet|foot|ft|inch(?:es)?|nautical)\b"
)
_HEIGHTS = r"(?<![a-z])(?:mm|cm|m|millimet\w+|centimet\w+|met(?:re|er)s?|feet|foot|ft|inch(?:es)?|storeys?|stories|floors?)\b"
_TIMES = (
    r"(?<![a-z])(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|centur(?:y|ies)|hrs?|mins?)\b"
)
# What is asked, and what a sentence that states it holds.
_PAID = (
    r"cost|pay|paid|charge|earn|worth|spend|spent|sell|sold|buy|bought|fine|fined|raise|owe|price|money|budget|invest|steal|stole|"
    r"lose|lost|save"
)
_AMOUNT = (
    rf"[$€£¥₹]\s?\d|\b(?:EUR|USD|GBP|US\$)|{_FIGURE}\s?(?:euros?|dollars?|pounds?|pence|cents?|yen|crowns?|kron\w+|francs?|yuan|won|"
    r"rupees?|crore|lakh|pesos?|rubles?|roubles?|marks|dinars?|million|billion|bn)\b|\b(?:free|nothing|no charge)\b"
)
_COUNT = (
    r"\d|\b(?:no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|both|several|couple|pair|single)\b"
)
# What is asked, and what a sentence that states it holds.
_ASKED = {
    r"\bhow (?:tall|high|deep|wide|thick)\b|\bwhat\b.{0,30}\b(?:height|depth|width|thickness|altitude|elevation)\b": (
        rf"{_FIGURE}[ -]?{_HEIGHTS}|{_FIGURE}[ -]?{_LENGTHS} (?:tall|high|deep|wide|thick|above|below)|"
        r"\b(?:height|depth|width|altitude)\b"
    ),
    r"\bhow far\b|\bwhat\b.{0,30}\bdistance\b": rf"{_FIGURE}[ -]?{_LENGTHS}|{_FIGURE}[ -]?{_TIMES}",
    r"\bhow long\b|\bwhat\b.{0,30}\b(?:length|duration)\b": (
        rf"{_FIGURE}[ -]?{_LENGTHS}|{_FIGURE}[ -]?{_TIMES}|\b(?:until|since|from)\b"
    ),
    r"\bhow old\b|\bwhat\b.{0,30}\bage\b": (
        r"\b(?:aged?|born|birthday|years? old|year-old|built|founded|opened|dates? from|century)\b|"
        r", (?:who is )?\d{1,3},|\bis \d{2}\b"
    ),
    rf"\bhow much\b.{{0,60}}\b(?:{_PAID})\w*\b|"
    r"\b(?:what|which)\b.{0,30}\b(?:price|cost|fare|fee|salary|wage|budget|rent|fine)\b": _AMOUNT,
    r"\bwhat (?:percent\w*|proportion|share|fraction)\b|\bhow many per ?cent\b": (
        r"%|\bper ?cent\b|\bpercent\w*|\b(?:half|third|quarter|fifth|tenth|majority|most|all|none)\b|\bin \d+\b|\bout of\b"
    ),
    r"\bhow fast\b|\bwhat\b.{0,30}\bspeed\b": r"\b(?:km/h|kph|mph|knots?|per (?:hour|second|minute)|m/s|an hour)\b",
    r"\bhow heavy\b|\bwhat\b.{0,30}\bweight\b": (
        rf"{_FIGURE}[ -]?(?:kg|kilos?|kilogram\w*|g|grams?|tons?|tonnes?|lbs?|pounds?|ounces?|stone)\b"
    ),
    r"\bhow (?:hot|cold|warm)\b|\bwhat\b.{0,30}\btemperature\b": r"°|\bdegrees?\b|\b(?:celsius|fahrenheit|kelvin)\b",
    r"\bhow often\b": r"\b(?:every|each|once|twice|times|daily|weekly|monthly|yearly|annual\w*|always|never|per)\b",
    r"\bhow many\b": _COUNT,
}
_MEASURES = [(re.compile(asked, re.IGNORECASE), re.compile(stated, re.IGNORECASE)) for asked, stated in _ASKED.items()]


@lru_cache(maxsize=10_000)
def _stated(question: str) -> re.Pattern[str] | None:
    """What a sentence holds that states what a question measures; None where it measures nothing that is known."""
    found = [(match.start(), number) for number, (asked, _) in enumerate(_MEASURES) if (match := asked.search(question))]
    return _MEASURES[min(found)[1]][1] if found else None


def is_measured(question: str, text: str) -> bool:
    """Whether a sentence may state what a question measures: true where the question measures nothing that is known."""
    stated = _stated(question)
    return stated is None or stated.search(text) is not None
