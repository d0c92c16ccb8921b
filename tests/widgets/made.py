"""What a widget cannot be made without, by its name."""

from __future__ import annotations

from typing import Any

from convbook.widgets.filter_gallery import GalleryGroup

OPTIONS = [
    {"text": "Yes", "explanation": "It is.", "right": True},
    {"text": "No", "explanation": "It is."},
]
MADE: dict[str, tuple[Any, ...]] = {
    "FilterGallery": ([GalleryGroup("one", "filters", [[[1.0, -1.0]]])],),
    "Quiz": ("Is it?", OPTIONS),
}
