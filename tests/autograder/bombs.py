"""Show what is made to be shown slowly, each in a process of its own: ``python -m ... NAME...``.

Prints, as JSON by name, the seconds and megabytes that it took to keep a report, to write the
graded notebook and the feedback page, and to make the page that formgrader makes.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from PIL import Image

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import MARKER, Course
from autograder.feedback.page import FeedbackExporter, style
from autograder.feedback.shown import make_harmless
from autograder.gradebook.preprocessors import show_report
from autograder.grading.report import Notice, Report, Result, Verdict
from autograder.grading.submission import restore
from tests.autograder.throw_away import ID, throw_away

N = 1_000_000
Outputs = Iterable[dict[str, Any]]


def stream(text: str) -> Outputs:
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def error(name: str, lines: list[str]) -> Outputs:
    return [{"output_type": "error", "ename": name, "evalue": name, "traceback": lines}]


def drawn(png: str) -> Outputs:
    return [{"output_type": "display_data", "data": {"image/png": png}, "metadata": {}}]


def blank(kind: str, width: int, height: int, more: int = 0) -> str:
    """Return a picture of one colour with ``more`` bytes behind it, in base64."""
    buffer = io.BytesIO()
    Image.new("1" if kind == "png" else "L", (width, height)).save(buffer, kind)
    return b64encode(buffer.getvalue() + bytes(more)).decode()


def huge_png() -> str:
    """Return a PNG of 40,000 by 40,000 pixels, made without them."""
    head = b"IHDR" + b"\0\0\x9c\x40" * 2 + bytes([1, 0, 0, 0, 0])
    png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + head + zlib.crc32(head).to_bytes(4, "big")
    return b64encode(png + bytes(60_000)).decode()


MARKDOWN = {
    "blank lines": "\n" * N,
    "divs": "<div>" * 26_000,
    "environments": "\\begin{a}" * 16_000,
    "alignments": "\\begin{align}\n" * 16_000,
    "quotes": "> " * N,
    "brackets": "[" * N,
    "emphasis": "*_*_" * N,
    "columns": "|a" * 10_000 + "|\n" + "|-" * 10_000 + "|\n" + "|b\n" * 9_000,
    "rows": "|a" * 99 + "|\n" + "|-" * 99 + "|\n" + "b\n" * 9_000,
    "one line": "x" * N,
    "entities": "&amp;" * N,
    "lists": "".join("  " * n + "- a\n" for n in range(1_000)),
    "fences": "~~~\n" * N,
    "definitions": "[a]: b\n" * N,
    "links": "[a](b " * N,
    "emoji": "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{MICROSCOPE}" * N,
    "combining": "a" + "\N{COMBINING ACUTE ACCENT}" * N,
    "controls": "\0\N{RIGHT-TO-LEFT OVERRIDE}" * N,
    "formatting": "".join(f"<b title={n}>" for n in range(700)) + "<p>x" * 700,
    "unclosed": "<b>x\n\n" * N,
    "comments": "<!--" * N,
    "attributes": "<b " + "a=b " * N + ">",
    "formulas": "$x$ " * N,
    "dollars": "$" * N,
    "groups": "$" + "{" * N + "$",
    "backticks": " ".join("`" * n for n in range(1_400)),
    "table of html": "<table>" + "<tr><td>a</td></tr>" * N,
    "missing pictures": "![a](attachment:x)" * N,
}
CODE = {
    "blank lines of code": "\n" * 8_000,
    "a line of names": "a.b" * N,
    "strings": "f'{" * N,
    "decorators": "@a\n" * N,
    "continued": "\\\n" * N,
    "code": "a = (b + c) * 'd'  # e\n" * 2_000,
}
OUTPUTS: dict[str, Callable[[], list[Outputs]]] = {
    "colours": lambda: [stream("\x1b[31m\x1b[32mx" * 100_000)],
    "megabytes": lambda: [stream("y" * N) for _ in range(40)],
    "unprintable": lambda: [stream("\0" * N) for _ in range(8)],
    "many outputs": lambda: [[*stream("y")] * 100_000],
    "frames": lambda: [error("E", ["File x, line 1\n  foo()\n"] * 10_000)],
    "long names": lambda: [error("E" * N, ["x"])],
    "huge picture": lambda: [drawn(huge_png())],
    "large pictures": lambda: [drawn(blank("png", 4_900, 4_900))] * 40,
    "heavy pictures": lambda: [drawn(blank("png", 10, 10, 5 * N))] * 4,
}
SAID = {
    "verdicts": lambda: Report(ID, 1, tuple(_result("<\n" * N) for _ in range(20))),
    "notices": lambda: Report(ID, 1, (), tuple(_notice("<\n" * N) for _ in range(60))),
    "many notices": lambda: Report(ID, 1, (), (_notice("x"),) * 50_000),
}
CELLS = {
    "cells": lambda: [new_code_cell("x = 1") for _ in range(5_000)],
    "texts": lambda: [new_markdown_cell("**a** $x$") for _ in range(5_000)],
    "long texts": lambda: [new_markdown_cell("[[a](*_`<b>$x " * 1_500) for _ in range(100)],
    "code in cells": lambda: [new_code_cell(CODE["code"]) for _ in range(40)],
    "raw": lambda: [new_raw_cell("<a>&\n" * N)],
}
NAMES = [*MARKDOWN, *CODE, *OUTPUTS, *SAID, *CELLS]


def _result(text: str) -> Result:
    texts = dict.fromkeys(("asked", "reason", "expected", "actual", "hint_text"), text)
    return Result("places", "name", "sentence", 0.25, Verdict.WRONG, hint="h", **texts)


def _notice(text: str) -> Notice:
    return Notice(Verdict.TAMPERED, text, text)


def _show(name: str, course: Course) -> None:
    """Do all that is done to show a submission."""
    assignment = load_assignment(course, ID)
    notebook = nbformat.read(course.release(ID), as_version=4)
    plain = sum("nbgrader" not in cell.metadata for cell in notebook.cells)
    outputs = OUTPUTS.get(name, list)()
    if name in MARKDOWN:
        notebook.cells.append(new_markdown_cell(MARKDOWN[name]))
    elif name in CODE:
        notebook.cells.append(new_code_cell(CODE[name]))
    notebook.cells += CELLS.get(name, list)() + [new_code_cell("x") for _ in outputs]
    restore(assignment, notebook)
    shown = {f"#{plain + number}": list(each) for number, each in enumerate(outputs)}
    report = SAID.get(name, lambda: Report(ID, 1, (), (), shown))().storable()
    assert len(json.dumps(report.to_dict())) < 4 * 10**6
    show_report(assignment, report, notebook)
    make_harmless(assignment, notebook)
    _pages(nbformat.reads(nbformat.writes(notebook), as_version=4))


def _pages(notebook: nbformat.NotebookNode) -> None:
    HTMLExporter(template_name="classic").from_notebook_node(notebook)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader |= {"score": 0, "waiting": False}
    names = {"notebook": ID, "score": 0, "max_score": 20, "late_penalty": 0}
    resources = {"nbgrader": names, "feedback": {"waiting": False, "style": style()}}
    page, _ = FeedbackExporter().from_notebook_node(notebook, resources)
    assert len(page) < 30 * 10**6


def _measured(name: str, course: Course) -> dict[str, float] | None:
    """Return what a child needed, or nothing where it failed."""
    began = time.monotonic()
    child = os.fork()
    if not child:
        _show(name, course)
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status:
        return None
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": time.monotonic() - began,
        "own": usage.ru_utime + usage.ru_stime,
        "megabytes": (usage.ru_maxrss - before) / 1024,
    }


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        small = throw_away(Path(folder), Course.find(Path(__file__)).root / MARKER)
        _show("nothing", small)  # what all of them need is loaded once
        print(json.dumps({name: _measured(name, small) for name in sys.argv[1:] or NAMES}))
