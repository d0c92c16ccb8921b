"""A class whose notebooks try to act in the page of the person who grades them."""

from __future__ import annotations

import io
from base64 import b64encode

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from PIL import Image

from autograder.assignments.course import Course
from autograder.trials.implementations import solved
from tests.autograder.notebooks import cell_of

ID = "01-convolution"
ANSWER = "explain_flip"
TAKE = "window.taken=1;$(`.full-credit`).click();new Image().src=`https://example.org`"
SVG = b64encode(f"<svg xmlns='http://www.w3.org/2000/svg' onload='{TAKE}'/>".encode()).decode()
HTML = b64encode(f"<script>{TAKE}</script>".encode()).decode()
HONEST = r"""
A **convolution** flips the kernel: $y_i = \sum_k w_k x_{i-k}$, and $\frac{a}{b}$.

$$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$$

| so | it is |
|----|-------|
| x<y and y>z | H<sub>2</sub>O |

![drawn](attachment:drawn.png)
"""
INJECTIONS = {
    "script": f"<script>{TAKE}</script>",
    "onerror": f"<img src=x onerror='{TAKE}'>",
    "svg": f"<svg onload='{TAKE}'><animate onbegin='{TAKE}' attributeName=x dur=1s></svg>",
    "iframe": f"<iframe srcdoc='<script>parent.{TAKE}</script>'></iframe>"
    f"<iframe src='data:text/html;base64,{HTML}'></iframe>",
    "object": f"<object data='data:text/html;base64,{HTML}'></object>"
    f"<embed src='javascript:{TAKE}'>",
    "style": "<style>*{display:none!important}@import 'https://example.org/a.css';</style>"
    "<div style='position:fixed;inset:0;background:url(https://example.org/b.png)'>",
    "form": f"<form action='https://example.org'><input autofocus onfocus='{TAKE}'>"
    "<button>ok</button>",
    "base": "<base href='https://example.org/'><link rel=stylesheet href='//example.org/c.css'>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "link": f"[a](javascript:{TAKE}) <a href=' \tJAVA&#10;SCRIPT:{TAKE}' id=explain_flip>b</a> "
    f"<a href='data:text/html;base64,{HTML}'>c</a> <a data-link='/shutdown' href=/shutdown>d</a>",
    "picture": "![spy](https://example.org/spy.png) <img src=//example.org/d.png> "
    f"<img src='data:image/svg+xml;base64,{SVG}'>",
    "formula": rf"$\href{{javascript:{TAKE}}}{{x}}$ $$\style{{position:fixed}}{{y}}$$ "
    rf"\(\href{{javascript:{TAKE}}}{{z}}\) $\require{{html}}\class{{full-credit}}{{x}}$ "
    r"<span class='tex2jax_process math'>$\cssId{q}{x}$</span>",
    "closing": f"</div></div></div></body></html><script>{TAKE}</script>",
    "title": f"[a](https://example.org \"x' onmouseover='{TAKE}\") "
    f"<b title='\"><script>{TAKE}</script>'>",
    "template": "{{ 7 * 7 }} {% for x in y %} ${7*7} <%= 7*7 %> {{ ''.__class__ }}",
    "attachment": '![a](attachment:drawn.svg) ![b](attachment:"><script>) '
    "![c](attachment:none.png)",
    "entities": f"&lt;script&gt;{TAKE}&lt;/script&gt; <scr<script>ipt>{TAKE}</scr</script>ipt>",
    "mathml": f"<math><mtext><table><mglyph><style><img src=x onerror='{TAKE}'></style></math>",
    "slow": "<div>" * 5_000 + "\n\n" + "[[a](*_`<b>$x " * 5_000,
    "fence": f"```html\n<script>{TAKE}</script>\n```\n```mermaid\nclick A call {TAKE}\n```",
}
SHOWS = """
from IPython.display import HTML, Javascript, SVG, display
print({text!r})
display(HTML({text!r}), Javascript("{take}"), {{"text/latex": {text!r}}})
display({{"image/svg+xml": {text!r}, "text/markdown": {text!r}, "text/plain": {text!r}}}, raw=True)
raise ValueError({text!r})
"""


def hostile_class(course: Course) -> dict[str, NotebookNode]:
    """Return solved notebooks by name: each with one injection, one with all, two with none."""
    everything = "\n\n".join(text for name, text in INJECTIONS.items() if name != "slow")
    texts = INJECTIONS | {"everything": everything}
    books = {f"student-{name}": _with(course, text) for name, text in texts.items()}
    honest = solved(course, ID)
    answer = cell_of(honest, ANSWER)
    answer.source, answer["attachments"] = HONEST, {"drawn.png": {"image/png": _drawn()}}
    return {"student-00": honest} | books | {"student-honest": honest}


def _with(course: Course, text: str) -> NotebookNode:
    """Return a notebook that holds ``text`` wherever a student can write."""
    notebook = solved(course, ID)
    answer = cell_of(notebook, ANSWER)
    answer.source = text
    answer["attachments"] = {"drawn.svg": {"image/svg+xml": SVG}, '"><script>': {"text/html": HTML}}
    notebook.cells.insert(0, new_markdown_cell(text, metadata={"tags": ['"><script>']}))
    notebook.cells += [
        new_markdown_cell("before\n\n" + text),
        new_raw_cell(text, metadata={"raw_mimetype": "text/html", "format": "text/html"}),
        new_code_cell(SHOWS.format(text=text, take=TAKE)),
    ]
    notebook.metadata = NotebookNode(
        kernelspec={
            "name": "python3",
            "display_name": f"<script>{TAKE}</script>",
            "language": text,
        },
        language_info={"name": "python", "pygments_lexer": "html"},
        title=f"</title><script>{TAKE}</script>",
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
    )
    return notebook


def _drawn() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "steelblue").save(buffer, "PNG")
    return b64encode(buffer.getvalue()).decode()
