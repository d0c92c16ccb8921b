"""Sphinx extension: live widgets in static pages, each with its picture for paper.

Nothing else in the book needs to know of it. Pages with widgets load the course's own host, a
script per widget and one style sheet instead of scripts from other hosts; each widget's view is
wrapped together with the SVG from the same cell output; what only JupyterLab needs is left out of
the page; and a widget that would be dead in the page stops the build, with advice.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from convbook.widgets.base import PICTURE, WIDGET_VIEW
from convbook.widgets.static_page import ENTRIES, host_script, host_styles, widget_script

HOST_FILE = "widgets/host.js"
STYLE_FILE = "widgets/widgets.css"
OUR_MODULE = "convbook.widgets."
# Of a widget's state the page keeps its traits, not its code and not what a kernel would need.
LEFT_OUT = ("_esm", "_css", "_dom_classes", "_model", "_view", "layout", "tabbable", "tooltip")

logger = logging.getLogger(__name__)


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
    """Name the host as the first script that pages with widgets load."""
    config["nb_ipywidgets_js"] = {HOST_FILE: {"defer": "defer"}}


def write_scripts(app: Sphinx) -> None:
    """Write the host, a script per widget and the style sheet among an HTML build's files."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    texts = {HOST_FILE: host_script(), STYLE_FILE: host_styles()}
    texts |= {_script(path.parent.name): widget_script(path.parent.name) for path in ENTRIES}
    for name, text in texts.items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text, encoding="utf-8")


def _script(folder: str) -> str:
    return f"widgets/{folder}.js"


def keep_what_a_page_needs(app: Sphinx, page: str, *_: Any) -> None:
    """Reduce the widget state of ``page`` to the course's widgets; name any other widget."""
    if app.builder.format != "html":
        return
    _, script = NbMetadataCollector.get_js_files(app.env, page).get("ipywidgets_state", (None, {}))
    if not script:
        return
    whole = json.loads(script["body"])
    models = {key: model["state"] for key, model in whole["state"].items()}
    ours = {
        key: {"state": _traits(state)}
        for key, state in models.items()
        if str(state.get("_anywidget_id", "")).startswith(OUR_MODULE)
    }
    for key, state in models.items():
        if key not in ours and state.get("_view_name") and not _is_layout(state):
            logger.warning(
                "the widget %s would be dead in the page, which has no Python: use a widget of "
                "convbook.widgets, or show a figure or a table",
                state.get("_anywidget_id") or state.get("_model_name"),
                location=page,
            )
    # As myst-nb writes it: no tag may end inside.
    script["body"] = json.dumps(whole | {"state": ours}).replace("</", r"<\/")
    app.add_css_file(STYLE_FILE)
    for folder in sorted(
        {model["state"]["_anywidget_id"].split(".")[-2] for model in ours.values()}
    ):
        app.add_js_file(_script(folder), loading_method="defer", priority=900)


def _traits(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if not name.startswith(LEFT_OUT)}


def _is_layout(state: dict[str, Any]) -> bool:
    """Return whether it is no widget to look at but the layout or style of one."""
    return str(state.get("_model_name", "")).endswith(("LayoutModel", "StyleModel"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform and the events."""
    app.connect("config-inited", load_only_our_host)
    app.connect("builder-inited", write_scripts)
    app.connect("html-page-context", keep_what_a_page_needs, priority=400)  # myst-nb adds at 500
    app.add_post_transform(JoinPictures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
