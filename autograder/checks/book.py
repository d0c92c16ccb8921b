"""Where the book teaches something, so that feedback can send a student there."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A section of a page of the book, by its heading.

    Args:
        page: the name of the file in ``book/``, without its ending.
        title: the heading, as it stands there.
    """

    page: str
    title: str

    @property
    def path(self) -> str:
        """Where the section is in the built book.

        Example:
            >>> Section("convolution-2d", "What does the flip do?").path
            'book/convolution-2d.html#what-does-the-flip-do'
        """
        anchor = re.sub("[^a-z0-9]+", "-", self.title.lower()).strip("-")
        return f"book/{self.page}.html#{anchor}"
