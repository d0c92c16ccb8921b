"""Markdown and HTML of a student's as HTML that does nothing: no script, no request, no trap.

`clean` is the one gate: what does not pass it reaches no page and no notebook that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference, table
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_block, amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.harmless.formulas import is_harmless
from autograder.harmless.images import picture_at
from autograder.harmless.limits import DEPTH, TAGS
from autograder.harmless.text import visible

ELEMENTS = """
    a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li
    ol p pre s small span strong sub summary sup table tbody td th thead tr u ul
"""
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "ol": {"start"},
}
LINKS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
NUMBERS = ("colspan", "rowspan", "start")
CLASSES = {"span": {"math"}}  # what a student may write means nothing to MathJax
MARKS = {"span": {"tex2jax_process", "mathjax_process"}}  # of what was found harmless
IGNORE = "tex2jax_ignore mathjax_ignore"  # to MathJax 2, and to 3
BLOCK = f'<div class="{IGNORE}">'
PROCESS = "tex2jax_process mathjax_process"
FORMULA = re.compile(r'<span class="math">([^<]*)</span>')
DELIMITED = re.compile(r"(\$\$?)([^$]*(?:\\\$[^$]*)*)\1|\\begin\{.*\\end\{\w+\*?\}", re.DOTALL)
ATTRIBUTE = r"""\s+[\w-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)|\s+open"""
NAMES = "|".join(ELEMENTS.split())
ELEMENT = re.compile(rf"(</?(?:{NAMES})(?:{ATTRIBUTE})*\s*/?>)|<", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NO_ALT = re.compile(r"<img(?![^>]*\balt=)")
TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")
VOID = ("br", "hr", "img")
OPENING = re.compile(r"<[a-zA-Z/!?]")
MOST_PRODUCTS = 500_000  # tags written as HTML times all tags: what repairing them may cost
CELLS = 20_000  # of a table
ATTEMPTS = 20  # at definitions of links, and at formulas on lines of their own: each reads on

FORMULAS = {"math_inline": "$", "math_inline_double": "$$", "math_block": "$$", "amsmath": ""}

Pictures = Callable[[str], str]
Rule = Callable[[StateBlock, int, int, bool], bool]


def clean(html: str, picture: Pictures = picture_at, classes: dict[str, set[str]] = CLASSES) -> str:
    """Return ``html`` with only what the lists above allow, every element closed.

    Args:
        html: of anybody.
        picture: returns what an ``img`` may show for its address, or nothing.
        classes: that elements may have.

    Example:
        >>> clean("<p onclick=x>a <script>alert(1)</script><a href=' JAVA\\tscript:x'>b</a>")
        '<p>a <a rel="noopener noreferrer">b</a></p>'
    """

    def allowed(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return picture(value) or None
        if name == "href":
            return value.strip() if LINKS.fullmatch(value.strip()) else None
        return None if name in NUMBERS and not re.fullmatch(r"\d{1,3}", value) else value

    cleaned = nh3.clean(
        html,
        tags=set(ELEMENTS.split()),
        attributes=ATTRIBUTES,
        allowed_classes=classes,
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        url_relative="deny",
        link_rel="noopener noreferrer",
    )
    return NO_ALT.sub('<img alt=""', cleaned.replace('<span class="">', "<span>"))


def markdown_html(source: str, picture: Pictures = picture_at) -> str:
    """Return Markdown as one line of HTML that no later reading of Markdown or TeX changes.

    Formulas of harmless commands are marked for MathJax; all else is marked to be left alone.

    Example:
        >>> markdown_html("**b** <i onclick='x'>i</i> x<y").removeprefix(BLOCK)
        '<p><strong>b</strong> <i>i</i> x&lt;y</p>&#10;</div>'
    """
    parser = _parser()
    tokens = parser.parse(visible(source))
    html = parser.renderer.render(tokens, parser.options, {})
    written = sum(_tags(t.content) for token in tokens for t in (token, *(token.children or ()))
                  if t.type.startswith("html_"))  # fmt: skip
    if _tags(html) > TAGS or written * _tags(html) > MOST_PRODUCTS:
        return text_html(source)
    cleaned = FORMULA.sub(_settled, clean(html, picture)).replace('<span class="math">', "<span>")
    return _one_block(cleaned) if _depth(cleaned) <= DEPTH else text_html(source)


def text_html(text: str) -> str:
    """Return ``text`` as it is written, as HTML of the same kind.

    Example:
        >>> text_html("a < $b$").removeprefix(BLOCK)
        '<pre>a &lt; &#36;b&#36;</pre></div>'
    """
    return _one_block(f"<pre>{escape(visible(text), quote=False)}</pre>")


@cache
def _parser() -> MarkdownIt:
    """Return a reader of Jupyter's Markdown, its rules that take quadratic time held back."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=True).use(amsmath_plugin)
    parser.block.ruler.at("reference", _seldom(reference, "["), {"alt": []})
    parser.block.ruler.at("amsmath", _seldom(amsmath_block, "\\begin"), {"alt": ["paragraph"]})
    parser.block.ruler.at("table", _small_table, {"alt": ["paragraph", "reference"]})
    for kind in FORMULAS:
        parser.add_render_rule(kind, _formula_html)
    for kind in ("html_inline", "html_block"):
        parser.add_render_rule(kind, _written_html)
    return parser


def _seldom(rule: Rule, sign: str) -> Rule:
    """Return ``rule``, tried a few times at lines that begin with ``sign`` and at no other."""

    def limited(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not state.src.startswith(sign, state.bMarks[start] + state.tShift[start]):
            return False
        state.env[sign] = state.env.get(sign, 0) + 1
        return state.env[sign] <= ATTEMPTS and rule(state, start, end, silent)

    return limited


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table unless it could have too many cells: a short line makes a whole row."""
    if start + 2 > end:
        return False
    columns = 1 + state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1])
    return columns * (end - start) <= CELLS and table(state, start, end, silent)


def _formula_html(_: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    token = tokens[index]
    sign = FORMULAS[token.type]
    html = f'<span class="math">{escape(sign + token.content.strip() + sign)}</span>'
    return html if token.type.startswith("math_inline") else f"<p>{html}</p>\n"


def _written_html(_: Any, tokens: Sequence[Token], index: int, *_more: Any) -> str:
    """Return HTML of a student's with what is no known element as text, such as ``x<y and y>z``."""
    content = COMMENT.sub("", tokens[index].content)
    return ELEMENT.sub(lambda match: match[1] or "&lt;", content)


def _one_block(html: str) -> str:
    for sign in "\\$[\n":  # read as TeX, as a link, or as the end of the block, wherever they stand
        html = html.replace(sign, f"&#{ord(sign)};")
    return f"{BLOCK}{html}</div>"


def _settled(match: re.Match[str]) -> str:
    text = unescape(match[1]).strip()
    delimited = DELIMITED.fullmatch(text)
    if delimited and is_harmless(text if delimited[2] is None else delimited[2]):
        return f'<span class="{PROCESS}">{escape(text, quote=False)}</span>'
    return f"<code>{escape(text, quote=False)}</code>"


def _tags(html: str) -> int:
    return len(OPENING.findall(html))


def _depth(html: str) -> int:
    depth = deepest = 0
    for match in TAG.finditer(html):
        if match[2] not in VOID:
            depth += -1 if match[1] else 1
            deepest = max(deepest, depth)
    return deepest
