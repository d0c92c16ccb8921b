"""Widgets that ask for their next number: their traits, their still pictures, their sentences."""

from __future__ import annotations

import re

import numpy as np
import pytest
from skimage import data
from traitlets import TraitError

from autograder.assignments import catalogue
from autograder.checks import Hint
from convbook.misconceptions import MISCONCEPTIONS
from convbook.widgets import ConvolutionRoll, KernelExplorer, PoolingExplorer
from convbook.widgets.source import FOLDER
from tests.widgets.test_picture import texts

WIDGETS = {
    KernelExplorer: {"kernel": [[0, 0], [0, 2.5]]},
    PoolingExplorer: {"kind": "average"},
    ConvolutionRoll: {"w": [7, -3]},
}
NAMES = re.compile(r'"([a-z]+(?:-[a-z0-9]+)+)"')


def named_in_widgets() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*/slips.js")]
    return {name for text in sources for name in NAMES.findall(text)}


def test_when_a_sentence_is_in_the_table_then_the_grader_or_a_widget_says_it():
    graded = {value.name for value in vars(catalogue).values() if isinstance(value, Hint)}
    assert set(MISCONCEPTIONS) == graded | named_in_widgets()
    assert {"kernel-flipped", "mean-not-sum", "border-mirrored"} <= graded & named_in_widgets()


@pytest.mark.parametrize("widget", WIDGETS)
def test_when_asked_for_then_nothing_is_known_at_first_and_the_picture_gives_no_answer(widget):
    asking, telling = (widget(**WIDGETS[widget], predict=ask) for ask in (True, False))
    assert (asking.predict, asking.known, asking.typed, asking.checked) == (True, [], "", False)
    assert "What is output" in asking.picture()
    assert "What is output" not in telling.picture()
    numerals = [sum(map(bool, texts(one.picture()))) for one in (asking, telling)]
    assert numerals[0] < numerals[1]


@pytest.mark.parametrize("widget", WIDGETS)
def test_when_an_output_is_known_then_the_picture_shows_it_and_the_sum(widget):
    asking = widget(**WIDGETS[widget], predict=True)
    asking.known = [0]
    assert "What is output" not in asking.picture()
    assert np.isnan(asking.shown(asking.output).ravel()).tolist()[:2] == [False, True]


def test_when_other_outputs_are_made_then_what_was_known_is_forgotten():
    changes = {"kernel": [[1, 2]], "stride": 2, "padding": 1, "flip": True, "mode": "wrap"}
    for name, value in {**changes, "image": np.eye(5), "dilation": 2}.items():
        explorer = KernelExplorer(predict=True)
        explorer.known, explorer.typed, explorer.checked = [0, 1], "3", True
        setattr(explorer, name, value)
        assert (explorer.known, explorer.typed, explorer.checked) == ([], "", False), name


def test_when_another_output_is_chosen_then_the_answer_is_cleared_and_the_known_stay():
    roll = ConvolutionRoll(predict=True)
    roll.known, roll.typed, roll.checked = [1, 0], "3", True
    roll.position = 2
    assert (roll.known, roll.typed, roll.checked) == ([0, 1], "", False)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("known", [0, 0], r"known \(=\[0, 0\]\) must hold positions of outputs, each once: count"),
        ("known", [-1], r"known \(=\[-1\]\) must hold positions of outputs"),
        ("typed", "9" * 41, r"typed \(='9+'…\) must have at most 40 characters: type only"),
    ],
)
def test_when_a_value_breaks_its_rule_then_the_error_names_value_rule_and_fix(name, value, message):
    with pytest.raises(TraitError, match=message):
        setattr(PoolingExplorer(predict=True), name, value)


def test_when_the_image_is_a_photograph_then_nothing_is_asked():
    explorer = KernelExplorer(data.camera(), predict=True)
    assert not explorer.is_asked
    assert "What is output" not in explorer.picture()
