"""The verdicts on one function as the HTML that the feedback page shows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from autograder.feedback.fixing import NOT_WRITTEN, is_unwritten
from autograder.grading.report import FileRead, Notice, Result, Verdict
from autograder.harmless.markup import IGNORE

# Formgrader shows these tables too: where a page sets no colours, the light ones hold.
STYLE = """<style>
.cvb-checks{border-collapse:collapse;table-layout:fixed;width:100%;margin:.4em 0}
.cvb-checks{font:14px/1.45 system-ui,sans-serif}
.cvb-checks td{border-top:1px solid var(--cvb-line,#d5dae1);padding:.55em .7em}
.cvb-checks td{text-align:left;vertical-align:top}
.cvb-checks thead{position:absolute;clip-path:inset(50%)}
.cvb-checks col:first-child{width:9.5em}
.cvb-checks col:last-child{width:5em}
.cvb-checks .cvb-verdict{white-space:nowrap;font-weight:600}
.cvb-checks .cvb-points{white-space:nowrap;text-align:right}
.cvb-checks .cvb-passed{color:var(--cvb-passed,#1a6b33)}
.cvb-checks .cvb-failed{color:var(--cvb-failed,#a03a00)}
.cvb-checks dl{margin:.5em 0 0}
.cvb-checks dt{color:var(--cvb-soft,#4a5563);font-weight:400;margin-top:.35em}
.cvb-checks dd{margin:0}
.cvb-checks pre{margin:0;padding:0;background:none;border:0;color:inherit;font-size:12.5px}
.cvb-checks pre{white-space:pre;overflow-x:auto}
.cvb-checks .cvb-text{white-space:pre-wrap;overflow-wrap:anywhere}
.cvb-checks .cvb-hint{background:var(--cvb-hint,#fff4e5);margin-top:.6em;padding:.35em .6em}
.cvb-checks .cvb-hint{border-left:3px solid var(--cvb-hint-edge,#d97706)}
@media (max-width:600px){.cvb-checks,.cvb-checks tbody{display:block}
.cvb-checks tr{display:grid;grid-template-columns:1fr auto;padding:.4em 0}
.cvb-checks tr{border-top:1px solid var(--cvb-line,#d5dae1)}
.cvb-checks tr td{border:0;padding:.2em 0;min-width:0;width:auto}
.cvb-checks tr td:nth-child(2){grid-area:2/1/3/3}}
</style>"""

HEAD = (
    "<colgroup><col><col><col></colgroup><thead><tr>"
    '<th scope="col">verdict</th><th scope="col">check</th><th scope="col">points</th></tr></thead>'
)
# What a page says instead of a word that accuses: of a cell, of what a kernel sent.
CHANGED, UNREADABLE = "not as released", "not readable"
AS_RELEASED = "<p>What is not as released was graded as released, and costs nothing.</p>"
STOPPED = (Verdict.DIED, Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY)
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
    results = tuple(results)
    if results and all(map(is_unwritten, results)):  # once is enough
        rows = "".join(_row(result, "") for result in results)
        return f"<p>{NOT_WRITTEN}</p>{_table(rows)}"
    return _table("".join(_row(result, _details(result)) for result in results))


def verdicts_text(results: Iterable[Result]) -> str:
    """Return the same for a terminal: a line per check, and one for its hint."""
    lines = []
    for result in results:
        points = _points(result).replace(" ", "")
        lines.append(f"{result.verdict:<14} {points}  {result.sentence}")
        if result.hint_text:
            lines.append(f"{'':<14} hint ({result.hint}): {result.hint_text}")
    return "\n".join(lines)


def notices_markdown(notices: Iterable[Notice], results: Iterable[Result] = ()) -> str:
    """Return the notices as a Markdown cell in which nothing is taken for Markdown or HTML.

    One block of HTML on one line: Markdown leaves what is inside alone. Cells of which the same
    is said share an item; where a cell was stopped, it says what that cost.
    """
    cells: dict[tuple[Verdict, str], list[str]] = {}
    for notice in notices:
        cells.setdefault((notice.verdict, notice.text), []).append(notice.cell)
    results = tuple(results)
    items = "".join(
        f"<li><strong>{escape(_calm(verdict, names[0]))}</strong> "
        f"{', '.join(f'<code>{_one_line(cell)}</code>' for cell in names if cell)} "
        f"{_one_line(text)}{_one_line(_cost(verdict, results))}</li>"
        for (verdict, text), names in cells.items()
    )
    note = AS_RELEASED if CHANGED in items else ""
    return f"<div><strong>About this notebook</strong><ul>{items}</ul>{note}</div>"


def _calm(verdict: Verdict, cell: str = "") -> str:
    """Return the verdict in a word that accuses nobody."""
    if verdict is not Verdict.TAMPERED:
        return verdict
    return CHANGED if cell else UNREADABLE


def _cost(verdict: Verdict, results: tuple[Result, ...]) -> str:
    """Return what it cost that a cell was stopped; only what is certain."""
    if verdict not in STOPPED or not results:
        return ""
    failed = [result for result in results if result.verdict is not Verdict.PASSED]
    if not failed:
        return ". No points were lost by it: every check passed."
    lost = [result for result in failed if result.verdict is verdict]
    if not lost:
        return ". The checks ran without this cell; none of them was stopped."
    functions = ", ".join(dict.fromkeys(result.function for result in lost))
    return f". Checks of {functions} were stopped as well: {_sum(lost)} points were lost."


def _sum(results: Iterable[Result]) -> str:
    return f"{sum(result.points for result in results):g}"


def files_markdown(files: Iterable[FileRead]) -> str:
    """Return what was read beside the notebook, and what is missing, in the same way."""
    items = "".join(
        f"<li><code>{_one_line(str(file))}</code> {_one_line(file.note)}</li>" for file in files
    )
    return f"<div><strong>Files beside this notebook</strong><ul>{items}</ul></div>"


def _table(rows: str) -> str:
    return f'{STYLE}<table class="cvb-checks {IGNORE}">{HEAD}<tbody>{rows}</tbody></table>'


def _row(result: Result, details: str) -> str:
    passed = result.verdict is Verdict.PASSED
    mark, kind = ("✓", "passed") if passed else ("✗", "failed")
    label = _calm(result.verdict)
    return (
        f'<tr><td class="cvb-verdict cvb-{kind}">{mark} {escape(label)}</td>'
        f"<td>{escape(result.sentence)}{details}</td>"
        f'<td class="cvb-points">{_points(result)}</td></tr>'
    )


def _points(result: Result) -> str:
    return f"{result.score:g} / {result.points:g}" if result.is_check else f"{result.score:g}"


def _details(result: Result) -> str:
    if result.verdict is Verdict.PASSED:
        return ""
    items = "".join(
        f"<dt>{label}</dt><dd>{_value(getattr(result, name))}</dd>"
        for name, label in LABELS
        if getattr(result, name)
    )
    hint = ""
    if result.hint_text:
        name = escape(result.hint)
        hint = f'<div class="cvb-hint"><b>Hint</b> ({name}): {escape(result.hint_text)}</div>'
    return f"<dl>{items}</dl>{hint}"


def _value(text: str) -> str:
    """Return ``text`` as it is; rows of an array keep their columns, a sentence is wrapped."""
    kind = ' tabindex="0"' if " of shape " in text else ' class="cvb-text"'
    return f"<pre{kind}>{escape(text)}</pre>"


def _one_line(text: str) -> str:
    return escape(" ".join(text.split()))
