"""Text of which nothing says how it is encoded: names in old zips, lists from an office."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

# Of Windows and of DOS: in the west, in Cyrillic, in the middle of Europe; of equal ones the first.
CODEPAGES = ("cp1252", "cp437", "cp850", "cp866", "cp1251", "cp1250", "cp852", "mac_roman")
APOSTROPHE = "\u2019"


def codepage(samples: Sequence[bytes]) -> str:
    """Return the code page in which ``samples`` read most like names.

    Example:
        >>> codepage(["Müller".encode("cp1252")]), codepage(["Иван Петров".encode("cp866")])
        ('cp1252', 'cp866')
    """
    joined = b" ".join(samples)
    return min(CODEPAGES, key=lambda page: _oddness(joined.decode(page, "replace")))


def _oddness(text: str) -> int:
    """Return how much in ``text`` no name holds: no letters, mixed scripts, aÉ or éà."""
    return sum(
        _odd_character(this) + _odd_pair(before, this)
        for before, this in pairwise(f" {text}")
        if not (this.isascii() and before.isascii())
    )


def _odd_character(character: str) -> int:
    if character.isascii() or character == APOSTROPHE:
        return 0
    return 0 if unicodedata.category(character) in ("Lu", "Ll") else 2


def _odd_pair(before: str, this: str) -> int:
    if not (before.isalpha() and this.isalpha()):
        return 0
    scripts = {_script(before), _script(this)}
    accents = scripts == {"LATIN"} and not before.isascii() and not this.isascii()
    return (len(scripts) > 1) + (before.islower() and this.isupper()) + accents


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
