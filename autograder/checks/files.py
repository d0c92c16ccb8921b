"""What students hand in beside the notebook: which files an assignment takes.

A module of checks names them next to its flavour, and a check asks for the bytes as handed in:

    FILES = (HandedIn("model.safetensors", "the trained weights", megabytes=8),)

    @check("model", points=5)
    def accuracy(student, rng):
        \"\"\"the model names nine of ten new images\"\"\"
        weights = tensors(student.file("model.safetensors"))
        ...

`autograder.checks.tensorfile.tensors` reads such a file; the weights go back by an ordinary call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.jail.inside.protocol import BOUNDS

MB = 10**6
MAX_MEGABYTES = BOUNDS.array_bytes // MB  # of a file: what is in it crosses to the jail in a call
MAX_TOGETHER = 2 * MAX_MEGABYTES  # they lie in the working folder, which holds more besides
MAX_FILES = 8
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.[a-z0-9]{1,20}")
OTHERWISE_READ = {"ipynb", "zip", "tar", "tgz", "gz"}  # notebooks, and what is looked into


@dataclass(frozen=True)
class HandedIn:
    """A file that an assignment takes beside the notebook.

    Args:
        name: what it must be called: small letters, digits, ``_``, ``-`` and one ending.
        purpose: what it is for, in words that complete *the file holds …*.
        megabytes: the most that it may hold, in units of 10⁶ bytes.
        required: whether a submission without it is told that something is missing.

    Raises:
        ValueError: the grader could not find, keep or mount a file like that.
    """

    name: str
    purpose: str
    megabytes: float
    required: bool = True

    def __post_init__(self) -> None:
        """Check what the author wrote."""
        if not FILE_NAME.fullmatch(self.name) or self.ending in OTHERWISE_READ:
            raise ValueError(
                f"name (={self.name!r}) must be small letters, digits, _ and - with one ending "
                f"that is none of {', '.join(sorted(OTHERWISE_READ))}: such as model.safetensors"
            )
        if not 0 < self.megabytes <= MAX_MEGABYTES:
            raise ValueError(
                f"megabytes (={self.megabytes}) of {self.name} must be above 0 and at most "
                f"{MAX_MEGABYTES}, the most that crosses to the jail"
            )

    @property
    def missing(self) -> str:
        """What is said where it was not handed in."""
        return f"{self.name} ({self.purpose}) is missing: hand it in with the notebook"

    def refusal(self, data: bytes) -> str:
        """Return why ``data`` cannot be this file, for student and instructor; else nothing."""
        if not data:
            return f"{self.name} is empty: save it again, and hand it in with the notebook"
        if len(data) > self.most:
            return (
                f"{self.name} holds more than {self.megabytes:g} MB, the most that is taken: "
                "hand in a smaller one"
            )
        return ""

    @property
    def ending(self) -> str:
        """What stands behind the point."""
        return self.name.partition(".")[2]

    @property
    def stem(self) -> str:
        """What stands before it."""
        return self.name.partition(".")[0]

    @property
    def most(self) -> int:
        """The most bytes that it may hold."""
        return int(self.megabytes * MB)


def require_fitting(files: tuple[HandedIn, ...]) -> None:
    """Require that all ``files`` of an assignment can be handed in together.

    Raises:
        ValueError: they are too many, too large, or two have one name.
    """
    names = [file.name for file in files]
    if len(set(names)) < len(names) or len(names) > MAX_FILES:
        raise ValueError(f"FILES (={names}) must be at most {MAX_FILES} different names")
    together = sum(file.megabytes for file in files)
    if together > MAX_TOGETHER:
        raise ValueError(
            f"FILES (={names}) may hold {together:g} MB together; at most {MAX_TOGETHER} fit: "
            "take less of each"
        )
