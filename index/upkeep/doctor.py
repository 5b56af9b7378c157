"""Doctor: verifies every checksum and invariant of an index, and says what mends what it finds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

from ...corpus.article import Article, Passage
from ...corpus.boilerplate import Holder, repeated_paragraphs, story_paragraphs
from ...corpus.minhash import bands
from ...errors import IndexDamaged
from .. import remedies
from ..lexical.word_set import word_set
from ..place import is_remote
from ..segments.reader import SegmentReader
from ..storage import articles, database, layout, word_lists
from ..storage.articles import story_seal
from ..storage.layout import segment_name
from ..storage.manifest import Counts, Manifest, SegmentMeta, get_meta, read_manifest, sha256_hex
from ..storage.vectors import is_unit, stored_vectors, vector_keys

_TRIES = 5  # a writer may publish, and drop segments, between the look at the manifest and the opening of them


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what mends it."""

    what: str
    remedy: str


def examine(folder: str | Path) -> list[Finding]:
    """All that is wrong with the last commit of an index, in a folder or at an address. Raises IndexMissing and IndexNoAccess."""
    if is_remote(folder):
        from .remote_doctor import wrongs

        return [Finding(what, remedies.mend(folder)) for what in wrongs(str(folder))]
    folder = Path(folder)
    found: list[Finding] = []
    db = None
    try:
        db, examination = _begun(folder)
        with database.guarded(folder):
            for finding in examination.findings():
                found.append(finding)  # noqa: PERF402 - what was found is kept where the next step raises
    except IndexDamaged as error:
        found.append(Finding(error.what, error.remedy))
    except (TypeError, ValueError, LookupError) as error:  # values of other kinds than were stored
        found.append(Finding(f"{folder / layout.FILE}: holds what was never stored ({error})", remedies.mend(folder)))
    finally:
        if db is not None:
            db.close()
    return found


def _begun(folder: Path) -> tuple[sqlite3.Connection, _Examination]:
    """A snapshot of an index: of the tables and of its segments, which stay mapped when a writer drops them."""
    for attempt in range(_TRIES):
        db = database.connect_to_read(folder)
        examination = _Examination(folder, db)
        if examination.whole:
            break
        with closing(database.connect_to_read(folder)) as now, suppress(sqlite3.DatabaseError, IndexDamaged):
            if (there := read_manifest(now)) is not None and there.generation != examination.generation and attempt + 1 < _TRIES:
                db.close()
                continue
        break
    return db, examination


class _Examination:
    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self._folder, self._db = folder, db
        self._mend = remedies.mend(folder)
        self._cuts: dict[int, tuple[str, list[Passage]]] = {}  # by number: id and passages
        self._keys: dict[int, list[bytes]] = {}
        self._seal: int | None = 0  # of the words of all articles, None where one is damaged
        self._opened: dict[int, SegmentReader | Exception] = {}
        self.generation: int | None = None
        with suppress(sqlite3.DatabaseError, IndexDamaged, TypeError, ValueError, LookupError):  # to be found again below
            if database.format_of(db) == layout.FORMAT and (manifest := read_manifest(db)):
                self.generation = manifest.generation
                for expected in manifest.segments:
                    try:
                        self._opened[expected.number] = self._mapped(expected)
                    except (IndexDamaged, OSError) as error:
                        self._opened[expected.number] = error

    @property
    def whole(self) -> bool:
        """Whether all segments could be mapped."""
        return not any(isinstance(segment, Exception) for segment in self._opened.values())

    def _mapped(self, expected: SegmentMeta) -> SegmentReader:
        number = expected.number
        row = self._db.execute("SELECT dead FROM segment WHERE number = ?", (number,)).fetchone()
        if row is None or sha256_hex(row[0]) != expected.dead:
            raise IndexDamaged(f"{layout.FILE}: the list of what was removed from segment {number} is not as it was stored")
        return SegmentReader.open(self._folder / segment_name(number), expected, np.frombuffer(row[0], np.int32))

    def findings(self) -> Iterator[Finding]:
        file = self._folder / layout.FILE
        for (said,) in self._db.execute("PRAGMA integrity_check(3)"):
            if said != "ok":
                yield Finding(f"{file}: {' '.join(said.split())}", self._mend if "index" in said else remedies.BEYOND_REPAIR)
        if database.format_of(self._db) < layout.FORMAT:
            yield Finding(f"{file}: of an older format", "it is brought to the present one when it is next used")
            return
        manifest = read_manifest(self._db)
        if manifest is None:
            yield Finding(f"{self._folder}: nothing was ever published there", "add articles")
            return
        if get_meta(self._db, "encoder") != manifest.encoder.record():
            yield Finding(f"{layout.FILE}: its encoder is not that of its manifest", self._mend)
        yield from self._articles(manifest.encoder.identity)
        if self._seal is not None and word_lists.checksum(self._db) != self._seal:
            yield Finding(f"{layout.FILE}: its lists of words are not those of the articles", self._mend)
        yield from self._vectors(manifest.encoder.dimension)
        yield from self._repeated()
        yield from self._counted()
        yield from self._stories()
        for segment in manifest.segments:
            yield from self._segment(segment)
        yield from self._whole(manifest)

    def _articles(self, identity: str) -> Iterator[Finding]:
        columns = f"{articles.COLUMNS}, digest, passages, number, derived.number IS NULL"
        for *row, cuts, number, missing in self._db.execute(f"SELECT {columns} FROM article LEFT JOIN derived USING (number)"):
            try:
                article = articles.checked(row)
            except IndexDamaged as error:
                yield Finding(error.what, f"{error.remedy}, or {self._mend}, which leaves it out")
                self._seal = None
                continue
            try:
                passages = articles.passages(cuts)
                spans = [(s.start, s.end) for p in passages for s in p.sentences]
            except IndexDamaged:
                spans, passages = [(0, 0)], []
            ordered = all(a < b for a, b in spans) and all(b <= a for (_, b), (a, _) in pairwise(spans))
            if missing or cuts is None or not ordered or (spans and not 0 <= spans[0][0] < spans[-1][1] <= len(article.text)):
                yield Finding(f"article {article.id!r}: its sentences do not lie in its text one after the other", self._mend)
                self._seal = None
                continue
            self._cuts[number] = (article.id, passages)
            self._keys[number] = vector_keys(identity, article, passages)
            yield from self._derived(article, number)
        for (number,) in self._db.execute("SELECT number FROM derived WHERE number NOT IN (SELECT number FROM article)"):
            yield Finding(f"{layout.FILE}: derived row {number} belongs to no article", self._mend)

    def _derived(self, article: Article, number: int) -> Iterator[Finding]:
        db = self._db
        held = dict(db.execute("SELECT fingerprint, words FROM paragraph WHERE article = ?", (number,)))
        shared = {key for (key,) in db.execute("SELECT key FROM band WHERE article = ?", (number,))}
        if held != dict(story_paragraphs(article.title, article.text)) or shared != set(bands(article)):
            yield Finding(f"article {article.id!r}: its paragraphs or bands are not those of its text", self._mend)
        if self._seal is not None:
            self._seal += word_lists.seal(number, word_set(article.text))

    def _vectors(self, dimension: int) -> Iterator[Finding]:
        used = Counter(key for keys in self._keys.values() for key in set(keys))
        bad: Counter[str] = Counter()
        for key, value, crc, count in self._db.execute("SELECT key, value, crc, used FROM vector"):
            if not isinstance(value, bytes) or crc32(value) != crc:
                bad["not as they were stored"] += 1
            elif len(value) != 4 * dimension or not is_unit(value):
                bad["not of unit length"] += 1
            elif count != used[key]:
                bad["not counted right"] += 1
            used.pop(key, None)
        bad["missing"] += len(used)
        for what, count in bad.items():
            if count:
                yield Finding(f"{layout.FILE}: {count} vectors are {what}", self._mend)

    def _repeated(self) -> Iterator[Finding]:
        """By `repeated_paragraphs` over all articles at once."""
        rows = self._db.execute(
            "SELECT source, number, fingerprint, words FROM paragraph JOIN article ON number = article ORDER BY number"
        ).fetchall()
        grouped = groupby(rows, key=lambda row: row[:2])
        holders = [Holder(source, {fingerprint: words for *_, fingerprint, words in some}) for (source, _), some in grouped]
        outlets = dict(self._db.execute("SELECT source, count(*) FROM article GROUP BY source"))
        if sorted(repeated_paragraphs(holders, outlets)) != get_meta(self._db, "repeated"):
            yield Finding(f"{layout.FILE}: its list of recurring paragraphs is not right", self._mend)

    def _counted(self) -> Iterator[Finding]:
        """Which articles are their own, and their votes, by all paragraphs at once."""
        db = self._db
        held = Counter(fingerprint for (fingerprint,) in db.execute("SELECT fingerprint FROM paragraph"))
        words: Counter[int] = Counter()
        shared: Counter[int] = Counter()
        for number, fingerprint, count in db.execute("SELECT article, fingerprint, words FROM paragraph"):
            words[number] += count
            shared[number] += count * (held[fingerprint] > 1)
        own = {number: int(2 * shared[number] < words[number]) for (number,) in db.execute("SELECT number FROM derived")}
        votes = Counter(
            (fingerprint, source)
            for number, fingerprint, source in db.execute(
                "SELECT article, fingerprint, source FROM paragraph JOIN article ON number = article"
            )
            if own.get(number)
        )
        stored = {(fingerprint, source): count for fingerprint, source, count in db.execute("SELECT * FROM vote")}
        if own != dict(db.execute("SELECT number, own FROM derived")) or dict(votes) != stored:
            yield Finding(f"{layout.FILE}: what it counts of paragraphs is not right", self._mend)

    def _stories(self) -> Iterator[Finding]:
        split = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM band JOIN derived ON number = article GROUP BY key "
            "HAVING count(DISTINCT story) > 1 OR count(story) < count(*))"
        ).fetchone()[0]
        told = Counter(story for (story,) in self._db.execute("SELECT story FROM derived"))
        rows = self._db.execute("SELECT number, story, told, crc, own FROM derived")
        nameless = sum(
            t != told[story] or story_seal(number, story, t) != crc or own is None for number, story, t, crc, own in rows
        )
        if split or nameless:
            yield Finding(f"{layout.FILE}: the copies of {split + nameless} stories are not told apart", self._mend)

    def _segment(self, expected: SegmentMeta) -> Iterator[Finding]:
        number = expected.number
        folder = self._folder / segment_name(number)
        try:
            segment = self._opened[number]
            if isinstance(segment, Exception):
                raise segment
            segment.verify()
        except (IndexDamaged, OSError) as error:
            yield Finding(error.what if isinstance(error, IndexDamaged) else str(error), self._mend)
            return
        yield from (Finding(f"{folder}: {what}", self._mend) for what in self._wrong(segment, number))

    def _wrong(self, segment: SegmentReader, number: int) -> Iterator[str]:
        db = self._db
        rows = dict(db.execute("SELECT row, number FROM derived WHERE segment = ?", (number,)))
        alive = np.ones(len(segment.outlet), bool) if segment.alive is None else segment.alive
        if sorted(rows) != np.flatnonzero(alive).tolist():
            yield "its articles are not those of the tables"
            return
        for name, strings in (("articles", segment.articles), ("vocabulary", segment.terms), ("outlets", segment.outlets)):
            found = [strings[place] for place in range(len(strings))]
            if found != sorted(set(found)):
                yield f"its {name} are not sorted"
        passages, sentences, stored = segment.passages.all(), segment.sentences.all(), segment.dense.vectors.all()
        for row, article_number in rows.items():
            if article_number not in self._cuts:
                continue
            article_id, cuts = self._cuts[article_number]
            first, last = np.searchsorted(passages[:, 0], [row, row + 1])
            ours = [[(s.start, s.end) for s in p.sentences] for p in cuts]
            begins = [*passages[first:last, 3].tolist(), int(passages[last, 3]) if last < len(passages) else len(sentences)]
            theirs = [[(int(s), int(e)) for _, s, e in sentences[a:b]] for a, b in pairwise(begins)]
            if segment.articles[row] != article_id or ours != theirs:
                yield f"article {article_id!r} is not cut as in the tables"
                continue
            try:
                vectors = list(stored_vectors(db, b"".join(self._keys[article_number]), stored.shape[1]))
            except IndexDamaged:  # found before
                continue
            if vectors and not np.array_equal(np.concatenate(vectors), stored[begins[0] : begins[-1]]):
                yield f"the vectors of article {article_id!r} are not those of the tables"
        for level, postings in segment.levels.items():
            documents = {"article": len(segment.outlet), "passage": len(passages), "sentence": len(sentences)}[level]
            if not postings.sound(documents, len(segment.terms)):
                yield f"the postings of its {level}s are not sorted or do not add up"
        if len(stored) != len(sentences):
            yield "it has not one vector per sentence"
        edges = np.searchsorted(passages[:, 0], np.arange(len(segment.outlet) + 1))
        ends = np.append(passages[:, 3], len(sentences))[edges]
        if not np.array_equal(segment.firsts.all(), np.stack([edges, ends], axis=1)):
            yield "where its articles begin is not right"

    def _whole(self, manifest: Manifest) -> Iterator[Finding]:
        passages = [len(p) for _, p in self._cuts.values()]
        sentences = sum(len(keys) for keys in self._keys.values())
        counts = Counts(len(self._cuts), sum(passages), sentences)
        (lost,) = self._db.execute("SELECT count(*) FROM derived WHERE segment IS NULL").fetchone()
        numbers = [segment.number for segment in manifest.segments]
        (strange,) = self._db.execute(
            f"SELECT count(*) FROM derived WHERE segment NOT IN ({','.join('?' * len(numbers))})", numbers
        ).fetchone()
        digests = self._db.execute("SELECT digest FROM article")
        content = sum(int(sha256_hex(digest.encode()), 16) for (digest,) in digests) % (1 << 256)
        if f"{content:x}" != manifest.content:
            yield Finding(f"{layout.FILE}: the digest of its content is not right", self._mend)
        if counts != manifest.counts or lost or strange:
            yield Finding(f"{self._folder}: it holds {asdict(counts)}, published were {asdict(manifest.counts)}", self._mend)
