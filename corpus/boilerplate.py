"""Lines that are no part of the story, by what they say: marked, never deleted.

Each rule asks for the wording of a notice (an imperative, "your account", a credit in brackets), not for a topic, so
that a story about subscriptions or photographs stays a story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from .article import Mark
from .paragraphs import paragraphs

_I = re.IGNORECASE
_LONGEST_NOTICE = 60  # words; a longer paragraph is no notice
_LONGEST_HEADLINE = 25  # words, of a line in a list of related stories

_LINK = re.compile(
    r"(?:(?:read|see|learn|find out) (?:more|also)|also read|see also|read next|up next|don['’]t miss|more from|more on|"
    r"watch(?: also| now| live)?|listen|explainer|in (?:pictures|photos)|related(?: \w+)?|recommended|editor['’]?s['’]? picks?)"
    r"(?: [^:.!?]{0,40})?\s*[:|»>]\s*\S",
    _I,
)
_RELATED = re.compile(
    r"(?:related (?:coverage|stories|story|articles?|links?|news|content|topics?|reading)|read (?:more|also|next)|see also|"
    r"more (?:stories|news|coverage|from \S.{0,30}|on this(?: story| topic)?|in \w+)|most (?:read|popular|viewed)|"
    r"trending(?: now)?|recommended(?: for you)?|you (?:may|might) also (?:like|be interested in)|top stories|"
    r"editors?['’]?s?['’]? picks?|don['’]t miss|latest (?:news|stories|headlines))\s*:?",
    _I,
)
_NOTICE = re.compile(
    r"your (?:current |free |digital )?(?:subscription|membership|free trial|inbox|subscriber account|ad ?blocker)|"
    r"(?:^|[.!?] )(?:please )?(?:subscribe|sign up|sign in|log in|register)(?: now| today| here| free)?(?:[.!]| to | for | and |$)|"
    r"already (?:a|have a|an?) (?:subscriber|subscription|account|member)|subscribers? only|for subscribers|"
    r"(?:get|enjoy) unlimited (?:digital )?access|create (?:a|your) (?:display name|free account|account)|"
    r"(?:write|post|leave|view|read)\S* (?:\w+ )?(?:first )?comments?\b.*(?:please|here|below)|comments? (?:are|is) closed|"
    r"(?:our|the|free|daily|weekly) newsletters?\b|enable javascript|"
    r"(?:we|this (?:web)?site) uses? cookies|accept (?:all )?cookies|(?:cookie|privacy) policy|terms of (?:use|service)|"
    r"download (?:our|the) (?:\w+ )?app\b|follow us on|like us on|join us on|support our (?:journalism|work)|"
    r"this (?:article|story) (?:is|was) (?:only available|originally published|first published|produced|reserved)|"
    r"all rights reserved|^(?:copyright|©|\(c\) ?\d{4})|may not be (?:published|reproduced|redistributed)|"
    r"^(?:advertisement|sponsored(?: content)?|story continues below|continue reading|click here|back to top)\b",
    _I,
)
_STRONG_NOTICE = re.compile(r"^(?:advertisement|copyright|©|click here|subscribe|sign up|log in|sign in|follow us)", _I)
_SHARE = re.compile(
    r"(?:(?:share|tweet|e-?mail|print|save|facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|messenger|line|"
    r"copy(?: link)?|link copied|comments?|\d+ (?:shares?|comments?)|(?:share|click to share) (?:this(?: \w+)?|on \w+|via \w+)|"
    r"(?:opens in new window))[\s|,/·•()]*)+",
    _I,
)
_AGENCY = r"(?:kyodo|reuters|ap|afp|upi|epa|yonhap|kcna|jiji|xinhua|tass|bloomberg|getty(?: images)?|pool|file|courtesy)"
_SIGNED = re.compile(rf"\({_AGENCY}\)$", _I)  # "(AFP)": under a photograph, but also at the end of a whole story
_CREDIT = re.compile(
    r"\([^()]{0,40}\b(?:photos?|images?|illustration|screenshot)(?: by\b[^()]{0,40})?\)\s*\.?$|"
    rf"\((?:[\w.' -]{{0,30}}/ ?)?{_AGENCY}(?:[ /,]+[\w.' -]{{0,30}})?\)\s*\.?$|"
    r"\((?:credit|courtesy|image|photo)\b[^()]{0,60}\)\s*\.?$|"
    r"(?:^|\s)(?-i:Photos?|PHOTO|Image|IMAGE|Picture|Photo credit|Image credit|Credit|CREDIT|Photograph|Caption)"
    r"(?: by| courtesy of)?\s?[:/]\s*\S.{0,80}$|"
    r"\b(?:photo|photograph|image) by (?-i:[A-Z])[\w.'’-]+(?: (?-i:[A-Z])[\w.'’/-]+){0,4}\.?$|"
    r"/\s?(?:AP|AFP|Reuters|Getty Images?|Kyodo|EPA|Yonhap)\)?\.?$",
    _I,
)
_CAPTION = re.compile(
    r"^(?:file(?: photo)?\b\s*[-–—:]|(?:in|a|an) this (?:\w+ )?(?:file |handout |undated |combination )*(?:photo|picture|image)\b|"
    r"(?:photo|picture|image|caption|pictured)\s*[:|]|pictured\b|!\[|"
    r"(?:a |an )?(?:file|handout|undated|combination)(?: file)? (?:photo|picture|image)s?\b)|"
    r"\(\d(?:st|nd|rd|th) from (?:L|R|left|right)\)|\((?:far |front |back )?(?:left|right|cent(?:er|re))\)|"
    r"\(L\).*\(R\)|\(R\).*\(L\)",
    _I,
)
_REPORTING = re.compile(r"^\(?(?:additional )?(?:reporting|writing|editing) by\b|^\(?edited by\b", _I)
_BYLINE = re.compile(r"(?:By|BY) [A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]*|and|de|van|von|of)){0,8}(?:,? [\w ]{0,40})?$")


def marks(title: str, text: str, repeated: frozenset[str] = frozenset()) -> tuple[Mark, ...]:
    """The stretches of an article's text that are no part of its story, in order, each with its kind.

    Kinds: "title" (the title again, as first line), "heading", "related", "link", "caption", "notice", "share", "byline" and
    "repeated" (a paragraph whose `fingerprint` is among `repeated`). A text in which every line looks like a notice has no
    marks at all: better one notice indexed than an article lost.
    """
    found: list[Mark] = []
    in_list = False
    whole = paragraphs(text)
    for number, (start, end) in enumerate(whole):
        line = text[start:end]
        if in_list and _is_headline(line):
            kind: str | None = "related"
        else:
            kind = _kind(line, title if number == 0 else "", is_last=number == len(whole) - 1)
            in_list = kind == "related"
        if kind is None and fingerprint(line) in repeated:
            kind = "repeated"
        if kind is not None:
            found.append(Mark(start, end, kind))
    return () if len(found) == len(whole) else tuple(found)


def fingerprint(paragraph: str) -> str:
    """What two paragraphs share that say the same word for word: a digest that knows no case and no spacing."""
    return sha256(" ".join(paragraph.casefold().split()).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Holder:
    """An article as `repeated_paragraphs` sees it: its outlet, and the words in each paragraph, by fingerprint."""

    source: str
    words: Mapping[str, int]


def repeated_paragraphs(holders: Iterable[Holder], articles: Mapping[str, int]) -> frozenset[str]:
    """The fingerprints of paragraphs that recur as only notices do.

    `holders`: every article that shares a paragraph with another; `articles`: how many there are of each outlet. A paragraph
    recurs like a notice if it is in at least 3 articles, and in at least a tenth of all, of one outlet; the background paragraph
    that an agency puts under some of its stories is in fewer. A copy of another article (half of its words or more stand
    elsewhere too) has no say, so one story under many mastheads keeps its paragraphs.
    """
    known = list(holders)
    held = Counter(print_ for holder in known for print_ in holder.words)
    votes: Counter[tuple[str, str]] = Counter()
    for holder in known:
        shared = [print_ for print_ in holder.words if held[print_] > 1]
        if 2 * sum(holder.words[print_] for print_ in shared) < sum(holder.words.values()):
            votes.update((print_, holder.source) for print_ in shared)
    return frozenset(p for (p, source), n in votes.items() if n >= max(3, articles[source] / 10))


def _kind(line: str, title: str, *, is_last: bool) -> str | None:
    words = len(line.split())
    if title and _plain(line) == _plain(title):
        return "title"
    if re.match(r"#{1,6}\s", line):
        return "related" if _RELATED.fullmatch(line.lstrip("# ")) else "heading"
    bare = line.strip("*_ ")
    if _RELATED.fullmatch(bare):
        return "related"
    if _SHARE.fullmatch(line):
        return "share"
    if words > _LONGEST_NOTICE:
        return None
    if _LINK.match(bare) and words <= _LONGEST_HEADLINE and not re.search(r"[.!]$", bare):
        return "link"
    if re.fullmatch(r"(?:[-*] )?\[[^\]]+\]\([^)]+\)", line):
        return "link"
    if _CAPTION.search(line) or (_CREDIT.search(line) and not (is_last and _SIGNED.search(line))):
        return "caption"
    if _REPORTING.match(line) or _BYLINE.fullmatch(line):
        return "byline"
    if _STRONG_NOTICE.match(line) and words <= 12:
        return "notice"
    return "notice" if _NOTICE.search(line) and '"' not in line and "“" not in line else None


def _is_headline(line: str) -> bool:
    """A line as in a list of other stories: short, and without a sentence's end (a question mark may stand)."""
    return len(line.split()) <= _LONGEST_HEADLINE and not re.search(r"""[.!…]["'”’)]*$""", line)


def _plain(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.casefold()))
