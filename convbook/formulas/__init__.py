r"""Formulas drawn once, when a page is made: a picture for eyes, MathML for ears, no script.

MathJax draws them as it would in a browser, but here, in a JavaScript engine inside Python. Each
sign that a page uses is drawn once and referred to, so that a hundred formulas weigh little.

    page = f"so {formula_html('x^2')} and {formula_html('x_i')}"
    page += glyphs_html(page)
"""

from __future__ import annotations

import atexit
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from py_mini_racer import JSEvalException, JSPromise, MiniRacer

PACKAGE = "sphinx-mathjax-offline"  # MathJax's own files
PARTS = ("core", "adaptors/liteDOM", "input/tex-full", "output/svg", "output/svg/fonts/tex")
# Commands that draw signs; none that opens an address, loads code, styles a page, or is remembered
# by the formulas after it.
TEX_PACKAGES = ("base", "ams", "boldsymbol")
SECONDS, START_SECONDS = 5.0, 60.0  # a formula takes some hundredths, the start a fraction
MEGABYTES = 256
CACHED = 4096
SETTINGS = {
    "loader": {"load": [*PARTS], "paths": {"mathjax": "mathjax"}},
    "startup": {"typeset": False},
    "svg": {"fontCache": "global"},
    "tex": {"packages": TEX_PACKAGES},
}
DRAW = Path(__file__).with_name("draw.js")
STYLE = Path(__file__).with_name("formulas.css").read_text(encoding="utf-8")

NOTES = re.compile(r"""\s(?:data-[\w-]+|xmlns(?::xlink)?|role|focusable)="[^"]*\"""")
FAULT = re.compile(r'data-mjx-error="([^"]*)"')
GLYPH = re.compile(r'<path id="(MJX-[^"]+)".*?</path>')
USED = re.compile(r'<use[^>]* href="#(MJX-[^"]+)"')


_outlines: dict[str, str] = {}  # of every sign drawn so far


class BadFormula(ValueError):
    """What MathJax cannot read, with its words and the formula."""


@lru_cache(CACHED)
def formula_html(tex: str, display: bool = False) -> str:
    r"""Return a formula as HTML that needs no script: an SVG picture and, for ears, MathML.

    The page must hold `glyphs_html` of itself, once, and `STYLE`.

    Args:
        tex: LaTeX without delimiters.
        display: whether it stands on a line of its own: larger sums, limits above and below.

    Raises:
        BadFormula: MathJax cannot read it; the message says why.

    Example:
        >>> html = formula_html("x^2")
        >>> html.count("<use"), "<msup>" in html
        (2, True)
        >>> formula_html(r"\frac{1}")
        Traceback (most recent call last):
        convbook.formulas.BadFormula: Missing argument for \frac: \frac{1}
    """
    call = f"drawn({json.dumps(tex)}, {json.dumps(display)})"
    engine = _engine(os.getpid())
    try:
        picture, said = json.loads(str(engine.eval(call, timeout_sec=SECONDS)))
    except JSEvalException as error:
        _engine.cache_clear()  # the next formula gets a new engine: this one may not recover
        raise BadFormula(f"{type(error).__name__}, {error}: {tex.strip()}") from None
    if fault := FAULT.search(picture):
        raise BadFormula(f"{fault[1]}: {tex.strip()}")
    picture = NOTES.sub("", picture).replace("xlink:href", "href")
    picture = picture.replace("<svg", '<svg aria-hidden="true"')
    said = re.sub(r"\n\s*", "", NOTES.sub("", said))
    if not _outlines.keys() >= set(USED.findall(picture)):
        all_drawn = str(engine.eval("glyphs()"))
        _outlines.update((found[1], found[0]) for found in GLYPH.finditer(all_drawn))
    return f'<span class="formula">{picture}{said}</span>'


def glyphs_html(*pages: str) -> str:
    """Return the outlines of the signs that formulas in ``pages`` refer to, hidden.

    Example:
        >>> glyphs_html(formula_html("x + x")).count("<path"), glyphs_html("no formula")
        (2, '')
    """
    used = {name for page in pages for name in USED.findall(page)}
    if not used:
        return ""
    paths = "".join(_outlines.get(name, "") for name in sorted(used))
    return f'<svg aria-hidden="true" class="formula-glyphs"><defs>{paths}</defs></svg>'


@cache
def _engine(process: int) -> MiniRacer:
    """Return the engine of this process, with MathJax started.

    An engine has threads, and a fork has none of them: a child starts one of its own. It would
    join the event loop it is made in, so it is made where there is none.
    """
    with ThreadPoolExecutor(1) as starter:
        engine = starter.submit(_started).result()
    atexit.register(engine.close)  # else the interpreter may wait for its threads
    return engine


def _started() -> MiniRacer:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"formulas need MathJax: pip install {PACKAGE}")
    folder = Path(spec.origin).parent / "static" / "mathjax"
    sources = {
        f"mathjax/{part}.js": (folder / f"{part}.js").read_text(encoding="utf-8") for part in PARTS
    }
    engine = MiniRacer()
    engine.set_hard_memory_limit(MEGABYTES * 2**20)
    engine.eval(f"var FILES = {json.dumps(sources)};")
    engine.eval(f"var MathJax = {json.dumps(SETTINGS)};")
    engine.eval("MathJax.loader.require = (url) => (0, eval)(FILES[url]);")
    engine.eval((folder / "startup.js").read_text(encoding="utf-8"))
    started = engine.eval("MathJax.startup.promise")
    assert isinstance(started, JSPromise)
    started.get(timeout=START_SECONDS)
    engine.eval(DRAW.read_text(encoding="utf-8"))
    return engine
