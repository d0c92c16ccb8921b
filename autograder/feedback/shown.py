"""A graded notebook as it is shown to those who grade: nothing in it acts, and it is not long.

Formgrader and JupyterLab put what a student wrote into a page that may give points. So each text
of a student's becomes HTML that does nothing, before the notebook is written.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.assignments.assignment import Assignment, ReleasedCell
from autograder.harmless.images import DATA_URL, picture, picture_at
from autograder.harmless.limits import (
    CELLS,
    CODE,
    MARKDOWN,
    PICTURES,
    SECONDS,
    SOURCES,
    Room,
    cut_code,
)
from autograder.harmless.markup import markdown_html, text_html

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ATTACHED = "attachment:"
CACHED, SHORT = 256, 10_000  # cells of Markdown, and the characters of one


def make_harmless(assignment: Assignment, notebook: NotebookNode) -> None:
    """Replace what a student wrote in ``notebook`` by what may be shown of it, in place.

    Released cells that are locked stay as they are; of every other cell the text is cleaned and
    cut, of every cell all metadata but nbgrader's are dropped.

    Args:
        assignment: which cells were released.
        notebook: restored, with the outputs of a report, which are harmless already.
    """
    known = {cell.grade_id: cell for cell in assignment.cells}
    rooms = _Rooms()
    notebook.cells = list(_few(notebook.cells, known))
    for cell in notebook.cells:
        rules = cell.metadata.get("nbgrader", {})
        released = known.get(rules.get("grade_id", ""))
        cell.metadata = NotebookNode({"nbgrader": rules} if released else {})
        if not (released and released.locked and released.source == cell.source):
            _make_harmless(cell, rooms)
        cell.pop("attachments", None)
    notebook.metadata = NotebookNode(METADATA)


class _Rooms:
    """What there is room for in one notebook: text, pictures, and time for Markdown."""

    def __init__(self) -> None:
        """Begin with all of it."""
        self.text, self.pictures = Room(SOURCES), Room(PICTURES)
        self.end = time.monotonic() + SECONDS

    def markdown_html(self, source: str, attachments: Mapping[str, Any]) -> str:
        """Return a cell of Markdown as HTML, as far as there is room for it.

        Args:
            source: the text.
            attachments: pasted pictures: by name, then media type, as base64.
        """
        source, inline = _without_pictures(_quoted(source, attachments))
        text = self.text.cut(source, MARKDOWN)
        if time.monotonic() > self.end:
            return text_html(text)
        if not attachments and not inline and len(text) < SHORT:
            return _made_once(text)
        find = cache(partial(_picture, inline, attachments))

        def picture_for(address: str) -> str:
            found = find(address)
            return found if self.pictures.holds(len(found)) else ""

        return markdown_html(text, picture_for)


@lru_cache(maxsize=CACHED)
def _made_once(text: str) -> str:
    """Return Markdown without pictures as HTML; most of it is the assignment's own text."""
    return markdown_html(text)


def _few(
    cells: Sequence[NotebookNode], known: Mapping[str, ReleasedCell]
) -> Iterator[NotebookNode]:
    """Yield the released cells and, of the others, the first; and a word about the rest."""
    left = CELLS
    for cell in cells:
        released = cell.metadata.get("nbgrader", {}).get("grade_id") in known
        if released or left > 0:
            yield cell
        left -= not released
    if left < 0:
        yield new_markdown_cell(f"Cells that are not shown: {-left:,}.")


def _make_harmless(cell: NotebookNode, rooms: _Rooms) -> None:
    if cell.cell_type == "code":
        cell.source = rooms.text.cut(cut_code(cell.source), 2 * CODE)
        return
    if cell.cell_type == "raw":
        html = text_html(rooms.text.cut(cell.source, MARKDOWN))
    else:
        html = rooms.markdown_html(cell.source, cell.get("attachments", {}))
    cell.cell_type, cell.source = "markdown", html


def _picture(inline: Mapping[str, str], attachments: Mapping[str, Any], address: str) -> str:
    """Return the picture that the text has at ``address``, or nothing."""
    if not address.startswith(ATTACHED):
        return ""
    name = normalize("NFC", unquote(address.removeprefix(ATTACHED)))
    bundle = {normalize("NFC", key): value for key, value in attachments.items()}.get(name, {})
    found = (picture(mime, data) for mime, data in bundle.items())
    return picture_at(inline.get(address, "")) or next(filter(None, found), "")


def _quoted(source: str, attachments: Mapping[str, Any]) -> str:
    """Return Markdown in which every pasted picture has an address that Markdown can read.

    Editors write the names as they are, with blanks and brackets.
    """
    for name in attachments:
        source = source.replace(f"({ATTACHED}{name})", f"({ATTACHED}{quote(name)})")
    return source


def _without_pictures(source: str) -> tuple[str, dict[str, str]]:
    """Return Markdown with a short address for each picture that it holds itself, and those."""
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        address = f"{ATTACHED}inline-{len(found)}"
        found[address] = match[0]
        return address

    return DATA_URL.sub(take, source), found
