"""The page of a submission in formgrader: nbgrader's own, but it asks no other host."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autograder.feedback.page import PAGES

MATHJAX = "sphinx-mathjax-offline"  # the package that the book takes it from
TEMPLATE = str(PAGES / "formgrader.html.j2")
FILTERS = {"mathjax_source": "autograder.feedback.formgrader.mathjax_source"}


@cache
def mathjax_source(name: str) -> str:
    """Return a file of MathJax, or nothing where it is not installed: formulas stay TeX then."""
    package = find_spec(MATHJAX)
    if package is None or package.origin is None:
        return ""
    return (Path(package.origin).parent / "static" / "mathjax" / name).read_text(encoding="utf-8")
