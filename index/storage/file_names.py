"""The names of files, from which ids are made: one file has one name, and no two have the same."""

from __future__ import annotations

import os
import sqlite3
from pathlib import PurePosixPath


def name_of(db: sqlite3.Connection, name: str, came_from: str) -> str:
    """The name from which the ids of a file's articles are made.

    name       the file's path below the folder that was given
    came_from  its absolute path, "" where it has none

    A file that the index knows keeps the name it has there. Where another file has that name, and is still there, folders of the
    file's path are put before the name until no other has it.
    """
    if not came_from:
        return name
    last = PurePosixPath(came_from).name
    for table in ("staged", "article"):
        row = db.execute(f"SELECT id FROM {table} WHERE origin = ? LIMIT 1", (came_from,)).fetchone()
        if row is not None and (known := _base(str(row[0]), last)):
            return known
    folders = list(PurePosixPath(came_from).parts[1:])
    while len(folders) > len(PurePosixPath(name).parts) and _is_of_another(db, name, came_from):
        name = "/".join(folders[-len(PurePosixPath(name).parts) - 1 :])
    return name


def _base(article_id: str, last: str) -> str:
    """The part of an id that names its file, whose own name is `last`; "" where the id is the article's own."""
    at = article_id.find(last)
    while at >= 0:
        if (at == 0 or article_id[at - 1] == "/") and article_id[at + len(last) : at + len(last) + 1] in ("", "#", "/"):
            return article_id[: at + len(last)]
        at = article_id.find(last, at + 1)
    return ""


def _is_of_another(db: sqlite3.Connection, name: str, came_from: str) -> bool:
    """Whether an id made from a name belongs to another file, which is still there."""
    ids = (name, f"{name}#1", f"{name}/", f"{name}0")
    for table in ("staged", "article"):
        sql = f"SELECT origin FROM {table} WHERE (id IN (?, ?) OR (id >= ? AND id < ?)) AND origin NOT IN (?, '') LIMIT 1"
        row = db.execute(sql, (*ids, came_from)).fetchone()
        if row is not None and (table == "staged" or os.path.exists(str(row[0]))):
            return True
    return False
