"""What people are called: names as platforms squeeze them, and the ids that students may have."""

from __future__ import annotations

import re
import unicodedata

STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
LOGIN = re.compile(r"(?:[^\W\d_]|[0-9])(?:[^\W\d_]|[0-9._@+\\-]){0,63}")
MAX_BYTES = 200  # of an id: it names folders
ID_RULE = "must start with a letter or digit and use only letters, digits and . _ @ - (at most 64)"
LOGIN_RULE = ID_RULE.replace("@ -", "@ + \\ -")


def squashed(name: str) -> str:
    """Return the letters and digits of ``name`` in lower case, as platforms write names.

    Example:
        >>> squashed("O'Neil, Ann")
        'oneilann'
    """
    return "".join(c for c in unicodedata.normalize("NFC", name).casefold() if c.isalnum())


def login(text: str) -> str:
    """Return ``text`` as a login, in the one form that it is kept in; nothing if it can be none.

    What somebody else than students wrote, the exchange or a class list, may hold more than
    `STUDENT_ID`.

    Example:
        >>> login("UNI\\\\ann"), login("a b")
        ('UNI\\\\ann', '')
    """
    student = unicodedata.normalize("NFC", text)
    plain = unicodedata.is_normalized("NFKC", student)  # else it looks like another one
    fits = LOGIN.fullmatch(student) and len(student.encode()) <= MAX_BYTES
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
