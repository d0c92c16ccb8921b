"""What holds on every page of the book, checked on its source."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grading.report import Verdict
from tests.book.pages import NAMES, ROOT, cells, figure, page_prose, prose, text, typed_numbers

CHAPTERS = [name for name in NAMES if "## In one breath" in text(name)]
WIDTH = 68  # characters of a line of code, what a wide phone shows
EXERCISE = re.compile(r"^`{3,}\{exercise(?:-start)?\}[^\n]*\n((?::[^\n]*\n)*)", re.MULTILINE)
SOLUTION = re.compile(r"^`{3,}\{solution(?:-start)?\} ([\w-]+)\n((?::[^\n]*\n)*)", re.MULTILINE)

every_page = pytest.mark.parametrize("name", NAMES)
every_chapter = pytest.mark.parametrize("name", CHAPTERS)


def drawing_cells(name):
    return [cell for cell in cells(name) if re.search(r"plt\.\w*subplots\(", cell.source)]


@every_page
def test_when_a_cell_is_read_then_it_is_short_and_fits_the_page(name):
    for cell in cells(name):
        lines = cell.source.splitlines()
        hidden = {"remove-cell", "remove-input"} & set(cell.metadata.get("tags", []))
        assert len(lines) <= 24 or hidden, cell.source
        assert max(map(len, lines)) <= WIDTH, cell.source


@every_page
def test_when_a_cell_draws_then_it_has_name_caption_and_alt_text(name):
    for cell in drawing_cells(name):
        header = figure(cell)
        assert header.get("name", "").startswith("fig-"), cell.source
        assert len(header.get("caption", "")) > 20, cell.source
        assert len(header.get("alt", "")) > 20, cell.source


@every_page
def test_when_a_number_is_in_prose_then_the_page_computed_it(name):
    assert typed_numbers(page_prose(name)) == []
    for cell in drawing_cells(name):
        assert typed_numbers(figure(cell)["caption"]) == []
        assert typed_numbers(figure(cell)["alt"]) == []


def test_when_a_number_is_typed_then_the_check_finds_it():
    markdown = "There are 576 places, $n = 5$, `conv2d`, {glue:text}`places-2`.\n```\n7\n```\n"
    assert typed_numbers(markdown) == ["576"]
    assert prose("(fig-2)=\n:name: fig-3\n").split() == []


@every_page
def test_when_a_page_imports_then_only_its_first_cell_does(name):
    for cell in cells(name)[1:]:
        nodes = ast.walk(ast.parse(cell.source))
        assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


def ruff(*arguments):
    command = [Path(sys.executable).with_name("ruff"), *arguments, "--no-cache"]
    command += ["--config", ROOT / "pyproject.toml", "--line-length", str(WIDTH)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@every_page
def test_when_the_cells_of_a_page_are_linted_together_then_nothing_is_found(name, tmp_path):
    page = tmp_path / "page.py"
    page.write_text("\n\n".join(cell.source for cell in cells(name)) + "\n", encoding="utf-8")
    status, found = ruff("check", "--extend-ignore", "D1,E402,INP001", page)
    assert status == 0, found


@every_page
def test_when_each_cell_is_formatted_then_nothing_changes(name, tmp_path):
    for number, cell in enumerate(cells(name)):
        (tmp_path / f"cell{number}.py").write_text(cell.source + "\n", encoding="utf-8")
    status, changes = ruff("format", "--diff", tmp_path)
    assert status == 0, changes


@every_page
def test_when_a_glued_name_is_used_then_a_cell_glues_it(name):
    glued = set(re.findall(r'glue\(\s*"([\w-]+)"', text(name)))
    used = set(re.findall(r"\{glue:\w+\}\s?`?([\w-]+)", text(name)))
    assert used == glued


@every_page
def test_when_there_is_an_exercise_then_it_has_a_label_and_a_folded_solution(name):
    labels = [
        re.search(r":label: (ex-[\w-]+)", options) for options in EXERCISE.findall(text(name))
    ]
    assert all(labels)
    solved = {label for label, options in SOLUTION.findall(text(name)) if "dropdown" in options}
    assert solved == {label[1] for label in labels if label}


@every_chapter
def test_when_a_chapter_asks_then_every_answer_is_explained_and_the_code_is_hidden(name):
    asked = [cell for cell in cells(name) if re.match(r"Quiz\b", cell.source)]
    assert 4 <= len(asked) <= 6
    for cell in asked:
        assert "remove-input" in cell.metadata.tags
        (call,) = ast.parse(cell.source).body
        options = [one for one in ast.walk(call) if getattr(one, "func", None) is not None]
        explained = [ast.literal_eval(one.args[1]) for one in options if one.func.id == "Option"]
        assert len(explained) >= 3
        assert all(len(why.split()) > 6 for why in explained)


@every_chapter
def test_when_a_chapter_is_read_then_its_questions_stand_where_the_idea_is_fresh(name):
    headed = re.split(r"^## ", text(name), flags=re.MULTILINE)
    assert sum("\nQuiz" in part for part in headed) >= 4


@every_chapter
def test_when_a_chapter_is_opened_then_it_has_all_its_parts(name):
    parts = ["{admonition} Overview", "## Exercises", "## In one breath", "## Practise"]
    parts += ["## Read on", "{cite}`"]
    assert [part for part in parts if part not in text(name)] == []
    overview = re.search(r"\{admonition\} Overview\n(.*?):::", text(name), re.DOTALL)
    assert overview is not None
    assert overview[1].count("\n- ") + overview[1].startswith("- ") == 3


def test_when_instructors_look_up_a_verdict_then_it_is_explained():
    rows = re.findall(r"^\| ([a-z ]+) \|", text("book/for-instructors"), re.MULTILINE)
    assert rows == ["verdict", *Verdict]
