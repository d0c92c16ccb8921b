"""A notebook of any age and any oddity, rebuilt as one that nbformat 4.5 calls valid."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from nbformat import NotebookNode, convert, from_dict

from autograder.intake.notebookfile import UnreadableSubmission

MAX_CELLS = 5000  # that hold something; an honest notebook has a few hundred
FORMATS = (2, 3, 4)  # what nbformat can bring up to date
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
CELL_TYPES = ("code", "markdown", "raw")
PLAIN = (str, int, float, type(None))  # what nbgrader keeps in the metadata of a cell


def tidy_notebook(content: Any) -> NotebookNode:
    """Return the notebook in the JSON ``content``, in today's format and valid.

    Sources are joined, outputs and blank code cells dropped, identifiers made unique, and of the
    metadata only what grading needs is kept.

    Raises:
        UnreadableSubmission: ``content`` is no notebook, or of a format that is not known.
    """
    cells = _cells(_require_notebook(content))
    if not isinstance(cells, list):
        raise UnreadableSubmission("the file is not a Jupyter notebook: it has no list of cells")
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            raise UnreadableSubmission(
                f"the file is not a Jupyter notebook: cell {number} is no cell but "
                f"{reprlib.repr(cell)}"
            )
    cells = [cell for cell in cells if not _is_blank(cell)]
    if len(cells) > MAX_CELLS:
        raise UnreadableSubmission(
            f"the notebook has {len(cells):,} cells besides blank ones; it must have at most "
            f"{MAX_CELLS:,}: delete those that are not your work, and hand it in again"
        )
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": tidy_cells(cells)}
    return _node(notebook | {"metadata": _kernel(content.get("metadata"))})


def tidy_cells(cells: Iterable[Any]) -> list[NotebookNode]:
    """Return ``cells`` as valid cells with identifiers of their own; what is none becomes raw.

    Example:
        >>> tidy_cells([{"cell_type": "code", "source": ["a = 1\\n", "b = 2"], "metadata": None}])
        [{'id': 'cell-0', 'cell_type': 'code', 'source': 'a = 1\\nb = 2', 'metadata': {}, \
'outputs': [], 'execution_count': None}]
    """
    taken: set[str] = set()
    fresh = (f"cell-{number}" for number in count())
    return [_node(_cell(cell, taken, fresh)) for cell in cells]


def kernel_of(content: Any) -> str:
    """Return the name of the kernel that a notebook asks for, or nothing.

    Example:
        >>> kernel_of({"metadata": {"kernelspec": {"name": "ir", "display_name": "R"}}})
        'ir'
    """
    metadata = content.get("metadata") if isinstance(content, dict) else None
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = spec.get("name") if isinstance(spec, dict) else None
    return name if isinstance(name, str) else ""


def _require_notebook(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict) or "nbformat" not in content:
        raise UnreadableSubmission(
            "the file is not a Jupyter notebook: it is other JSON: hand in the .ipynb file"
        )
    major = content["nbformat"]
    if isinstance(major, bool) or major not in FORMATS:
        raise UnreadableSubmission(
            "the file is not a Jupyter notebook of a known format: nbformat "
            f"(={reprlib.repr(major)}) must be one of {', '.join(map(str, FORMATS))}: "
            "save it again in JupyterLab"
        )
    return content


def _cells(content: dict[str, Any]) -> Any:
    if content["nbformat"] == 4:
        return content.get("cells")
    try:
        return convert(_node(content), 4).cells
    except Exception as error:  # nbformat's converters raise whatever a strange file leads them to
        raise UnreadableSubmission(
            f"the file is not a Jupyter notebook of format {content['nbformat']} ({error!r:.200}): "
            "save it again in JupyterLab"
        ) from error


def _is_blank(cell: dict[str, Any]) -> bool:
    """Tell a code cell that holds nothing and is not graded: a stuck key makes thousands."""
    plain = not _metadata(cell.get("metadata")).get("nbgrader")
    return plain and cell.get("cell_type") == "code" and not _joined(cell.get("source")).strip()


def _cell(cell: Any, taken: set[str], fresh: Iterator[str]) -> dict[str, Any]:
    if not isinstance(cell, dict):
        cell = {"cell_type": "raw", "source": str(cell)}
    kind = cell.get("cell_type") if cell.get("cell_type") in CELL_TYPES else "raw"
    made = {
        "id": _identifier(cell.get("id"), taken, fresh),
        "cell_type": kind,
        "source": _joined(cell.get("source")),
        "metadata": _metadata(cell.get("metadata")),
    }
    if kind == "code":
        return made | {"outputs": [], "execution_count": None}
    attachments = _attachments(cell.get("attachments"))
    return made | ({"attachments": attachments} if attachments else {})


def _identifier(wanted: Any, taken: set[str], fresh: Iterator[str]) -> str:
    usable = isinstance(wanted, str) and CELL_ID.fullmatch(wanted) and wanted not in taken
    identifier = str(wanted) if usable else next(name for name in fresh if name not in taken)
    taken.add(identifier)
    return identifier


def _joined(source: Any) -> str:
    """Return the text of a cell with the line ends of Unix, whatever computer wrote it."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    text = source if isinstance(source, str) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _metadata(metadata: Any) -> dict[str, Any]:
    """Keep what nbgrader wrote, tags, and the two locks of JupyterLab."""
    if not isinstance(metadata, dict):
        return {}
    kept: dict[str, Any] = {
        key: metadata[key]
        for key in ("deletable", "editable")
        if metadata.get(key) in (True, False)
    }
    if isinstance(rules := metadata.get("nbgrader"), dict):
        kept["nbgrader"] = {k: v for k, v in rules.items() if isinstance(v, PLAIN)}
    tags = metadata.get("tags")
    words = [tags] if isinstance(tags, str) else tags if isinstance(tags, list) else []
    words = [word for word in words if isinstance(word, str) and word and "," not in word]
    return kept | ({"tags": list(dict.fromkeys(words))} if words else {})


def _attachments(attachments: Any) -> dict[str, Any]:
    """Keep the pasted pictures: name, then media type, then text."""
    if not isinstance(attachments, dict):
        return {}
    return {
        name: bundle
        for name, bundle in attachments.items()
        if isinstance(bundle, dict) and all(isinstance(text, str) for text in bundle.values())
    }


def _kernel(metadata: Any) -> dict[str, Any]:
    name = kernel_of({"metadata": metadata})
    if not name:
        return {}
    spec = metadata["kernelspec"]
    shown = {
        key: spec[key] for key in ("display_name", "language") if isinstance(spec.get(key), str)
    }
    kept: dict[str, Any] = {"kernelspec": {"display_name": name} | shown | {"name": name}}
    info = metadata.get("language_info")
    if isinstance(info, dict) and isinstance(info.get("name"), str):
        kept["language_info"] = {"name": info["name"]}
    return kept


def _node(content: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = from_dict(content)
    return node
