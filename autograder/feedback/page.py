"""The feedback page: one small file that runs no script and asks no other host.

nbgrader_config.py gives `FeedbackExporter` and `PREPROCESSORS` to nbgrader's GenerateFeedback, so
`autograder grade`, `autograder feedback` and `nbgrader generate_feedback` make the same pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML, ansi2html
from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from traitlets import Unicode
from traitlets.config import Config

from autograder.feedback.formulas import with_formulas
from autograder.harmless.images import picture
from autograder.harmless.limits import MARKDOWN, cut, cut_code
from autograder.harmless.markup import BLOCK, MARKS, clean, markdown_html
from convbook.formulas import STYLE

PAGES = Path(__file__).parent / "pages"
COLOURS = {"light": "xcode", "dark": "monokai"}  # readable on both panels
NO_RESPONSE = "No response."  # what nbgrader says of a question by itself
CACHED, SHORT = 64, 20_000  # cells that are kept, and their characters
EMPTY_HEAD = re.compile(r"<th(?: [^>]*)?>\s*</th>")
INLINE_STYLE = re.compile(' style="[^"]*"')


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML exporter with the template in `pages/course-feedback`."""

    @property
    def default_config(self) -> Config:
        """Return nbconvert's settings, and which template to use."""
        own = Config(super().default_config)
        own.FeedbackExporter.template_name = "course-feedback"
        own.FeedbackExporter.template_file = "index.html.j2"  # not formgrader's
        own.FeedbackExporter.extra_template_basedirs = [str(PAGES)]
        own.FeedbackExporter.default_preprocessors = []
        own.FeedbackExporter.exclude_anchor_links = True
        return own

    def default_filters(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        """Yield nbconvert's filters and those of the page."""
        yield from super().default_filters()
        yield ("harmless", focusable_markdown)
        yield ("shown_output", shown_output)
        yield ("highlight_code", highlighted)
        yield ("picture", picture)
        yield ("points", points)

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page of ``nb`` without parsing it again, which takes half of the time."""
        resources = self._init_resources(resources)
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kwargs)
        return with_formulas(page), resources


class PageData(GetGrades):
    """Fetches grades, comments and the style; and what a person still has to grade.

    The 0 of an answer that waits is not a verdict, and the points that it had before it changed
    are not the last word: the page says so.
    """

    book = Unicode(help="the address of the book; without it no section is a link").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Write scores and comments into ``nb``, what the whole page needs into ``resources``."""
        nb, resources = super().preprocess(nb, resources)
        waiting = any(cell.metadata.get("nbgrader", {}).get("waiting") for cell in nb.cells)
        untouched = not waiting and _is_untouched(nb)
        resources["feedback"] = {"waiting": waiting, "style": style() + _code_style()}
        resources["feedback"] |= {"book": self.book, "untouched": untouched}
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: Any) -> None:
        super()._get_score(cell, resources)
        names = self.notebook_id, self.assignment_id, self.student_id
        grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, *names)
        rules = cell.metadata.nbgrader
        rules["waiting"] = bool(grade.needs_manual_grade)
        rules["earlier"] = rules["waiting"] and grade.manual_score is not None
        rules["unanswered"] = grade.auto_score is not None and grade.manual_score is None


PREPROCESSORS = [PageData]


def page_exporter(config: Config) -> FeedbackExporter:
    """Return what makes a page from a graded notebook, for use without nbgrader's converter."""
    exporter = FeedbackExporter()
    for preprocessor in PREPROCESSORS:
        exporter.register_preprocessor(preprocessor(config=config), enabled=True)
    return exporter


def _is_untouched(nb: NotebookNode) -> bool:
    """Tell whether no function was written, no question answered and nothing said by a person."""
    rules = [cell.metadata.get("nbgrader", {}) for cell in nb.cells]
    if any(rule.get("comment", "") not in ("", None, NO_RESPONSE) for rule in rules):
        return False
    by_hand = [rule for rule in rules if rule.get("grade") and rule.get("solution")]
    outputs = [output for cell in nb.cells for output in cell.get("outputs", [])]
    unwritten = any(output.get("metadata", {}).get("untouched") for output in outputs)
    return unwritten and all(rule.get("unanswered") for rule in by_hand)


def highlighted(source: str) -> str:
    """Return Python code as HTML; short cells, which students share, are made once."""
    source = cut_code(source)
    return _highlighted_once(source) if len(source) < SHORT else _highlight(source)


def _highlight(source: str) -> str:
    return _focusable(str(Highlight2HTML(pygments_lexer="ipython3")(source)))


_highlighted_once = lru_cache(maxsize=CACHED)(_highlight)


def focusable_markdown(source: str) -> str:
    """Return what `harmless` does, with everything that may scroll within reach of the keyboard."""
    return _focusable(harmless(source))


def _focusable(html: str) -> str:
    """Let a key scroll what may be wider than the page; a head without words is no head."""
    html = EMPTY_HEAD.sub("<td></td>", html).replace("<pre>", '<pre tabindex="0">')
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    return html.replace("</table>", "</table></div>")


def shown_output(text: str) -> str:
    """Return what was printed as HTML, in the page's own colours: others may be hard to read."""
    return INLINE_STYLE.sub("", ansi2html(text))


def harmless(source: str) -> str:
    """Return Markdown as HTML that does nothing; what `make_harmless` made of it already, too."""
    if source.startswith(BLOCK) and "\n" not in source:
        return clean(source, classes=MARKS)
    return _harmless_once(cut(source, MARKDOWN))


_harmless_once = lru_cache(maxsize=CACHED)(
    lambda source: clean(markdown_html(source), classes=MARKS)
)


def points(value: float) -> str:
    """Return ``value`` as a person writes it."""
    return f"{round(float(value), 2):g}"


def style() -> str:
    """Return the style sheet that all pages of the grader share."""
    return (PAGES / "style.css").read_text(encoding="utf-8") + STYLE


def _code_style() -> str:
    light, dark = (
        HtmlFormatter(style=name, nobackground=True).get_style_defs(".highlight")
        for name in (COLOURS["light"], COLOURS["dark"])
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
