"""The still picture of a quiz: the question and its options, and no answer."""

from __future__ import annotations

from string import ascii_uppercase
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from convbook.widgets.svg import INK, MARGIN, picture

if TYPE_CHECKING:
    from convbook.widgets.quiz import Quiz

Word = tuple[str, bool]  # a word, and whether it is code

WIDTH = 560
LINE = 22
INDENT = 56
CHARACTER = {400: 8, 600: 9}  # by weight, a little more than the mean width in pixels at size 15

TASKS = {
    "one": "Choose one answer. The live page explains each.",
    "several": "Choose every right answer. The live page explains each.",
    "number": "Write a number. The live page explains it.",
}


def quiz_picture(quiz: Quiz) -> str:
    """Return ``quiz`` as one SVG element, unanswered.

    Args:
        quiz: its traits are read, nothing is changed.

    >>> from convbook.widgets import Quiz
    >>> quiz_picture(Quiz.number("How many?", 3, "Count."))[:4]
    '<svg'
    """
    y = MARGIN + 16
    body, y = _paragraph(quiz.question, MARGIN, y, weight=600)
    y += 8
    for letter, option in zip(ascii_uppercase, quiz.options, strict=False):
        body += _box(quiz.kind, y)
        body += f'<text x="{MARGIN + 24}" y="{y}" font-size="15" font-weight="600">{letter}</text>'
        text, y = _paragraph(option["text"], INDENT, y)
        body += text
        y += 6
    if quiz.kind == "number":
        body += f'<line x1="{MARGIN}" x2="180" y1="{y + 10}" y2="{y + 10}" stroke="{INK}"/>'
        y += LINE
    return picture(_label(quiz), TASKS[quiz.kind], WIDTH, y - 10, body)


def code_parts(text: str) -> list[Word]:
    """Return the pieces of ``text``, each with whether it stood between backticks.

    >>> code_parts("set `stride` to 2")
    [('set ', False), ('stride', True), (' to 2', False)]
    >>> code_parts("a lone ` stays")
    [('a lone ` stays', False)]
    """
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        last = pieces.pop()
        pieces[-1] += f"`{last}"
    return [(piece, i % 2 == 1) for i, piece in enumerate(pieces) if piece]


def _label(quiz: Quiz) -> str:
    options = zip(ascii_uppercase, quiz.options, strict=False)
    texts = [quiz.question, *(f"{letter}: {option['text']}" for letter, option in options)]
    return "Quiz. " + "; ".join("".join(piece for piece, _ in code_parts(text)) for text in texts)


def _box(kind: str, y: int) -> str:
    style = f'fill="none" stroke="{INK}" stroke-width="1.5"'
    if kind == "one":
        return f'<circle cx="{MARGIN + 8}" cy="{y - 5}" r="7" {style}/>'
    return f'<rect x="{MARGIN + 1}" y="{y - 12}" width="14" height="14" rx="2" {style}/>'


def _paragraph(text: str, x: int, y: int, weight: int = 400) -> tuple[str, int]:
    """Return ``text`` wrapped from ``(x, y)``, and where the next paragraph begins."""
    lines = _lines(text, (WIDTH - MARGIN - x) // CHARACTER[weight])
    style = f'font-size="15" font-weight="{weight}"'
    drawn = (
        f'<text x="{x}" y="{y + LINE * i}" {style}>{_runs(line)}</text>'
        for i, line in enumerate(lines)
    )
    return "".join(drawn), y + LINE * len(lines)


def _lines(text: str, most: int) -> list[list[Word]]:
    """Return the words of ``text`` in lines of at most ``most`` characters where that can be."""
    lines: list[list[Word]] = [[]]
    touching = False
    for piece, code in code_parts(text):
        touching = touching and not piece[0].isspace()
        for word in piece.split():
            room = most - sum(len(shown) for shown, _ in lines[-1])
            # A word that touches the one before stays with it, as the stop after code does.
            if lines[-1] and not touching and len(word) + 1 > room:
                lines.append([])
            space = " " if lines[-1] and not touching else ""
            lines[-1].append((space + word, code))
            touching = False
        touching = not piece[-1].isspace()
    return lines


def _runs(line: list[Word]) -> str:
    return "".join(
        f'{word[: -len(word.lstrip())]}<tspan font-family="monospace">{escape(word.lstrip())}'
        "</tspan>"
        if code
        else escape(word)
        for word, code in line
    )
