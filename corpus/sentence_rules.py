"""Patterns of what a sentence ends with, goes on with and begins with, where sentencex trips."""

from __future__ import annotations

import re

Around = tuple[re.Pattern[str], re.Pattern[str]]  # what stands before a place, and what after it

# Words of which a sentence is a quotation's "he said": "“Who will pay?” Prime Minister Orban demanded."
_SAYS = (
    "said|says|asked|asks|added|told|replied|answered|wrote|wondered|insisted|shouted|warned|explained|joked|recalled|demanded|"
    "intoned|exclaimed|cried|yelled|screamed|whispered|muttered|murmured|remarked|quipped|quoted|retorted|responded|declared|"
    "announced|continued|concluded|commented|argued|inquired|enquired|queried|mused|pleaded|begged|complained|snapped|growled|"
    "called out|roared|sighed|laughed|boasted|observed|noted|tweeted|posted|pondered|countered|implored|urged|vowed|thundered"
)
# With these a sentence begins, and a name or an abbreviation hardly goes on.
OPENS = (
    r"(?:The|This|That|These|Those|An?|He|She|It|They|We|His|Her|Its|Their|In|On|At|By|But|And|For|From|With|After|Before|When|While|As|"
    r"If|There|Officials|Police|Both|Some|Most|Many|Several|No|Not|So|Then|However|Meanwhile|Last|Since|Under)\s"
)
_OPENS_IN = {
    "de": r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Er|Sie|Es|Wir|Seine?|Ihre?|Im|In|Am|An|Auf|Aber|Doch|Und|Dann|Danach|Dort|Nach|Mit)\s",
    "fr": r"(?:(?:Les?|La|Une?|Des|Ils?|Elles?|On|Nous|Son|Sa|Ses|En|Dans|Au|Aux|Mais|Et|Ces?|Cette|Puis|Pour|Selon)\s|[LDC]['’])",
    "it": r"(?:(?:Il|La|Lo|I|Gli|Le|Un[ao]?|Nel|Nella|In|Ma|E|Poi|Dopo|Con|Per|Si|Quest[aoei]|Era|Non|Anche|Alla?)\s|[LU]n?['’])",
    "es": r"(?:El|La|Los|Las|Una?|En|Pero|Y|Después|Con|Por|Para|Su|Sus|Se|No|Es|Est[ae]|Al|Ell[ao]s?|Él)\s",
}
# Of a language the abbreviations of titles and the like, after which a name stands, and those after which a number stands.
_TITLES_IN = {
    "en": "Figs?|Nos?|Sens?|Reps?|Govs?|Gens?|Messrs|[Aa]pprox|pp?|[Cc]f|[FP]t|Mt|St|Mmes?|Mlles?|Amb|Atty|Com",
    "fr": "Drs?|[Pp]rof|Mgr|Me|MM|Mmes?|Mlles?|Ste?|[Gg]én|Cap|Col|Mr|boul|bd",
    "it": (
        "[Oo]n|[Oo]nn|[Aa]rch|[Ii]ng|[Aa]vv|[Dd]ott|[Dd]ott\\.ssa|[Pp]roff?|[Ss]ig|[Ss]ig\\.ra|[Gg]eom|[Rr]ag|[Dd]r|[Mm]ons|[Ss]en|[Gg]en|"
        "[Cc]ol|[Cc]ap|S|SS|F\\.lli|S\\.p\\.A|S\\.r\\.l"
    ),
    "es": "D|Dña|Dª|D\\.ª|Da|Sres?|Sras?|Srta|Dra?s?|Profa?|Gral|Lic|Ing|Arq|Mons|Fr|Sto|Sta|Exc?mo|Exc?ma|Avda|[Pp]za",
    "de": "Fa|Ing|Dipl|Dr|Prof|Hr|Fr|Frl|St|Hl|Mag|Rev|Nr|Abg",
}
_BEFORE_NUMBERS_IN = {
    "en": "[Dd]ep|[Aa]rr|[Vv]ol|[Cc]h|[Ss]ec|[Tt]el|[Ee]xt",
    "fr": "[Aa]rt|[Nn]o|[Pp]|[Vv]ol|[Tt]él|[Jj]anv|[Ff]évr?|[Aa]vr|[Jj]uil|[Aa]oû|[Ss]ept|[Oo]ct|[Nn]ov|[Dd]éc|[Ff]ig|env|av",
    "it": "[Nn]|[Nn]n|[Nn]r|[Aa]rtt?|[Pp]agg?|[Pp]|[Vv]ol|[Tt]el|[Gg]enn?|[Ff]ebbr?|[Aa]pr|[Ss]ett|[Oo]tt|[Nn]ov|[Dd]ic|ca",
    "es": "[Aa]rts?|[Nn]úms?|[Pp]ágs?|[Pp]|[Vv]ol|[Tt]el|[Nn]|[Ee]ne|[Ff]eb|[Aa]br|[Aa]go|[Ss]ept?|[Oo]ct|[Nn]ov|[Dd]ic",
    "de": "Nr|Art|Abs|S|Bd|Kap|Abb|Tel|ca|Jan|Feb|Apr|Aug|Sept?|Okt|Nov|Dez",
}
_NAME = r"(?:[A-ZÀ-Ý][\w'’-]{0,40}|[A-Z][a-z]{0,4}\.|(?:[A-Z]\.){1,4})"
_SMALL_WORD = r"(?:(?!(?:that|and|but|as|when|if|because|after|before|who|which|was|is|had|has)\b)[a-z][\w’'-]{0,20})"
_SPEAKER = (
    rf"(?!{OPENS})(?:{_NAME}\s{{1,3}}){{0,6}}{_NAME}(?:,\s[^,.?!\n]{{1,60}},)?\s{{1,3}}"
    rf"(?:(?:{_SMALL_WORD}\s{{1,3}}){{1,3}}(?:{_NAME}\s{{1,3}}){{1,6}}|(?<=['’]s\s)(?:{_SMALL_WORD}\s{{1,3}}){{1,3}})?"
)
# sentencex 1.0 ends a sentence after these; text goes on ("at 9 p.m. Tuesday", "Figs. 1 and 2", "“Who knows?” Kishida asked").
GOES_ON: tuple[Around, ...] = (
    (
        re.compile(r"\b[ap]\.m\.\s*$"),
        re.compile(
            r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.|"
            r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
            r"[A-Z]{1,3}S?T|GMT|UTC|Eastern|Pacific|Central|Mountain|Japan|Local)\b)"
        ),
    ),
    (re.compile(rf"(?:^|[\s(])(?:{_TITLES_IN['en']})\.\s*$"), re.compile(r"[A-Z\d]")),
    (re.compile(rf"(?:^|[\s(])(?:{_BEFORE_NUMBERS_IN['en']})\.\s*$"), re.compile(r"\d")),
    (re.compile(r"(?:^|[\s(«])(?:M|MM)\.\s*$"), re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]")),  # French: Monsieur
    (re.compile(r"[.?!…]['\"”’»)\]]*\s*$"), re.compile(r"[&\[,;)]")),  # no sentence begins so
    (re.compile(r"[.?!…]['\"”’»)]+\s*$|\]\s*$"), re.compile(r"[a-zß-öø-ÿ]")),
    (
        re.compile(r"[?!…]['\"”’»]+\s*$"),
        re.compile(rf"{_SPEAKER}(?:{_SAYS})\b(?!\s+(?:\w+\s+){{0,3}}that\b)|(?:{_SAYS})\s+[A-Z]"),
    ),
    (re.compile(r"[」』”]$"), re.compile("[とってなのはがを]")),  # Japanese: what was said goes on
    (
        re.compile("[。？！?!…][”’」』]$"),  # Chinese: who said it
        re.compile(r"(?:(?![没沒不未])[一-鿿·]){0,16}?(?:[说說问問答喊叫]|[说說问問答喊叫笑写寫]?道|表示|指出)(?:[。，,；;！!]|$)"),
    ),
)
# The same where no space stands between: "356 av. J.-C.", "c.-à-d.", "Dipl.-Ing.", "a.C.", "1.º".
JOINED: tuple[Around, ...] = (
    (re.compile(r"\w\.$"), re.compile(r"-\w")),
    (re.compile(r"(?:^|[\s(])\w\.$"), re.compile(r"[A-Z]\.")),
    (re.compile(r"\d\.$"), re.compile("[ºª°]")),
)
# And in one language, but before a word with which a sentence begins.
GOES_ON_IN: dict[str, tuple[Around, ...]] = {
    language: (
        (
            re.compile(rf"(?:^|[\s(«'’-])(?:{_TITLES_IN[language]})\.\s*$"),
            re.compile(rf"(?!{opens})[A-ZÀ-Ý]"),
        ),
        (re.compile(rf"(?:^|[\s(«'’])(?:{_BEFORE_NUMBERS_IN[language]})\.\s*$"), re.compile(r"\d")),
        (re.compile(r"(?:^\s*|-)[A-ZÀ-Ý]\.\s*$|\b[ad]\.\s?C\.\s*$"), re.compile(rf"(?!{opens})[A-ZÀ-Ý][a-zà-ÿ]")),
    )
    for language, opens in _OPENS_IN.items()
}
SMALL = re.compile(r"\s{0,80}[a-zß-öø-ÿ](?!\w*[A-Z])")  # nor so, but where a text knows no capitals; "iPhone" may
ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.\s*$")
WITH_ORDINALS = ("de", "da", "nb", "nn", "no", "fi", "cs", "sk", "sl", "hr", "hu", "et", "is", "tr", "lv")  # "Der 2. Weltkrieg"
# German: nothing that has an ordinal begins so ("Er wurde 85. Seine Frau lebt noch.").
AFTER_NUMBER = {"de": re.compile(r"(?:Er|Sie|Es|Wir|Seine?|Ihre?|Doch|Aber|Und|Dann|Danach)\s")}
NUMBER_ALONE = re.compile(r"\s*\(?\d{1,3}[.)]\s*")  # of an item in a list
FIRST_OF_LIST = re.compile(r"[:;]\s{1,3}(\(?1[.)]\s{0,3})$")
SECOND_OF_LIST = re.compile(r"\s\(?2[.)]\s")
# Of a note, which belongs to what stands before it: "12,000.*", "2010.³,⁴", "came.(4)".
_RAISED = "[¹²³⁰-⁹ᵃ-ᵛʰ-ʸⁱⁿ]"
SIGN = re.compile(
    rf"(?:{_RAISED}{{1,9}}(?:[,–-]{_RAISED}{{1,9}}){{0,9}}|\[\d{{1,3}}\]|(?<=\S)(?:\(\d{{1,3}}\)|[*†‡]{{1,3}})(?=\s|$))+"
)
CLOSING = re.compile("[」』）】》〉]{1,3}")  # of a quotation or a bracket, before which no sentence ends
# Where it misses one: "(It was late.) The end."; after a word that is an abbreviation too; after one that ends a name, before a
# word with which a name hardly goes on.
MISSED = re.compile(
    r"""[.!?]\)\s+(?=[A-Z"“])"""
    r"""|\s(?:no|me|ok|id|art|arc|may|May|ill|fed|med|min|ore|con|del|miss)\.\s+(?=[A-Z“"][a-z“"]|[AI]\s)"""
    rf"""|\b(?:Co|Jr|Sr|Inc|Ltd|etc|Corp|Bros|a\.m|p\.m|U\.S|St|Ave|Rd|Blvd|Hwy|Sq)\.\s+(?={OPENS})"""
    r"""|\w…\s{1,3}(?=(?!I\s)[A-Z][\w’']{0,30}\s[a-z])"""
    r"""|[。！？]）(?=[\u3040-\u30ff\u3400-\u9fff])(?![とってなのはがをにもへ])"""
)
