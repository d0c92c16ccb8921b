"""What the graded functions of a notebook use that its assignment forbids."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.checks import Forbidden
from autograder.grading.scan.paths import Notebook
from autograder.grading.scan.reader import Reader, Use
from autograder.grading.scan.syntax import ALL_CHARACTERS, TooMuch, parse

# Ways to a name that need not stand in the notebook in one piece.
BY_TEXT = {
    *("getattr", "__getattribute__", "attrgetter", "methodcaller", "__dict__", "vars", "globals"),
    *("locals", "eval", "exec", "__import__", "import_module", "modules"),
}
UNWRITTEN = "builtins.NotImplementedError"  # what the release of a function raises


@dataclass(frozen=True)
class Finding:
    """A function, the rule that it may have broken, and where; by place, each line once."""

    function: str
    rule: Forbidden
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Scan:
    """What was found, the cells that were not read, and the functions not followed to an end."""

    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    unfollowed: tuple[str, ...] = ()


def scan(cells: Mapping[str, str], tests: Mapping[str, str], rules: Sequence[Forbidden]) -> Scan:
    """Return what the graded functions use that ``rules`` forbid.

    Args:
        cells: the code by key, in the order in which it runs.
        tests: by graded function the cell behind which it is judged.
        rules: of the assignment.
    """
    if not _may_hold(cells.values(), rules):
        return Scan()
    trees, unread = _read(cells)
    notebook = Notebook(trees)
    findings: list[Finding] = []
    unfollowed = []
    for function, test in tests.items():
        try:
            uses = list(_uses(notebook, function, notebook.end.get(test, notebook.last)))
        except (TooMuch, RecursionError):
            unfollowed.append(function)
        else:
            findings += _findings(function, uses, rules)
    return Scan(tuple(findings), tuple(unread), tuple(unfollowed))


def _may_hold(sources: Collection[str], rules: Sequence[Forbidden]) -> bool:
    """Tell whether there is anything to look for: most notebooks hold none of the words at all."""
    if not rules or sum(map(len, sources)) > ALL_CHARACTERS:
        return bool(rules)
    names = {name.split(".")[-1] for rule in rules for name in rule.names}
    word = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names | BY_TEXT)))})\b")
    return any(word.search(source) for source in sources)


def _read(cells: Mapping[str, str]) -> tuple[dict[str, list[ast.stmt]], list[str]]:
    trees: dict[str, list[ast.stmt]] = {}
    unread, left = [], ALL_CHARACTERS
    for key, source in cells.items():
        try:
            trees[key] = parse(source, left)
            left -= len(source)
        except TooMuch:
            trees[key] = []
            unread.append(key)
    return trees, unread


def _uses(notebook: Notebook, function: str, before: int) -> Iterator[Use]:
    """Yield what a function leads to where it is judged, or in the end if it is not there yet."""
    uses = list(Reader(notebook, before).uses(function))
    unwritten = not list(notebook.seen(function, before)) or any(
        use.path == UNWRITTEN for use in uses
    )
    yield from uses
    if unwritten:
        yield from Reader(notebook, notebook.last).uses(function)


def _findings(function: str, uses: Sequence[Use], rules: Sequence[Forbidden]) -> Iterator[Finding]:
    for rule in rules:
        if rule.holds_for(function):
            forbidden = [use for use in uses if rule.covers(use.path)]
            places = {(use.cell, use.line): use for use in forbidden}
            if places:
                yield Finding(function, rule, tuple(places.values()))
