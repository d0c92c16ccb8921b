"""What people are called: names as platforms squeeze them, and the ids that students may have."""

from __future__ import annotations

import re
import unicodedata

STUDENT_ID = re.compile(r"(?:[^\W\d_]|[0-9])(?:[^\W\d_]|[0-9]|[._@+\\-]){0,63}")
MAX_BYTES = 200  # of an id: it names folders
ID_RULE = (
    "must start with a letter or digit and use only letters, digits and . _ @ + \\ - (at most 64)"
)


def squashed(name: str) -> str:
    """Return the letters and digits of ``name`` in lower case, as platforms write names.

    Example:
        >>> squashed("O'Neil, Ann")
        'oneilann'
    """
    return "".join(c for c in unicodedata.normalize("NFC", name).casefold() if c.isalnum())


def student_id(text: str) -> str:
    """Return ``text`` as an id, in the one form that it is kept in; nothing if it can be none.

    Example:
        >>> student_id("UNI\\\\ann"), student_id("a b")
        ('UNI\\\\ann', '')
    """
    student = unicodedata.normalize("NFC", text)
    plain = unicodedata.is_normalized("NFKC", student)  # else it looks like another one
    fits = STUDENT_ID.fullmatch(student) and len(student.encode()) <= MAX_BYTES
    return student if plain and fits else ""


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name; without a comma the last word is the last name.

    Example:
        >>> split_name("Ann Marie Adams"), split_name("de la Cruz, Ann")
        (('Ann Marie', 'Adams'), ('Ann', 'de la Cruz'))
    """
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()
