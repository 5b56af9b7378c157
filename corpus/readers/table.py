"""Tables with a header, one article a row: CSV, TSV and Parquet, under the names that systems give the columns (see `fields`)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Any

from ...errors import ReadError
from .draft import Draft
from .fields import NAMES, SHORTER, is_known, plain
from .records import draft
from .text import text_of

Names = Mapping[str, str]
Row = tuple[int, list[str]]  # the number of its line, and its cells
_SEPARATORS = ",;\t|"
_NONE = "\x1f"  # a separator that no text has
_SEP_LINE = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)  # as Excel writes it
_LONGEST_CELL = 1 << 24  # characters
_HEADER_LINES = 20  # which a header with line breaks in its cells may take
_SHOWN, _LONGEST_SHOWN = 12, 40  # columns in a message, and characters of each
_SEARCHED = 10  # times the lines of a file that may be read again after marks that are never closed
_LOOKED_AT = 50  # lines after a mark that is never closed
_AT_ONCE = 16  # rows of a Parquet file that are in memory
_RATIO = 200  # times its own size, from _FREE bytes on, which a Parquet file may unpack to
_FREE = 1 << 28


def read(data: bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of a CSV or TSV file, one a row; for a row that cannot be read a ReadError with the number of its line.

    Commas, semicolons, tabs or bars stand between the cells. A row with too few cells is filled up, one with too many is refused.
    Raises ReadError where no column holds the text.
    """
    text = text_of(data, where)
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))  # of the whole process, so it is never lowered
    said = _SEP_LINE.match(text)
    lines = [f"{line}\n" for line in text.removesuffix("\n").split("\n")]
    start = 1 if said else 0
    rows = _rows(lines, start, said[1] if said else _separator(lines[:_HEADER_LINES], names), where)
    header = next(rows, None)
    if header is None or isinstance(header, ReadError):
        raise header or ReadError(where, "a table without rows")
    columns = [" ".join(name.split()) for name in header[1]]
    names, texts = _named(columns, names, f"{where}:{header[0]}")
    row: Row | ReadError | None = None
    for row in rows:
        if isinstance(row, ReadError):
            yield row
            continue
        place = f"{where}:{row[0]}"
        try:
            fields = _fields(columns, row[1], place)
            if not any(name in fields for name in texts):
                raise ReadError(place, "a row without text")
            yield draft(fields, place, names)
        except ReadError as error:
            yield error
    if row is None:
        raise ReadError(where, "a table without rows")


def read_parquet(data: bytes, where: str, names: Names | None = None) -> Iterator[Draft | ReadError]:
    """The articles of a Parquet file, one a row; for a row that cannot be read a ReadError with its number.

    Raises ReadError where no column holds the text, and for a file that is broken or unpacks to too much.
    """
    import pyarrow
    from pyarrow import parquet

    broken = (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError)
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(data))
        columns = list(file.schema_arrow.names)
        unpacked = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
    except broken as error:
        raise ReadError(where, f"a broken Parquet file: {error}") from None
    if unpacked > (most := max(_FREE, _RATIO * len(data))):
        raise ReadError(where, f"unpacks to more than {_RATIO} times its size: no table of text")
    names, texts = _named(columns, names, where)
    wanted = [name for name in columns if is_known(name) or name in names.values()]
    number = length = 0
    batches = file.iter_batches(batch_size=_AT_ONCE, columns=wanted)
    while True:
        try:
            batch = next(batches, None)
        except broken as error:
            raise ReadError(f"{where}#{number + 1}", f"a broken Parquet file: {error}") from None
        if batch is None:
            break
        for index in range(batch.num_rows):
            number += 1
            place = f"{where}#{number}"
            try:
                fields = {name: _value(column[index]) for name, column in zip(batch.schema.names, batch.columns, strict=True)}
                if not any(fields.get(name) for name in texts):
                    raise ReadError(place, "a row without text")
                found = draft(fields, place, names)
            except ReadError as error:
                yield error
                continue
            if (length := length + len(found.text)) > most:
                raise ReadError(where, f"unpacks to more than {_RATIO} times its size: no table of text")
            yield found
    if not number:
        raise ReadError(where, "a table without rows")


def _rows(lines: list[str], at: int, separator: str, where: str) -> Iterator[Row | ReadError]:
    """The rows that are not empty, from the line `at` on. After a row that is broken the next is looked for."""
    width = 0
    left = _SEARCHED * len(lines)
    while at < len(lines):
        reader = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=separator, skipinitialspace=True, strict=True)
        begun = at
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    width = width or len(cells)
                    yield begun + 1, cells
                begun = at + reader.line_num
            return
        except csv.Error as error:
            at, ended, reason = begun + 1, at + reader.line_num, str(error)
        cells = _mended(lines[begun], separator, width)
        opened = cells[-1:] and cells[-1].startswith('"')  # and its end may stand on a later line
        if cells and not (opened and width and not _go_on(lines[at : at + _LOOKED_AT], separator, width)):
            width = width or len(cells)
            yield begun + 1, cells
        elif "expected after" in reason:
            yield ReadError(f"{where}:{begun + 1}", "a broken row: a quotation mark in a quoted cell must stand twice")
            at = ended
        else:
            what = "a cell is too long" if "limit" in reason else "a quotation mark is opened and never closed"
            yield ReadError(f"{where}:{begun + 1}", f"a broken row: {what}")
            if not _go_on(lines[at : at + _LOOKED_AT], separator, width):
                return
        left -= ended - at
        if left < 0:
            raise ReadError(f"{where}:{at}", "too many rows with broken quotation marks")


def _mended(line: str, separator: str, width: int) -> list[str]:
    """The cells of a line whose quotation marks are not those of CSV, where it has `width` of them (0: any number), else none."""
    if len(line) > _LONGEST_CELL:
        return []
    unquoted = next(csv.reader([line], delimiter=separator, skipinitialspace=True, quoting=csv.QUOTE_NONE), [])
    unquoted = [cell[1:-1].replace('""', '"') if cell[:1] == cell[-1:] == '"' and len(cell) > 1 else cell for cell in unquoted]
    if len(unquoted) == width:
        return unquoted
    loose = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return loose if len(loose) == (width or len(loose)) and not loose[-1].endswith("\n") else []


def _go_on(lines: Sequence[str], separator: str, width: int) -> bool:
    """Whether rows follow after a mark that is never closed, and not the rest of its cell."""
    fit = [len(_mended(line, separator, width)) == width for line in lines if line.strip()]
    return fit[:1] == [True] and 2 * sum(fit) > len(fit)


def _separator(head: Sequence[str], names: Names | None) -> str:
    """What stands between the columns: that with which most of them have known names, else that which gives most columns.

    In a table of one column nothing does.
    """
    chosen = set((names or {}).values())
    filled = list(dropwhile(str.isspace, head))

    def fit(separator: str) -> tuple[int, int]:
        cells = next(csv.reader(filled, delimiter=separator, skipinitialspace=True), [])
        known = sum(is_known(cell) or cell.strip() in chosen for cell in cells)
        return known, len(cells)

    try:
        best = max(_SEPARATORS, key=fit)
        return best if fit(best)[1] > 1 else _NONE
    except csv.Error:
        return _SEPARATORS[0]


def _named(columns: Sequence[str], names: Names | None, where: str) -> tuple[dict[str, str], list[str]]:
    """The columns that were named for their kinds as the header writes them, and the columns that may hold the text.

    Raises ReadError where none may.
    """
    written = {plain(name): name for name in reversed(columns) if name}
    renamed = {kind: name if name in columns else written.get(plain(name), name) for kind, name in (names or {}).items()}
    texts = [renamed.get(kind, "") for kind in ("text", "html")]
    texts += [written[name] for kind in ("text", "html") if kind not in renamed for name in NAMES[kind] if name in written]
    texts += [] if "text" in renamed else [written[name] for name in SHORTER if name in written]
    if not (texts := [name for name in texts if name in columns]):
        shown = ", ".join(name[:_LONGEST_SHOWN] for name in columns[:_SHOWN]) + (", ..." if len(columns) > _SHOWN else "")
        raise ReadError(where, f"no column holds the text (it has {shown or 'none'}): name it with --map text=NAME")
    return renamed, texts


def _fields(columns: Sequence[str], cells: Sequence[str], where: str) -> dict[str, str]:
    """The cells of a row that are not empty, by their columns. Raises ReadError where there are more than columns."""
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise ReadError(where, f"{len(cells)} cells under {len(columns)} columns: a cell that holds the separator must be quoted")
    fields: dict[str, str] = {}
    for name, cell in zip(columns, cells, strict=False):
        if name and cell.strip():
            fields.setdefault(name, cell.strip())
    return fields


def _value(cell: Any) -> Any:
    """The value of a cell of Parquet; what Python has no value for is none, and bytes are text where they are UTF-8."""
    try:
        value = cell.as_py()
        return value.decode("utf-8") if isinstance(value, bytes) else value
    except (ValueError, OverflowError, TypeError, NotImplementedError):
        return None
