"""The tables of an index."""

from __future__ import annotations

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (                    -- as read
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    published TEXT, language TEXT NOT NULL, digest TEXT NOT NULL,
    origin TEXT NOT NULL,                 -- the file or folder it was added from, '' if none
    text TEXT NOT NULL,
    dated_by TEXT NOT NULL DEFAULT 'stated',
    locators TEXT NOT NULL DEFAULT ''     -- JSON [[start, label], ...], '' if none
);
CREATE INDEX article_source ON article (source);
CREATE INDEX article_origin ON article (origin);
CREATE TABLE vector (                     -- by the SHA-256 of encoder and text
    key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL, used INTEGER NOT NULL -- in how many articles
);
CREATE INDEX vector_unused ON vector (key) WHERE used <= 0;
"""


DERIVED = """
DROP TABLE IF EXISTS derived;
CREATE TABLE derived (                    -- from the articles alone
    number INTEGER PRIMARY KEY,
    passages TEXT,                        -- JSON [[[start, end], ...sentences], ...passages], NULL until it is cut
    segment INTEGER, row INTEGER,         -- where it is in the arrays, NULL until it is written
    story INTEGER,                        -- the smallest number among the copies of one story
    told INTEGER,                         -- how many articles tell that story
    crc INTEGER,                          -- of number, story and told
    own INTEGER                           -- 1 if most of its words stand in no other article
);
CREATE INDEX derived_uncut ON derived (number) WHERE passages IS NULL;
CREATE INDEX derived_segment ON derived (segment, row);
CREATE INDEX derived_story ON derived (story);
DROP TABLE IF EXISTS paragraph;
CREATE TABLE paragraph (                  -- of the stories, to find such as recur over many articles
    article INTEGER NOT NULL, fingerprint TEXT NOT NULL, words INTEGER NOT NULL, PRIMARY KEY (article, fingerprint)
) WITHOUT ROWID;
CREATE INDEX paragraph_fingerprint ON paragraph (fingerprint);
DROP TABLE IF EXISTS vote;
CREATE TABLE vote (                       -- how many articles of an outlet hold a paragraph and are no copies of others
    fingerprint TEXT NOT NULL, source TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (fingerprint, source)
) WITHOUT ROWID;
CREATE INDEX vote_many ON vote (source, articles) WHERE articles >= 4;
DROP TABLE IF EXISTS band;
CREATE TABLE band (                       -- of the MinHash signatures: copies of one story share some
    key INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX band_article ON band (article);
DROP TABLE IF EXISTS word;
CREATE VIRTUAL TABLE word USING fts5 (    -- which articles hold which words, see `lexical.word_set`
    words, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
DROP TABLE IF EXISTS segment;
CREATE TABLE segment (number INTEGER PRIMARY KEY, dead BLOB NOT NULL); -- int32: rows of articles that were removed
"""
