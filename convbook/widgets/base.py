"""What every widget of the course has: a picture for readers without JavaScript."""

from __future__ import annotations

from typing import Any

import anywidget

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = "image/svg+xml"


class CourseWidget(anywidget.AnyWidget):
    """An anywidget whose cell output also carries a still picture and a plain sentence.

    A subclass sets ``_esm`` and ``_css`` to joined texts and overrides `picture` and `__repr__`.
    JupyterLab shows the live widget; a page without JavaScript, or on paper, shows the picture.
    """

    def picture(self) -> str:
        """Return the widget's present state as one SVG element with a title and a description."""
        raise NotImplementedError(f"{type(self).__name__} must draw its picture")

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, PICTURE: self.picture()}, metadata
