"""Which paragraphs recur as only notices do, kept up to date article by article.

The rule is `corpus.boilerplate.repeated_paragraphs`; here its counts are kept in tables, so that a commit looks only at the
articles that changed and at those that share a paragraph with them. The TEMP tables `changed` and `fresh` hold the numbers of
the articles that a commit changes or removes, and of those that it leaves with new text.
"""

from __future__ import annotations

import sqlite3

_VOTES = """
INSERT INTO vote SELECT fingerprint, source, {sign} count(*)
    FROM {these} CROSS JOIN derived USING (number) CROSS JOIN article USING (number)
    CROSS JOIN paragraph ON paragraph.article = number WHERE own = 1 GROUP BY fingerprint, source
    ON CONFLICT DO UPDATE SET articles = articles + excluded.articles
"""


def before(db: sqlite3.Connection) -> None:
    """To be called while the articles in `changed` are still as they were: takes their paragraphs and votes out."""
    db.execute("CREATE TEMP TABLE touched (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("INSERT INTO touched SELECT DISTINCT fingerprint FROM changed CROSS JOIN paragraph ON article = number")
    db.execute(_VOTES.format(sign="-", these="changed"))
    db.execute("DELETE FROM paragraph WHERE article IN changed")


def put(db: sqlite3.Connection, number: int, paragraphs: list[tuple[str, int]]) -> None:
    """The (fingerprint, words) of an article in `fresh`."""
    db.executemany("INSERT OR IGNORE INTO paragraph VALUES (?, ?, ?)", [(number, *item) for item in paragraphs])
    db.executemany("INSERT OR IGNORE INTO touched VALUES (?)", [(fingerprint,) for fingerprint, _ in paragraphs])


def after(db: sqlite3.Connection) -> frozenset[str]:
    """To be called when all is `put`: counts anew, and returns the paragraphs that recur."""
    db.execute("CREATE TEMP TABLE counted (number INTEGER PRIMARY KEY)")
    # An article that is the only other one to hold a paragraph may become a copy by it, or cease to be one.
    db.execute(
        "INSERT OR IGNORE INTO counted SELECT min(article) FROM touched CROSS JOIN paragraph USING (fingerprint) "
        "WHERE article NOT IN changed AND article NOT IN fresh GROUP BY fingerprint HAVING count(*) = 1"
    )
    db.execute(_VOTES.format(sign="-", these="counted"))
    db.execute("INSERT INTO counted SELECT number FROM fresh")
    db.execute(
        "UPDATE derived SET own = (SELECT 2 * total(p.words * EXISTS (SELECT 1 FROM paragraph q "
        "WHERE q.fingerprint = p.fingerprint AND q.article <> p.article)) < total(p.words) "
        "FROM paragraph p WHERE p.article = number) WHERE number IN counted"
    )
    db.execute(_VOTES.format(sign="", these="counted"))
    db.execute("INSERT OR IGNORE INTO touched SELECT DISTINCT fingerprint FROM counted CROSS JOIN paragraph ON article = number")
    db.execute("DELETE FROM vote WHERE articles = 0 AND fingerprint IN touched")
    db.execute("DROP TABLE touched")
    db.execute("DROP TABLE counted")
    rows = db.execute(
        "SELECT DISTINCT fingerprint FROM (SELECT source, count(*) AS everything FROM article GROUP BY source) "
        "JOIN vote USING (source) WHERE articles >= 4 AND articles * 10 >= everything"
    )
    return frozenset(fingerprint for (fingerprint,) in rows)
