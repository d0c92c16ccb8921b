"""Markdown of students as HTML: what is honest looks right, what is hostile does nothing."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from PIL import Image

from autograder.harmless.formulas import is_harmless
from autograder.harmless.images import picture
from autograder.harmless.markup import BLOCK, ELEMENTS, clean, markdown_html, text_html

PARTS = (
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</div>",
    "<div>", "<b>", "</b>", "<a href='", "javascript:alert(1)", "data:text/html,x", "'>", '">',
    "$", "$$", "\\href{javascript:alert(1)}{x}", "\\(", "\\[", "\\begin{align}", "\\end{align}",
    "```\n", "\n\n", "\n", "> ", "- ", "|a|b|\n|-|-|\n", "[a](", ")", "![", "](", "<!--", "-->",
    "<table>", "<td>", "<style>", "<math>", "<span class='math'>", "</span>", "&lt;", "&#", "\0",
    "\u202e", "\ud800", "{{ 7 * 7 }}", "{% raw %}", "<![CDATA[", "<?", "a", "é", "👩‍🔬", "*", "_",
    "`",
)  # fmt: skip
HONEST = [
    ("x<y and y>z, a<b and b>c", "x&lt;y and y&gt;z, a&lt;b and b&gt;c"),
    (
        "**bold** *it* ~~no~~ `c<d`",
        "<strong>bold</strong> <em>it</em> <s>no</s> <code>c&lt;d</code>",
    ),
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    ("H<sub>2</sub>O<br>x", "H<sub>2</sub>O<br>x"),
    ("[l](https://example.org)", '<a href="https://example.org" rel="noopener noreferrer">l</a>'),
    ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
    ("```python\nx = 1\n\ny\n```", "<pre><code>x = 1\n\ny\n</code></pre>"),
    ("costs \\$5", "<p>costs $5</p>"),
    ("<details open><summary>s</summary>x</details>", "<summary>s</summary>x</details>"),
    ("a <!-- note --> b", "<p>a  b</p>"),
    ("R&D &copy; \\frac", "R&amp;D © \\frac"),
]


@pytest.mark.parametrize(("markdown", "shown"), HONEST)
def test_when_markdown_is_honest_then_it_looks_right(markdown: str, shown: str) -> None:
    html = markdown_html(markdown)
    assert shown in html.replace("&#10;", "\n").replace("&#36;", "$").replace("&#92;", "\\")


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href=" \x01JaVa\tScript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href=" data:text/html,x">x</a>', "<a>x</a>"),
        ('<a href="DATA&colon;text/html,x">x</a>', "<a>x</a>"),
        ('<a href="/formgrader">x</a>', "<a>x</a>"),
        ('<a href="//example.org">x</a>', "<a>x</a>"),
        ('<a href="https://example.org" onclick="y">x</a>', '<a href="https://example.org">x</a>'),
        ('<a href=" mailto:a@example.org">x</a>', '<a href="mailto:a@example.org">x</a>'),
        ('<img alt="p" src="https://example.org/p.png">', '<img alt="p">'),
        ('<img src="data:image/png;base64,AAAA">', '<img alt="">'),
        ('<img src="data:image/svg+xml;base64,AAAA">', '<img alt="">'),
        ('<b class="cvb-passed" style="color:red" id=x>x</b>', "<b>x</b>"),
        ("<td colspan=9999>", ""),
        ("a<script>x</script><style>y</style><svg><a>z</a></svg>", "a"),
        ("</div></td></table>x<i>y", "x<i>y</i>"),
        ("<form action=x><input><button>b</button></form>", "b"),
        ('<base href="https://example.org"><meta http-equiv=refresh content="0">', ""),
        ('<object data="x"></object><embed src=x><iframe src=x></iframe>', ""),
    ],
)
def test_when_html_comes_from_a_student_then_only_the_harmless_is_left(
    html: str, left: str
) -> None:
    assert clean(html).replace(' rel="noopener noreferrer"', "") == left


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{a}{b}", r"\sum_{i=0}^{n} w_i x_{i+k}", r"x < y \text{ if } a \leq b", r"\$5",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\left\lfloor \frac{n+2p-k}{s} \right\rfloor",
    ],
)  # fmt: skip
def test_when_a_formula_only_draws_signs_then_it_is_typeset(formula: str) -> None:
    assert 'class="tex2jax_process mathjax_process"' in markdown_html(f"so ${formula}$ it is")


@pytest.mark.parametrize(
    "formula",
    [
        r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"\class{full-credit}{x}",
        r"\cssId{x}{y}", r"\require{html}", r"\unicode{x41}", r"\def\x{y}", r"\newcommand{\x}{y}",
        r"\begin{html}x\end{html}", r"\hspace{-99em}", r"\mmlToken{mi}{x}", r"\let\frac\href",
        r"\label{x}", r"\begin {a}x\end {a}", r"\bbox[red]{x}", r"\rlap{x}", r"\Huge x",
        "{" * 30 + "}" * 30, "x" * 3000, r"a \\$ \href{x}{y}", r"\csname href\endcsname{x}{y}",
    ],
)  # fmt: skip
def test_when_a_formula_does_more_than_draw_then_it_is_shown_as_written(formula: str) -> None:
    assert not is_harmless(formula)
    for text in (f"${formula}$", f"$${formula}$$", f"<span class='math'>${formula}$</span>"):
        assert "tex2jax_process" not in markdown_html(text)


def test_when_a_student_writes_the_classes_of_mathjax_then_they_are_gone() -> None:
    html = markdown_html(
        "<span class='tex2jax_process mathjax_process math'>\\(\\href{x}{y}\\)<b></b>"
    )
    assert "process" not in html


def _picture(kind: str, size: tuple[int, int] = (2, 2)) -> str:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, kind)
    return b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif"])
def test_when_a_picture_is_what_it_says_then_it_is_shown(kind: str) -> None:
    data = _picture(kind)
    assert picture(f"image/{kind}", data) == f"data:image/{kind};base64,{data}"
    assert data in clean(f'<img alt="a" src="data:image/{kind};base64,{data}">')


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif"])
def test_when_a_picture_is_another_or_broken_or_huge_then_it_is_not_shown(kind: str) -> None:
    others = {"png", "jpeg", "gif"} - {kind}
    assert not any(picture(f"image/{other}", _picture(kind)) for other in others)
    assert not picture(f"image/{kind}", _picture(kind)[:16])
    assert not picture(f"image/{kind}", _picture(kind, (65_000, 400)))
    for data in (None, 1, "", "é", "<script>", b"x"):
        assert not picture(f"image/{kind}", data)


class _Elements(HTMLParser):
    """All elements of a page, and whether each is closed where it was opened."""

    def __init__(self, html: str):
        super().__init__()
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS.split()
        assert not {name for name, _ in attributes} - {
            "href", "title", "rel", "src", "alt", "align", "colspan", "rowspan", "start", "class"
        }  # fmt: skip
        for name, value in attributes:
            if name in ("href", "src"):
                assert re.match(r"https?://|mailto:|data:image/(png|gif|jpeg);base64,", value or "")
        self.open += [tag] if tag not in ("br", "hr", "img") else []

    def handle_endtag(self, tag: str) -> None:
        self.balanced &= bool(self.open) and self.open.pop() == tag


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=5)), max_size=40).map("".join))
def test_whatever_is_written_then_the_html_is_closed_harmless_and_read_as_it_is(text: str) -> None:
    for html in (markdown_html(text), text_html(text)):
        assert html.startswith(BLOCK)
        assert not re.search(r"[\n$\\]", html)
        elements = _Elements(html)
        assert elements.balanced
        assert not elements.open
        assert markdown2html(html).strip() == html
        for formula in re.findall(r'mathjax_process">(.*?)<', html):
            assert "href" not in formula
