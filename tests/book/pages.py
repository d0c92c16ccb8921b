"""The book's pages as the tests see them: cells, prose, directives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jupytext
import yaml

ROOT = Path(__file__).parents[2]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
NAMES = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
FENCE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1\s*$", re.MULTILINE | re.DOTALL)
NOT_PROSE = [
    re.compile(r"\$\$?[^$]+\$\$?"),  # formulas
    re.compile(r"\{[\w:-]+\}`[^`]*`"),  # roles, {glue:text} among them
    re.compile(r"`[^`\n]*`"),  # code
    re.compile(r"\]\([^)]*\)"),  # link targets
    re.compile(r"^\([\w-]+\)=$", re.MULTILINE),  # labels
    re.compile(r"^:[\w-]+:.*$", re.MULTILINE),  # directive options
    re.compile(r"^:{3,}\{[\w-]+\}[ \d]*$", re.MULTILINE),  # columns of a grid
]


def text(name: str) -> str:
    """The source of a page."""
    return (ROOT / f"{name}.md").read_text(encoding="utf-8")


def cells(name: str) -> list[Any]:
    """The code cells of a page."""
    notebook = jupytext.reads(text(name), fmt="md:myst")
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(markdown: str) -> str:
    """What is left of Markdown without formulas, code, roles, labels and directive options."""
    bare = FENCE.sub("", markdown)
    for pattern in NOT_PROSE:
        bare = pattern.sub("", bare)
    return bare


def page_prose(name: str) -> str:
    """The prose of a page, without its front matter."""
    return prose(text(name).split("---\n", 2)[2])


def figure(cell: Any) -> dict[str, Any]:
    """The figure's name and caption, and its alt text, as the cell's header gives them."""
    header = cell.metadata.get("mystnb", {})
    return {**header.get("figure", {}), **header.get("image", {})}


def typed_numbers(markdown: str) -> list[str]:
    """The numbers that somebody typed into prose instead of computing them."""
    return re.findall(r"\S*\d\S*", prose(markdown))
