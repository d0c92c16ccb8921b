"""Sphinx extension: live widgets in static pages, each with its picture for paper.

It does three things, and nothing else in the book needs to know of them: pages with widgets load
the course's own host instead of scripts from other hosts; each widget's view is wrapped together
with the SVG from the same cell output; the host script is written into the build.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform

from convbook.widgets.base import PICTURE, WIDGET_VIEW
from convbook.widgets.source import host_script

HOST_FILE = "convbook-widgets.js"


class JoinPictures(SphinxPostTransform):
    """Puts a widget's view and its picture into one box, before myst-nb keeps only one of them."""

    default_priority = 3  # myst-nb chooses at 4
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Wrap every widget output of the page."""
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") == "mime_bundle":
                self._join({child["mime_type"]: child for child in bundle.findall(_is_mime)})

    def _join(self, parts: dict[str, nodes.container]) -> None:
        if WIDGET_VIEW not in parts:
            return
        view = parts[WIDGET_VIEW]
        picture = self._svg(parts[PICTURE]) if PICTURE in parts else ""
        html = f'<div class="cvb-widget">{view.astext()}{picture}</div>'
        view.children = [nodes.raw("", html, format="html")]

    def _svg(self, part: nodes.container) -> str:
        image = next(part.findall(nodes.image))
        svg = Path(self.app.srcdir, image["uri"]).read_text(encoding="utf-8")
        return f'<div class="cvb-picture">{svg}</div>'


def _is_mime(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "mime_type" in node


def load_only_our_host(_app: Sphinx, config: Config) -> None:
    """Name the host as the one script that pages with widgets load."""
    config["nb_ipywidgets_js"] = {HOST_FILE: {"defer": "defer"}}


def write_host(app: Sphinx) -> None:
    """Write the host among the static files of an HTML build."""
    if app.builder.format == "html":
        folder = Path(app.outdir, "_static")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / HOST_FILE).write_text(host_script(), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform and the two events."""
    app.connect("config-inited", load_only_our_host)
    app.connect("builder-inited", write_host)
    app.add_post_transform(JoinPictures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
