"""Tables as offices save them: whatever the separator and the encoding, with line numbers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from autograder.rosters.codepages import codepage
from autograder.rosters.names import squashed

SEPARATORS = (",", ";", "\t")
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
BLANK = " \t\r\n\xa0\u200b\ufeff"
EMPTY = BLANK + ",;"  # of a blank row, whatever separates its cells


class TableError(ValueError):
    """A file that is no table; the message says why, without the file's name."""


@dataclass(frozen=True)
class Row:
    """The cells of one row, and the line on which it ends."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """The rows of a file that hold something, the first one as its header.

    ``guessed`` is the encoding where none is sure.
    """

    header: list[str]
    rows: list[Row]
    guessed: str = ""


def read_table(path: Path, known: Collection[str]) -> Table:
    """Return the table in the file at ``path``, its cells as they are.

    Args:
        path: the file.
        known: headings as `autograder.rosters.names.squashed` writes them; they tell the separator.

    Raises:
        TableError: it cannot be read, or is no table.
    """
    try:
        text, guessed = _decoded(path.read_bytes())
        rows = _rows(text, _separator(text, known))
    except OSError as error:
        raise TableError(f"it cannot be read ({error.strerror}): see that it is there") from error
    except UnicodeError as error:
        raise TableError(f"it cannot be read ({error}): save it as CSV in UTF-8") from error
    if not rows:
        return Table([], [])
    return Table(rows[0].cells, rows[1:], guessed)


def stripped(row: Row) -> Row:
    """Return ``row`` without the blanks around its cells."""
    return Row(row.line, [cell.strip(BLANK) for cell in row.cells])


def _decoded(data: bytes) -> tuple[str, str]:
    """Return the text, and its code page if it is in none of the encodings that can be told."""
    if data.startswith(SPREADSHEETS):
        raise TableError("it is a spreadsheet: save it as CSV (comma separated values) there")
    encoding = json.detect_encoding(data)
    try:
        return _after_sep(data.decode(encoding)), ""
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            raise
    page = codepage([data])
    return _after_sep(data.decode(page)), page


def _after_sep(text: str) -> str:
    """Return ``text`` without the line that tells some spreadsheets how to read it."""
    return text.partition("\n")[2] if text.startswith("sep=") else text


def _separator(text: str, known: Collection[str]) -> str:
    """Return what separates the most headings of the first line that holds any."""
    first = next((line for line in text.splitlines() if line.strip(EMPTY)), "")

    def headings(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=separator), [])
        return sum(squashed(cell) in known for cell in cells), len(cells)

    return max(SEPARATORS, key=headings)


def _rows(text: str, separator: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for cells in reader:
            row = Row(reader.line_num, cells)
            rows += [row] if any(cell.strip(EMPTY) for cell in row.cells) else []
    except csv.Error as error:
        rule = f"line {reader.line_num}: its quotes do not fit ({error})"
        raise TableError(f"{rule}: write a quote within quotes twice") from error
    return rows
