"""Formulas drawn when the book is built: no page loads a script for them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from convbook import formulas
from convbook.formulas import STYLE, BadFormula, formula_html, glyphs_html

STYLE_FILE = "formulas.css"


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula into its line."""
    self.body.append(_drawn(node, display=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number if it has one."""
    self.body.append(self.starttag(node, "div", CLASS="formula-block"))
    self.body.append(_drawn(node, display=True))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def _drawn(node: nodes.Element, display: bool) -> str:
    tex = node.astext()
    if display and r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{split}}{tex}\end{{split}}"
    try:
        return formula_html(tex, display)
    except BadFormula as error:
        place = ":".join(str(part) for part in (node.source, node.line) if part)
        raise ExtensionError(f"{place}: a formula cannot be drawn: {error}") from None


def add_glyphs(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], *_: Any) -> None:
    """Put the signs that a page's formulas refer to below it."""
    if "body" in context:
        context["body"] += glyphs_html(context["body"], context.get("toc") or "")


def write_style(app: Sphinx) -> None:
    """Write the few rules that formulas need among an HTML build's files."""
    if app.builder.format == "html":
        path = Path(app.outdir, "_static", STYLE_FILE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STYLE, encoding="utf-8")


def drawer() -> str:
    """Return a digest of what draws formulas: when it changes, all pages are written anew."""
    parts = sorted(Path(str(formulas.__file__)).parent.glob("*.*"))
    return sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_html_math_renderer("drawn", (visit_inline, None), (visit_block, None))
    app.config.html_math_renderer = "drawn"
    app.add_config_value("formula_drawer", drawer(), "html", [str])
    app.add_css_file(STYLE_FILE)
    app.connect("builder-inited", write_style)
    app.connect("html-page-context", add_glyphs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
