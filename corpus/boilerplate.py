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
from .dateline import is_block
from .paragraphs import paragraphs


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_I = re.IGNORECASE
_LONGEST = 600  # characters, and
_LONGEST_NOTICE = 60  # words; a longer paragraph is no notice
_LONGEST_HEADLINE = 25  # words, of a line in a list of related stories
_END = re.compile(r"""[.!…。！？]["'”’)」』]*$""")
_LABELS = "read more|also read|read also|see also|read next|up next|don['’]t miss|lesen sie auch|weiterlesen|mehr dazu|lire aussi|à lire aussi|lea también"

_LINK = re.compile(
    rf"(?:{_LABELS}|read the full (?:story|article|report))(?: (?:here|about|on|in)\b[^:.!?]{{0,40}})?(?:\s*[:|»>–—-]\s*\S.*|[.!]?)|"
    rf"(?-i:{_LABELS.upper()})\b.*",
    _I,
)
_WEAK_LINK = re.compile(
    r"(?:see more|learn more|find out more|more (?:from|on|about)|watch(?: also| now| live)?|listen|explainer|"
    r"in (?:pictures|photos)|related(?: \w+)?|recommended|editor['’]?s['’]? picks?)(?: [^:.!?]{0,40})?\s*[:|»>]\s*\S.*",
    _I,
)
_RELATED = re.compile(
    r"(?:related (?:coverage|stories|story|articles?|links?|news|content|topics?|reading)|read (?:more|also|next)|see also|"
    r"more (?:top )?(?:stories|news|coverage)|more (?:from \S.{0,30}|on this(?: story| topic)?|in \w+)|"
    r"most (?:read|popular|viewed)(?: in \w+)?|trending(?: now)?|recommended(?: for you)?|"
    r"you (?:may|might) also (?:like|be interested in)|top stories|"
    r"recommended stories|関連記事|editors?['’]?s?['’]? picks?|don['’]t miss|latest (?:news|stories|headlines))\s*:?",
    _I,
)
_NOTICE = re.compile(
    r"\byour (?:current |free |digital )?(?:subscription|membership|free trial|free articles?|inbox|subscriber account|ad ?blocker)\b|"
    r"(?:^|[.!?] )(?:please )?(?:subscribe|sign up|sign in|log in|register)(?: now| today| here| free)?(?:[.!]|$)|"
    r"(?:^|[.!?] )(?:please )?(?:subscribe|sign up|sign in|log in|register) (?:(?:now|today|here|free) )?(?:to|for) "
    r"(?:our|the (?:daily|weekly|morning|evening|latest|newsletter)|read|continue|get|receive|comment|access|view|a free|unlimited)\b|"
    r"\balready (?:a|have a|an?) (?:subscriber|subscription|account|member)\b|\bsubscribers? only\b|"
    r"\b(?:only|exclusively) (?:available )?(?:for|to) (?:our |premium |paying )?(?:subscribers|members)\b|"
    r"\bavailable to (?:our |premium |paying )?(?:subscribers|members) only\b|\breached your\b.{0,30}\blimit\b|"
    r"\b(?:get|enjoy) unlimited (?:digital )?access\b|\bcreate (?:an?|your) (?:free )?(?:display name|account)\b|"
    r"^(?:write|post|leave|add|view|read|join)\b.{0,30}\bcomments?\b(?: \(\d+\))?\.?$|\bcomments? (?:are|is) closed\b|"
    r"\bbefore (?:writing|posting) your first comment\b|\bcomment on (?:this story|stories|this article|articles)\b|"
    r"\b(?:our|free) newsletters?\b|\b(?:get|receive|join) (?:the|our)\b.{0,30}\bnewsletter\b|\benable javascript\b|"
    r"^(?:we|this (?:web)?site) uses? cookies\b|\baccept (?:all )?cookies\b|\b(?:our|agree to (?:the|our)) (?:terms|privacy|cookie)\b|"
    r"\bdownload (?:our|the) (?:\w+ )?app\b|\b(?:follow|like|join) us on\b|^follow @?\w+ on (?:twitter|facebook|instagram|telegram|x)\b|"
    r"\bsupport our (?:journalism|reporting|newsroom)\b|"
    r"\bthis (?:article|story|content) (?:is|was) (?:only )?(?:(?:available (?:to|for)|reserved)\b|"
    r"(?:originally|first) (?:published|appeared) (?:(?:on|by|at)\b|in (?-i:[A-Z])))|"
    r"\ball rights reserved[.:]?$|^all rights reserved[.:]|^(?:copyright (?:©|\(c\)|\d{4}|by\b)|© ?\S{2,}|\(c\) ?(?:\d{4}|(?-i:[A-Z])))|\b(?:material|content) may not be\b|"
    r"^\[?advertisement\]?[.:]?(?: - .{0,40})?$|^sponsored(?: content)?$|^(?:story|article) continues (?:below|after)\b.{0,40}$|"
    r"^continue reading(?: below| here| the .{0,40})?[.:]?$|^click here(?: to| for)\b.{0,60}$|^click here[.:]?$|^back to top$|"
    r"^(?:skip to (?:content|main)|(?:show|load|view|see) (?:more|all)|enlarge this image|(?:toggle|hide|show) caption|listen to this (?:article|story)|"
    r"-30-|ends|filed under: .{0,60}|topics: .{0,80}|donate(?: today| now)?[.!]?|subscribe now\b.{0,40})$|"
    r"^support independent journalism\b|"
    r"^\d+ min(?:ute)?s? read$|^(?:last )?updated(?: (?:on|at))?: .{0,40}$|^tags?: .{0,80}$|^our standards: ",
    _I,
)
_LEGAL = re.compile(
    r"(?:(?:privacy|cookie) (?:policy|statement|settings)|terms (?:of (?:use|service)|and conditions)|contact us|about us)", _I
)
_SHARE_WORDS = _words(
    "share tweet email e-mail print save facebook twitter x whatsapp linkedin reddit telegram pinterest messenger comment comments "
)
_SHARE_MORE = _words("copy link copied this story article page on via by click to opens in new window line shares ")
# What tells of a notice instead of being one.
_TOLD = re.compile(
    r"\b(?:told|said|says|announced|warned|sued|accused|according to|advised?|learnt|learned|taught|ruled|showed?|shown|listed|asked|was (?:the|a) first|"
    r"customers|voters|the court|the police|is a sign)\b",
    _I,
)
_ROLES = (
    r"(?:reporter|correspondent|writer|editor|columnist|journalist|professor|lecturer|fellow|novelist|producer|contributor|researcher|author|"
    r"photographer|analyst)"
)
_TEASER = re.compile(
    r"(?:see|view|watch|browse|explore) (?:the |our |more |all )?(?:photos?|pictures?|images?|videos?|gallery|slideshow|map|graphic)\b.*|"
    r"(?:ireport|videos?|photos?|gallery|in pictures|slideshow|interactive|quiz|podcast|live ?blog|newsletter|infographic|fact check)"
    r"\s?[:|»]\s?\S.*|\S.*(?:»|>>|›)",
    _I,
)
_NOTE = re.compile(
    rf"(?-i:(?:[A-Z][\w.'’-]+ ){{1,4}})(?:is|was) (?:an?|the) (?:[\w-]+ ){{0,5}}{_ROLES}(?: emeritus)?(?: (?:of|in) [\w ]{{3,40}})?"
    r"(?:[.,]| (?:at|for|with|of|based|covering|who (?:covers|writes|reports))\b).*|about the author\b.*|"
    r"with (?:files|reporting|additional reporting) (?:from|by) (?-i:[A-Z])[\w .,’'&-]{0,80}|(?:the )?(?:views|opinions) expressed\b.*|"
    r"this (?:story|article|report|post) (?:has been|was) (?:updated|corrected|amended)\b.*|"
    r"(?:correction|clarification)s?\s?[:(].*|an earlier version of this (?:story|article|report)\b.*|"
    r"(?:e-?mail|contact|write to) .{2,60}\bat \S+@\S+\b.*|"
    r"(?:the|this) (?:author|writer|reporter) (?:is|was)\b.*|.*\bcontributed (?:to this (?:report|story|article)|reporting)\b.*|"
    r"(?:editor|author|correction)['’]?s? note\s?[:.].*|.*\bfollow (?:him|her|them|me) (?:on|at)\b.*|.*\b(?:contact|e-?mail) (?:the (?:author|"
    r"reporter)|him|her) at\b.*|.*\bcan be reached (?:at|by)\b.*",
    _I,
)
_NOTES = 3  # last paragraphs, among which an author's note stands
_AGENCY = r"(?:kyodo|reuters|ap|afp|upi|epa|yonhap|kcna|jiji(?: press)?|xinhua|tass|ansa|dpa|efe|bloomberg|getty(?: images)?|pool|file|courtesy)"
# What a caption has that a brief signed by an agency has not: a whole date, or what is seen in the picture, as it is seen.
_SEEN = re.compile(
    r"\b(?:photo|picture|image|pictured|seen|file)\b|\b(?-i:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}, \d{4}\b|"
    r"\b(?:speaks?|speaking|walks?|walking|poses?|shakes?|waves?|looks?|holds?|holding|arrives?|leaves?|attends?|meets?|stands?|standing|sits?|shows|"
    r"smiles?|listens?|gestures?|delivers?|answers?|bows?|prays?|carry|carries|gathers?|inspects?|visits?|greets?|embraces?|hugs?|talks?|at dawn)\b",
    _I,
)
_SIGNED = re.compile(rf"\({_AGENCY}\)\.?$", _I)  # "(AFP)": under a photograph, but also at the end of a whole story
_CREDIT = re.compile(
    r"\([^()]{0,40}\b(?:photos?|images?|illustration|screenshot)(?: by\b[^()]{0,40})?\)\s*\.?$|"
    rf"(?:[.!?][\"”]?\s*\((?:[\w.' -]{{0,30}}/ ?)?{_AGENCY}(?:[ /,]+[\w.' -]{{0,30}})?\)\.?|"
    rf"\((?:[\w.' -]{{0,30}}/ ?)?{_AGENCY}(?:[ /,]+[\w.' -]{{0,30}})?\))$|"
    r"\((?:credit|courtesy|image|photo)\b[^()]{0,60}\)\s*\.?$|"
    r"(?:^|\s)(?-i:Photos?|PHOTO|Image|IMAGE|Picture|Photo credit|Image credit|Credit|CREDIT|Photograph|Caption)"
    r"(?: by| courtesy of)?\s?[:/]\s*\S.{0,80}$|"
    r"\b(?:photo|photograph|image) by (?-i:[A-Z])[\w.'’-]{0,30}(?: (?-i:[A-Z])[\w.'’/-]{0,30}){0,4}\.?$|"
    r"(?:/|\|)\s?(?:AP|AFP|Reuters|Getty Images?|Kyodo|EPA|Yonhap)\)?\.?$|"
    r"\bhandout via (?-i:[A-Z])\w+$|\bcourtesy of (?:the )?(?-i:[A-Z])[\w ]{2,40}$|^(?:foto|crédit photo|bild|写真)\s?[:：/]\s*\S.{0,60}$|"
    r"^illustration by\b.{0,60}$|\b(?-i:REUTERS|AFP|AP|GETTY)/(?-i:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3})$",
    _I,
)
_POSITION = r"\((?:(?:far|front|back|top|bottom|second from|third from) )?(?:left|right|cent(?:er|re))\)"
_CAPTION = re.compile(
    r"^(?:file(?: photo)?\b\s*[-–—:]|(?:in|a|an) this (?:\w+ )?(?:file |handout |undated |combination ){0,3}(?:photo|picture|image)\b|"
    r"(?:photo|picture|image|caption|pictured)\s*[:|]|pictured(?: above| below| left| right)?[:,]|!\[|"
    r"(?:a |an )?(?:file|handout|undated|combination)(?: file)? (?:photo|picture|image)s?\b)|"
    rf"\(\d(?:st|nd|rd|th) from (?:L|R|left|right)\)|(?-i:[A-Z]\w{{0,30}} [A-Z]\w{{0,30}}) {_POSITION}|"
    rf"{_POSITION}.{{1,200}}{_POSITION}|\(L\).{{1,200}}\(R\)|\(R\).{{1,200}}\(L\)",
    _I,
)
_PARTY = re.compile(r"\((?:D|I|G|[RDI]-[A-Z][a-z.]*)\)")  # with which (R) and (L) are no right and left
_BY = re.compile(r"\(?(?:(?:additional )?(?:reporting|writing|editing) by|by|(?-i:Par|Von|Por)) (?=[A-Z])", _I)
_NAME_PARTS = _words(
    "and in for with de van von of the additional reporting writing editing by staff our reporter correspondent "
    "writer editor chief senior political business science health education "
)


def marks(title: str, text: str, repeated: frozenset[str] = frozenset()) -> tuple[Mark, ...]:
    """The stretches of an article's text that are no part of its story, in order, each with its kind.

    Kinds: "title" (the title again, as first line), "heading", "related", "link", "caption", "notice", "share", "byline", "note" and
    "repeated" (a paragraph whose `fingerprint` is among `repeated`). Of a text that is one paragraph, that paragraph is the story.
    """
    found: list[Mark] = []
    in_list = False
    whole = paragraphs(text)
    signed = sum(_SIGNED.search(text, max(start, end - 40), end) is not None for start, end in whole)
    briefs = signed > 1 and 3 * signed >= 2 * (
        len(whole) - 1
    )  # an agency signs most paragraphs: it tells them, and took no photographs
    for number, (start, end) in enumerate(whole):
        line = text[start:end]
        if in_list and _is_headline(line):
            kind: str | None = "related"
        elif number == 0 and title and _plain(line) == _plain(title):
            kind = "title"
        else:
            kind = None
            if len(whole) > 1 and len(line) <= _LONGEST:
                code = text[max(0, start - 4) : start] == "    "
                kind = _kind(line, after=len(whole) - 1 - number, told=briefs, code=code)
            in_list = kind == "related"
        if kind is None and fingerprint(line) in repeated:
            kind = "repeated"
        if kind is not None:
            found.append(Mark(start, end, kind))
    return tuple(found)


def fingerprint(paragraph: str) -> str:
    """What two paragraphs share that say the same word for word: a digest that knows no case and no spacing."""
    return sha256(" ".join(paragraph.casefold().split()).encode("utf-8", "replace")).hexdigest()[:32]


def story_paragraphs(title: str, text: str) -> list[tuple[str, int]]:
    """The (fingerprint, words) of each paragraph that no rule marks: those that may turn out to recur."""
    marked = {mark.start for mark in marks(title, text)}
    pieces = (text[start:end] for start, end in paragraphs(text) if start not in marked)
    return [(fingerprint(piece), len(piece.split())) for piece in pieces]


@dataclass(frozen=True, slots=True)
class Holder:
    """An article as `repeated_paragraphs` sees it: its outlet, and the words in each paragraph, by fingerprint."""

    source: str
    words: Mapping[str, int]


def repeated_paragraphs(holders: Iterable[Holder], articles: Mapping[str, int]) -> frozenset[str]:
    """The fingerprints of paragraphs that recur as only notices do.

    `holders`: every article that shares a paragraph with another; `articles`: how many there are of each outlet. A paragraph
    recurs like a notice if it is in at least 4 articles, and in at least a tenth of all, of one outlet; the background paragraph
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
    return frozenset(p for (p, source), n in votes.items() if n >= max(4, articles[source] / 10))


def _kind(line: str, *, after: int, told: bool, code: bool) -> str | None:
    """What a line is, by what it says. `after`: how many follow it; `told`: whether the line may be a story that an agency signed;
    `code`: whether it is indented as code is.
    """
    words = len(line.split())
    if code:
        return None
    if re.match(r"#{1,6}\s", line) and " | " not in line:
        return "related" if _RELATED.fullmatch(line.lstrip("# ")) else "heading"
    bare = line.strip("*_•>- ")
    if _RELATED.fullmatch(bare):
        return "related"
    if words > _LONGEST_NOTICE:
        return None
    if words <= _LONGEST_HEADLINE and (_LINK.fullmatch(bare) or (_WEAK_LINK.fullmatch(bare) and not _END.search(bare))):
        return "link"
    if re.fullmatch(r"(?:[-*] )?\[[^\]]+\]\([^)]+\)", line):
        return "link"
    if _is_share(line):
        return "share"
    if (_CAPTION.search(line) and not _PARTY.search(line)) or (
        _CREDIT.search(line) and not (_SIGNED.search(line) and (told or not after or not _SEEN.search(line)))
    ):
        return "caption"
    if words <= _LONGEST_HEADLINE and _TEASER.fullmatch(bare) and not _END.search(bare):
        return "link"
    if is_byline(line):
        return "byline"
    quoted = '"' in line or "“" in line
    if (_NOTICE.search(line) and not quoted and not _TOLD.search(line)) or (
        words <= 12 and _LEGAL.match(line) and not _END.search(line)
    ):
        return "notice"
    is_note = after < _NOTES or line.startswith(("Editor", "Correction", "Clarification"))
    return "note" if is_note and not quoted and _NOTE.fullmatch(line.strip("*_() ")) and not _told_by_others(line) else None


def _told_by_others(line: str) -> bool:
    """Whether a line tells of somebody: "..., the police said"."""
    return (
        re.search(r"(?:, (?:the )?[\w’' ]{2,40} (?:said|says|was told|were told|it was learnt)\b|\bthe (?:police|court)\b)", line)
        is not None
    )


def _is_share(line: str) -> bool:
    """A row of buttons: nothing but the words on them."""
    words = [word for word in re.split(r"[\s|,/·•():]+", line.casefold()) if word]
    known = all(word in _SHARE_WORDS or word in _SHARE_MORE or word.isdigit() for word in words)
    return 0 < len(words) <= 20 and known and any(word in _SHARE_WORDS for word in words)


def is_byline(line: str) -> bool:
    """Whether a line says who wrote a story, or when and by which outlet it was published, and nothing else."""
    if is_block(line):
        return True
    found = _BY.match(line)
    words = re.findall(r"[^\s,;&/()|]+", re.sub(r"\S+@\S+", "", line[found.end() :])) if found else []
    return 0 < len(words) <= 25 and all(word[0].isupper() or word in _NAME_PARTS for word in words)


def _is_headline(line: str) -> bool:
    """A line as in a list of other stories: short, and without a sentence's end (a question mark may stand)."""
    return len(line.split()) <= _LONGEST_HEADLINE and len(line) <= 160 and not _END.search(line)


def _plain(line: str) -> str:
    return " ".join(re.findall(r"\w+", line.casefold()))
