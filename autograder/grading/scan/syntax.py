"""Code of a student's as syntax trees: it is read here and never run, and it may be hostile."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

CHARACTERS = 50_000  # of a cell that is read
ALL_CHARACTERS = 200_000  # of a notebook
TEXT_DEPTH = 20  # of texts put together with +


class TooMuch(Exception):
    """There is more to read than is read of any notebook."""


def parse(source: str, most: int = CHARACTERS) -> list[ast.stmt]:
    """Return the statements of a cell; none where it is not Python, and would not run either.

    Raises:
        TooMuch: it is too long, or nested too deep.
    """
    if len(source) > min(most, CHARACTERS):
        raise TooMuch
    try:
        return _parse(source)
    except SyntaxError:
        pass
    try:
        return _parse("\n".join(_without_magics(source)))
    except SyntaxError:
        return []


def _parse(source: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an odd escape in a text, say
            return ast.parse(source).body
    except (RecursionError, MemoryError) as error:
        raise TooMuch from error
    except ValueError as error:  # a zero byte, half of a pair of code points
        raise SyntaxError(str(error)) from error


def _without_magics(source: str) -> Iterator[str]:
    """Yield the lines, with a ``pass`` for each that only IPython reads."""
    for line in source.split("\n"):
        bare = line.strip()
        shell = bare.startswith(("%", "!", "?")) or bare.endswith("?")
        _, equals, value = bare.partition("=")
        if shell or (equals and value.lstrip().startswith(("%", "!"))):
            line = line[: len(line) - len(line.lstrip())] + "pass"
        yield line


def text_of(node: ast.AST, depth: int = TEXT_DEPTH) -> str | None:
    """Return the text that an expression is, also one put together from several."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    parts: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    texts = [text_of(part, depth - 1) for part in parts] if depth else []
    known = [text for text in texts if text is not None]
    return "".join(known) if parts and len(known) == len(parts) else None


def code_in_text(node: ast.AST) -> list[ast.stmt]:
    """Return the code in a text that ``eval`` or ``exec`` is given, as if it stood there."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
        return []
    text = text_of(node.args[0]) if node.func.id in ("eval", "exec") else None
    try:
        statements = parse(text.strip()) if text else []
    except TooMuch:
        return []
    for statement in statements:
        for inner in ast.walk(statement):
            if hasattr(inner, "lineno"):
                inner.lineno = node.lineno
    return statements
