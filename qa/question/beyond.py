"""What is asked for but is no question that a quote answers; and what to use instead."""

from __future__ import annotations

import re

_INSTEAD = (
    (
        r"(?:please\s+)?(?:summari[sz]e|sum\s+up|give\s+(?:me\s+)?(?:a|an)\s+(?:\w+\s+)?(?:summary|overview)|tl;?dr|recap)\b"
        r"|.*\bin\s+(?:a\s+few|your\s+own)\s+words\b",
        "nothing is summarised, only quoted: `timeline` shows what was said when, `--format briefing` gathers many questions",
    ),
    (
        r"(?:please\s+)?(?:list|show|find|give)\s+(?:me\s+)?(?:all|every|each|everything)\b",
        "a question is answered with the best few quotes: `find` lists every sentence with some words, -n asks for more quotes",
    ),
    (
        r"(?:and|or|but|also|so)\s+(?:how|what|who|when|where|why|which|whose)\b.{0,40}$"
        r"|(?:what|how)\s+about\b.{0,40}$|(?:how|what|who|when|where|why)(?:\s+(?:much|many|else|then|so|again))?\s*\??$",
        "each question is answered by itself: say in it what it is about",
    ),
    (
        r"(?:please\s+)?(?:translate|rewrite|rephrase|paraphrase|write|draft|compose|proofread)\b",
        "nothing is written, only quoted: ask what the articles say",
    ),
    (
        r"(?:please\s+)?compare\b",
        "nothing is compared but what quotes say of one question: ask it of each, or with `--format briefing` of all",
    ),
    (
        r"(?:in\s+)?how\s+(?:many|much)\s+(?:(?:of\s+)?(?:the|your|these)\s+)?articles\s+(?:are|is|mention|name|say|tell|have|do)\b",
        "nothing is counted but what an article states: `find` counts the sentences and articles with some words",
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), said) for pattern, said in _INSTEAD)


def instead(question: str) -> str:
    """What to use for a request that no quote meets, in a line; "" for a question as any other."""
    plain = question.strip()
    return next((said for pattern, said in _PATTERNS if pattern.match(plain)), "")
