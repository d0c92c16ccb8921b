"""What of a student's may be shown to those who grade: one allow-list for every place.

Terminal, feedback page, class page and autograded notebook take text from here, and nothing of a
student's reaches them otherwise.
"""

from __future__ import annotations

import re

from rich.markup import escape as markup

COLOUR = re.compile(r"(\x1b\[[0-9;]{0,32}m)")  # the one kind of escape sequence that is kept
LINE = 150  # characters of a name
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\uffff]"
)


def plain(text: str) -> str:
    """Return ``text`` with what a terminal would obey, or not print, written as escapes.

    Line breaks and tabs stay.

    Example:
        >>> plain("17\\x1b[2J\\tpassed\\r\\n")
        '17\\\\x1b[2J\\tpassed\\\\r\\n'
    """
    return "\n".join(
        line if line.isprintable() else "".join(map(_plain_character, line))
        for line in text.split("\n")
    )


def shown(name: str, most: int = LINE) -> str:
    """Return ``name`` as one line of at most ``most`` characters.

    Example:
        >>> shown("a\\x1b[2J\\nb")
        'a\\\\x1b[2J\\\\nb'
    """
    safe = "".join(c if c.isprintable() else _escaped(c) for c in name[: most + 1])
    return safe if len(safe) <= most else f"{safe[:most]}…"


def coloured(text: str) -> str:
    """Return ``text`` as `plain` does, but with its colours, and of a line drawn anew the last.

    Example:
        >>> coloured("10 %\\r100 %\\n\\x1b[31mred\\x1b[2J")
        '100 %\\n\\x1b[31mred\\\\x1b[2J'
    """
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    text = "\n".join(lines)
    if "\x1b" not in text:
        return plain(text)
    parts = COLOUR.split(text)
    parts[::2] = map(plain, parts[::2])
    return "".join(parts)


def visible(text: str) -> str:
    """Return ``text`` for a page: what is not drawn, or turns the writing around, as escapes.

    Example:
        >>> visible("a\\u202eb\\0 \\u200d")
        'a\\\\u202eb\\\\x00 \\u200d'
    """
    return UNSEEN.sub(lambda match: _escaped(match[0]), text.replace("\r\n", "\n"))


def one_line(text: str, most: int = LINE) -> str:
    """Return ``text`` as one line for a table, escaped for rich: no row, colour or link of its own.

    Example:
        >>> one_line("a\\n[red]b\\x1b[2J")
        'a \\\\[red]b\\\\x1b[2J'
    """
    return markup(shown(" ".join(text[: 2 * most].split()), most))


def _plain_character(character: str) -> str:
    return character if character.isprintable() or character == "\t" else _escaped(character)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
