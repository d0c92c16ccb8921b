"""Formulas drawn in Python: every one of the course, those that are wrong, and what reads them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convbook import formulas
from convbook.formulas import BadFormula, formula_html, glyphs_html
from tests.book.extensions import drawer
from tests.book.pages import ROOT

FORMULA = re.compile(r"(?<![\\$])(\$\$?)(?!\s*`)([^$`]+?)\1")
SOURCES = [*ROOT.glob("book/*.md"), *ROOT.glob("solutions/*.md")]
PARTS = ("__init__.py", "draw.js", "formulas.css")
WIDTH = re.compile(r'<svg[^>]* width="([\d.]+)ex"')
BOX = re.compile(r'viewBox="([-\d.]+) [-\d.]+ ([-\d.]+) ')
names = st.sampled_from(
    ["x", "n_i", r"\alpha", r"\frac{a}{b}", r"\sum_i x_i", "(a, b)", "-y", "|c|"]
)
signs = st.sampled_from(["+", "-", "=", r"\le", r"\cdot", ",", r"\to", "*"])


def _written(path: Path) -> list[tuple[str, bool]]:
    text = re.sub(r"^(```+).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [(tex, sign == "$$") for sign, tex in FORMULA.findall(text)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_when_a_page_of_the_course_has_formulas_then_each_is_drawn_and_said(path: Path) -> None:
    for tex, display in _written(path):
        html = formula_html(tex, display)
        assert "<path" in glyphs_html(html) or "<text" in html
        said = ElementTree.fromstring(html[html.index("<math") : html.index("</math>") + 7])
        assert "".join(said.itertext()).strip()


def test_when_the_pages_are_read_then_there_are_formulas_in_them() -> None:
    assert sum(len(_written(path)) for path in SOURCES) > 20


@settings(deadline=None)
@given(st.lists(st.tuples(names, signs), min_size=1, max_size=6), names, st.booleans())
def test_when_a_formula_may_break_then_its_parts_side_by_side_are_the_whole(
    terms: list[tuple[str, str]], last: str, display: bool
) -> None:
    tex = " ".join(f"{name} {sign}" for name, sign in terms) + f" {last}"
    html, whole = formula_html(tex, display), formula_html(rf"\mathord{{{tex}}}", display)
    boxes = [(float(left), float(width)) for left, width in BOX.findall(html)]
    for (left, width), (after, _) in pairwise(boxes):
        assert left + width == pytest.approx(after)
    (alone,) = WIDTH.findall(whole)
    assert sum(map(float, WIDTH.findall(html))) == pytest.approx(float(alone), abs=0.01)
    assert sorted(_used(html)) == sorted(_used(whole))  # no sign is lost, none comes twice


def _used(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


@pytest.mark.parametrize(
    ("tex", "breaks"),
    [
        ("a = b + c", 2),
        ("-x = -y", 1),  # not after a sign that belongs to what follows
        ("f(a + b) = c", 1),  # not within brackets
        (r"\left(a + b\right)", 0),
        ("(n, k)", 0),
        ("a, b", 1),
        (r"\frac{a = b}{c}", 0),
    ],
)
def test_when_a_line_is_too_short_then_a_formula_breaks_between_its_terms(
    tex: str, breaks: int
) -> None:
    assert formula_html(tex).count("<svg") == breaks + 1


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{1}", "Missing argument"),
        ("x_1_2", "Double subscripts"),
        (r"\unknown", r"Undefined control sequence \\unknown"),
        (r"\begin{aligned} a", "Missing"),
        (r"\href{https://example.org}{x}", "Undefined"),
        (r"\style{color:red}{x}", "Undefined"),
        (r"\require{html}", "Undefined"),
        (r"\def\a{\a\a}\a", "Undefined"),  # nothing is remembered for the next formula
        (r"\newcommand{\a}{b}", "Undefined"),
    ],
)
def test_when_a_formula_is_wrong_or_wants_more_than_signs_then_it_is_refused(
    tex: str, reason: str
) -> None:
    with pytest.raises(BadFormula, match=reason) as caught:
        formula_html(tex)
    assert tex in str(caught.value)


def test_when_a_formula_takes_too_long_then_it_alone_is_refused(monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(formulas, "SECONDS", 1e-6)
        with pytest.raises(BadFormula, match="JSTimeoutException"):
            formula_html("x + late")
    assert "<path" in glyphs_html(formula_html("x + late"))


def test_when_a_process_forks_then_the_child_draws_too() -> None:
    before = formula_html("a + b")
    child = os.fork()
    if not child:
        new = formula_html("a + b + q")
        os._exit(int(not (formula_html("a + b") == before and "<path" in glyphs_html(new))))
    assert os.waitpid(child, 0)[1] == 0


def test_when_an_event_loop_runs_then_formulas_are_drawn_in_it_and_after_it() -> None:
    program = (
        "import asyncio\nfrom convbook.formulas import *\n"
        "async def draw(): return formula_html('a + b')\n"
        "print(asyncio.run(draw()) == formula_html('a + b') != formula_html('c'))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_when_formulas_were_drawn_and_refused_then_the_process_ends() -> None:
    program = (
        "from convbook.formulas import *\n"
        "for tex in ('x', r'\\frac{1}'):\n"
        "    try: formula_html(tex)\n"
        "    except BadFormula: print('refused')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "refused\n", "")


def test_when_any_part_of_what_draws_changes_then_the_pages_are_written_anew(
    monkeypatch, tmp_path: Path
) -> None:
    folder = Path(str(formulas.__file__)).parent
    copies = [shutil.copy(folder / name, tmp_path) for name in PARTS]
    monkeypatch.setattr(formulas, "__file__", str(tmp_path / "__init__.py"))
    digests = {drawer()}
    for copy in copies:
        Path(copy).write_text("other", encoding="utf-8")
        digests.add(drawer())
    assert len(digests) == len(PARTS) + 1
