"""What one student handed in, as grading gets it: the notebook, and the files beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Submission:
    """A notebook and files, in bytes: picklable, and the same on every machine.

    ``files`` are those that the assignment takes, by its name for them. ``notes`` say what is odd
    about one, or why it is not among ``files``; the student may read them.
    """

    notebook: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells one submission from another; of a notebook alone, its SHA-256.

        Example:
            >>> Submission(b"").digest[:8], Submission(b"", {"a.csv": b"1"}).digest[:8]
            ('e3b0c442', '877f5ffc')
        """
        notebook = hashlib.sha256(self.notebook).hexdigest()
        held = {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}
        absent = {name: note for name, note in self.notes.items() if name not in held}
        if not held and not absent:
            return notebook
        whole = json.dumps([notebook, held, absent], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()
