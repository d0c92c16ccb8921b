"""How much of a submission is shown: what is more is cut here, before it costs time or memory.

Nothing is lost by it: the file is kept as it was handed in, and graded whole.
"""

from __future__ import annotations

import re

from autograder.harmless.text import plain

NAME = 200  # characters of the name of a cell or an error
SAID = 4_000  # of one text in a verdict or a notice
NOTICES = 50  # of a submission
MARKDOWN = 20_000  # characters of a cell that are read as Markdown
CODE = 30_000  # characters of a cell of code
CODE_LINE = 1_000  # of a line of it: highlighting takes the square of its length
OUTPUT = 50_000  # characters of one output
COLOURS = 500  # changes of colour in one output
SOURCES = 100_000  # characters of all cells
CELLS = 1_000  # that were not released
OUTPUTS = 2_000_000  # characters of all outputs, pictures with them
MOST_OUTPUTS = 2_000
PICTURE = 8_000_000  # characters of one picture in base64: a photograph of 6 MB
PICTURES = 16_000_000  # of all that were pasted into text
PIXELS = 25_000_000  # of one picture, more than a telephone takes
FORMULAS = 5_000  # characters of TeX that are drawn on one page
TAGS = 10_000  # of the HTML of one cell
DEPTH = 60  # of elements within elements
SECONDS = 2.0  # for the Markdown of a notebook; what comes later is shown as plain text

NOTE = re.compile(r"\n?\[shortened: the first [\d,]+ of [\d,]+ characters are shown\]\Z")


def cut(text: str, most: int) -> str:
    """Return the first ``most`` characters of ``text``, and a note where there are more.

    Example:
        >>> cut("x" * 5000, 3)
        'xxx\\n[shortened: the first 3 of 5,000 characters are shown]'
        >>> cut(cut("x" * 5000, 3), 3) == cut("x" * 5000, 3)
        True
    """
    if len(text) <= most or NOTE.match(text, most):
        return text
    note = f"[shortened: the first {most:,} of {len(text):,} characters are shown]"
    return f"{text[:most]}\n{note}" if most else note


def cut_code(source: str) -> str:
    """Return as much of a cell of code as is shown, its long lines cut too.

    Example:
        >>> cut_code("x = 1\\ny = 2")
        'x = 1\\ny = 2'
    """
    source = cut(plain(cut(source.replace("\r\n", "\n"), CODE)), CODE)
    return "\n".join(
        line if len(line) <= CODE_LINE else f"{line[:CODE_LINE]} … [shortened]"
        for line in source.split("\n")
    )


class Room:
    """What may still be shown of something of which there are many."""

    def __init__(self, left: int):
        """Begin with ``left`` characters."""
        self.left = left

    def cut(self, text: str, most: int) -> str:
        """Return as much of ``text`` as there is room for, at most ``most`` characters."""
        most = min(most, self.left)
        self.left -= min(len(text), most)
        return cut(text, most)

    def holds(self, size: int) -> bool:
        """Take ``size`` characters if there is room for them, and say whether there was."""
        fits = size <= self.left
        self.left -= size if fits else 0
        return fits
