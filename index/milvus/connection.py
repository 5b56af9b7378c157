"""The connection to a Milvus server: every call has a limit in time, and what goes wrong is one line.

Settings: PULLQUOTE_MILVUS_TIMEOUT, the seconds that one call may take; MILVUS_TOKEN, where the address names no token.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ... import arguments
from ...errors import IndexNoAccess, InputError
from ..place import Address

TIMEOUT = 60.0  # seconds
_CONNECTING = 10.0  # seconds
_AT_ONCE = 1000  # rows asked for by their keys in one call
_IN_BLOCK = 2000  # rows written in one call
MOST = 16_384  # rows that Milvus gives back to one search or query

Row = dict[str, Any]


class Connection:
    """A client of the server at an address. Raises InputError where pymilvus is missing, IndexNoAccess where nothing answers."""

    def __init__(self, address: Address) -> None:
        self.address, self._loading = address, threading.Lock()
        self._ready: set[str] = set()  # collections in the server's memory
        self._timeout = _seconds()
        try:
            import pymilvus
        except ImportError:
            raise InputError(f"{address}: it takes pymilvus: install it with `pip install 'pullquote[milvus]'`") from None
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # what it says is raised, too
        with self.guarded():
            self._client = pymilvus.MilvusClient(
                uri=address.uri,
                token=address.token or os.environ.get("MILVUS_TOKEN", ""),
                timeout=min(_CONNECTING, self._timeout),
                dedicated=True,
            )

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn what the client raises into IndexNoAccess, one line."""
        import grpc
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, grpc.RpcError, OSError, grpc.FutureTimeoutError) as error:
            raise IndexNoAccess(f"{self.address}: {_said(error)}") from None

    def has(self, collection: str) -> bool:
        """Whether there is a collection of that name."""
        with self.guarded():
            return bool(self._client.has_collection(self._named(collection), timeout=self._timeout))

    def create(
        self, collection: str, fields: Iterable[tuple[str, str, dict[str, Any]]], indexes: Iterable[tuple[str, str]]
    ) -> None:
        """Make a collection. `fields`: name, type, and what else pymilvus takes; `indexes`: field and kind."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        for name, kind, more in fields:
            if "element_type" in more:
                more = {**more, "element_type": getattr(DataType, more["element_type"])}
            schema.add_field(name, getattr(DataType, kind), **more)
        prepared = MilvusClient.prepare_index_params()
        for field, kind in indexes:
            metric = {} if kind == "INVERTED" else {"metric_type": "IP"}
            prepared.add_index(field, index_type=kind, **metric)
        with self.guarded():
            name = self._named(collection)
            self._client.create_collection(
                name, schema=schema, index_params=prepared, consistency_level="Strong", timeout=self._timeout
            )
            self._client.load_collection(name, timeout=self._timeout)

    def drop(self, collection: str) -> None:
        """Remove a collection."""
        with self.guarded():
            self._client.drop_collection(self._named(collection), timeout=self._timeout)

    def insert(self, collection: str, rows: Sequence[Row]) -> None:
        """Add rows, in blocks."""
        with self.guarded():
            for first in range(0, len(rows), _IN_BLOCK):
                self._client.insert(self._named(collection), list(rows[first : first + _IN_BLOCK]), timeout=self._timeout)

    def upsert(self, collection: str, row: Row) -> None:
        """Put a row in the place of the one with its key."""
        with self.guarded():
            self._client.upsert(self._named(collection), [row], timeout=self._timeout)

    def delete(self, collection: str, where: str) -> None:
        """Remove the rows that an expression admits."""
        with self.guarded():
            self._client.delete(self._named(collection), filter=where, timeout=self._timeout)

    def flush(self, collections: Iterable[str]) -> None:
        """See what was added sealed, indexed and on the server's disk."""
        with self.guarded():
            for collection in collections:
                self._client.flush(self._named(collection), timeout=self._timeout)

    def query(self, collection: str, where: str, fields: Sequence[str], limit: int | None = None) -> list[Row]:
        """The rows that an expression admits, in no order; `limit`: at most so many."""
        name, more = self._named(collection), {} if limit is None else {"limit": limit}
        found = self._loaded(
            name,
            lambda: self._client.query(name, filter=where, output_fields=list(fields), timeout=self._timeout, **more),
        )
        return [dict(row) for row in found]

    def _loaded(self, name: str, call: Callable[[], Any]) -> Any:
        """What a call gives; where the collection is not in the server's memory, as after its start, it is loaded first."""
        from pymilvus.exceptions import MilvusException

        with self.guarded():
            self._load(name)
            try:
                return call()
            except MilvusException as error:
                if not any(word in str(error).casefold() for word in ("not loaded", "released")):
                    raise
            with self._loading:
                self._ready.discard(name)
            self._load(name)
            return call()

    def _load(self, name: str) -> None:
        """See that a collection is in the server's memory; one at a time, as milvus-lite may load one twice otherwise."""
        with self._loading:
            if name not in self._ready:
                self._client.load_collection(name, timeout=self._timeout)
                self._ready.add(name)

    def with_any(
        self, collection: str, field: str, values: Iterable[Any], fields: Sequence[str], where: str = "", each: int = _AT_ONCE
    ) -> list[Row]:
        """The rows whose field has one of some values, and which an expression admits."""
        wanted, found = list(dict.fromkeys(values)), []
        for first in range(0, len(wanted), each):
            found += self._with_any(collection, field, wanted[first : first + each], fields, where)
        return found

    def _with_any(self, collection: str, field: str, values: list[Any], fields: Sequence[str], where: str) -> list[Row]:
        listed = f"{field} in {literal(values)}"
        rows = self.query(collection, f"{listed} and {where}" if where else listed, fields, MOST)
        if len(rows) < MOST:
            return rows
        if len(values) == 1:
            return list(self.every(collection, f"{listed} and {where}" if where else listed, fields))
        half = len(values) // 2
        halves = (values[:half], values[half:])
        return [row for some in halves for row in self._with_any(collection, field, some, fields, where)]

    def every(self, collection: str, where: str, fields: Sequence[str], block: int = 1000) -> Iterator[Row]:
        """All rows that an expression admits, in the order of their keys, block by block."""
        name = self._named(collection)
        rows = self._loaded(
            name,
            lambda: self._client.query_iterator(
                name, batch_size=block, filter=where, output_fields=list(fields), timeout=self._timeout
            ),
        )
        try:
            while True:
                with self.guarded():
                    found = rows.next()
                if not found:
                    return
                yield from (dict(row) for row in found)
        finally:
            rows.close()

    def search(self, collection: str, field: str, vector: Any, limit: int, where: str, fields: Sequence[str]) -> list[Row]:
        """The rows whose vectors have the largest inner product with one, best first."""
        name = self._named(collection)
        found = self._loaded(
            name,
            lambda: self._client.search(
                name,
                data=[vector],
                anns_field=field,
                limit=min(limit, MOST),
                filter=where,
                output_fields=list(fields),
                search_params={"metric_type": "IP"},
                timeout=self._timeout,
            ),
        )
        return [dict(hit["entity"]) for hit in found[0]]

    def _named(self, collection: str) -> str:
        return f"{self.address.name}_{collection}"


def literal(values: Sequence[Any]) -> str:
    """A list as Milvus' expressions have it."""
    return "[" + ", ".join(quoted(value) if isinstance(value, str) else str(value) for value in values) + "]"


def quoted(text: str) -> str:
    """A text as Milvus' expressions have it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _said(error: BaseException) -> str:
    """What the client says of an error, in one line."""
    details = getattr(error, "details", None)
    text = str(details() if callable(details) else getattr(error, "message", None) or error) or type(error).__name__
    text = " ".join(text.split())
    lowered = text.casefold()
    if any(word in lowered for word in ("unauthenticated", "auth check failure", "invalid token", "permission deny", "privilege")):
        return f"the token was refused ({text[:200]}): name it in MILVUS_TOKEN"
    if any(word in lowered for word in ("deadline", "timeout", "timed out", "retry run out")):
        return f"did not answer in time ({text[:200]}): see that the server runs, or raise PULLQUOTE_MILVUS_TIMEOUT"
    if any(word in lowered for word in ("unavailable", "connect", "closed channel", "refused")):
        return f"cannot be reached ({text[:200]}): see that the server runs"
    return text[:400]


def _seconds() -> float:
    text = os.environ.get("PULLQUOTE_MILVUS_TIMEOUT", "")
    try:
        seconds = float(text or TIMEOUT)
        if not 0 < seconds < 1e6:
            raise ValueError
    except ValueError:
        raise InputError(f"PULLQUOTE_MILVUS_TIMEOUT is {arguments.shown(text)}: it must be seconds, such as 60") from None
    return seconds
