"""Formulas on a feedback page: drawn as in the book, each sign once, within a bound."""

from __future__ import annotations

import re
from html import escape, unescape

from autograder.harmless.formulas import is_harmless
from autograder.harmless.limits import FORMULAS
from autograder.harmless.markup import DELIMITED, PROCESS
from convbook.formulas import BadFormula, formula_html, glyphs_html

MARKED = re.compile(rf'<span class="{PROCESS}">([^<]*)</span>')


def with_formulas(page: str) -> str:
    """Return ``page`` with each formula that was found harmless as a picture, and as MathML.

    A formula that MathJax cannot read stays as it was written; so does what comes after
    `limits.FORMULAS` characters, since each takes a while.

    Example:
        >>> marked = f'<span class="{PROCESS}">$x_i$</span>'
        >>> with_formulas(marked + "</main>").count("<svg")
        2
        >>> with_formulas(marked.replace("x_i", "x_i_j"))
        '<code>$x_i_j$</code>'
    """
    drawn: dict[str, str] = {}
    room = FORMULAS

    def picture(match: re.Match[str]) -> str:
        nonlocal room
        text = unescape(match[1]).strip()
        if text not in drawn:
            room -= len(text)
            drawn[text] = _drawn(text) if room >= 0 else _written(text)
        return drawn[text]

    page = MARKED.sub(picture, page)
    return page.replace("</main>", f"{glyphs_html(page)}</main>", 1)


def _drawn(text: str) -> str:
    delimited = DELIMITED.fullmatch(text)
    if not delimited:
        return _written(text)
    sign, tex = delimited[1], text if delimited[2] is None else delimited[2]
    try:
        html = formula_html(tex, sign != "$") if is_harmless(tex) else _written(text)
    except BadFormula:
        return _written(text)
    return html if sign == "$" else f'<span class="formula-block">{html}</span>'


def _written(text: str) -> str:
    return f"<code>{escape(text, quote=False)}</code>"
