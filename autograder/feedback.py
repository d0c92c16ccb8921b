"""The verdicts on one function as the HTML that the feedback page shows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from autograder.report import Notice, Result, Verdict

STYLE = """<style>
.cvb-checks{border-collapse:collapse;width:100%;font:14px/1.45 system-ui,sans-serif;margin:.4em 0}
.cvb-checks td{border-top:1px solid #d5dae1;padding:.55em .7em;text-align:left;vertical-align:top}
.cvb-checks .cvb-verdict{white-space:nowrap;font-weight:600;width:9em}
.cvb-checks .cvb-points{white-space:nowrap;text-align:right;width:5em}
.cvb-checks .cvb-passed{color:#1a6b33}.cvb-checks .cvb-failed{color:#a03a00}
.cvb-checks dl{margin:.4em 0 0;display:grid;grid-template-columns:max-content 1fr;gap:.2em .8em}
.cvb-checks dt{color:#4a5563}.cvb-checks dd{margin:0}
.cvb-checks pre{margin:0;padding:0;background:none;border:0;font-size:12.5px;white-space:pre-wrap}
.cvb-checks .cvb-hint{background:#fff4e5;border-left:3px solid #d97706;padding:.35em .6em}
.cvb-checks .cvb-hint{margin-top:.5em}
@media (max-width:600px){.cvb-checks td{display:block;width:auto;border:0}
.cvb-checks tr{display:block;border-top:1px solid #d5dae1}.cvb-checks .cvb-points{text-align:left}
.cvb-checks dl{display:block}}
</style>"""

LABELS = (
    ("asked", "asked"),
    ("reason", "what came back"),
    ("actual", "it returned"),
    ("expected", "must be"),
)


def verdicts_html(results: Iterable[Result]) -> str:
    """Return a table with a row per check: verdict, sentence, payload, hint, points.

    Every text that a student had a hand in is escaped.
    """
    rows = "".join(map(_row, results))
    return f'{STYLE}<table class="cvb-checks">{rows}</table>'


def verdicts_text(results: Iterable[Result]) -> str:
    """Return the same for a terminal: a line per check, and one for its hint."""
    lines = []
    for result in results:
        lines.append(f"{result.verdict:<14} {result.score:g}/{result.points:g}  {result.sentence}")
        if result.hint_text:
            lines.append(f"{'':<14} hint ({result.hint}): {result.hint_text}")
    return "\n".join(lines)


def notices_markdown(notices: Iterable[Notice]) -> str:
    """Return the notices as a Markdown list in which nothing is taken for HTML."""
    lines = [
        f"- <strong>{escape(notice.verdict)}</strong> "
        f"<code>{escape(notice.cell)}</code> {escape(notice.text)}"
        for notice in notices
    ]
    return "**About this notebook**\n\n" + "\n".join(lines)


def _row(result: Result) -> str:
    passed = result.verdict is Verdict.PASSED
    mark, kind = ("✓", "passed") if passed else ("✗", "failed")
    details = "" if passed else _details(result)
    return (
        f'<tr><td class="cvb-verdict cvb-{kind}">{mark} {escape(result.verdict)}</td>'
        f"<td>{escape(result.sentence)}{details}</td>"
        f'<td class="cvb-points">{result.score:g} / {result.points:g}</td></tr>'
    )


def _details(result: Result) -> str:
    items = "".join(
        f"<dt>{label}</dt><dd><pre>{escape(getattr(result, name))}</pre></dd>"
        for name, label in LABELS
        if getattr(result, name)
    )
    hint = ""
    if result.hint_text:
        name = escape(result.hint)
        hint = f'<div class="cvb-hint"><b>Hint</b> ({name}): {escape(result.hint_text)}</div>'
    return f"<dl>{items}</dl>{hint}"
