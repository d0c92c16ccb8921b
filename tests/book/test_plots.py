"""Grids, signed images and numerals as a page shows them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convbook.palette import diverging_color
from convbook.plots import SIGNED, box, show_grid, show_signed
from convbook.tables import numeral, table


@pytest.fixture
def axes():
    return Figure().subplots()


def test_when_values_are_signed_then_zero_is_the_middle_of_the_scale(axes):
    image = show_signed(axes, [[-1, 0, 9]])
    assert image.get_clim() == (-9, 9)
    np.testing.assert_allclose(image.norm([0.0]), [0.5])


def test_when_all_values_are_zero_then_the_scale_still_has_two_ends(axes):
    assert show_signed(axes, np.zeros((2, 3))).get_clim() == (-1, 1)


def test_when_a_limit_is_given_then_two_images_share_their_colours(axes):
    assert show_signed(axes, [[1.0]], limit=5).get_clim() == (-5, 5)


@pytest.mark.parametrize("value", [-4, -1, 0, 2, 4])
def test_when_a_figure_and_a_widget_show_a_value_then_the_colour_is_the_same(value):
    shown = SIGNED((value + 4) / 8, bytes=True)[:3]
    np.testing.assert_allclose(shown, diverging_color(value, 4), atol=1)


def test_when_a_grid_is_drawn_then_each_cell_holds_its_number(axes):
    show_grid(axes, [[1, -36], [0.5, 0]], title="output")
    assert [text.get_text() for text in axes.texts] == ["1", "−36", "0.5", "0"]
    assert [to_rgb(text.get_color()) for text in axes.texts][1] == (1.0, 1.0, 1.0)
    assert axes.get_title() == "output"
    assert len(axes.patches) == 4


def test_when_a_block_is_framed_then_the_frame_runs_along_its_cells(axes):
    box(axes, top=1, left=2, rows=3, columns=4)
    frame = axes.patches[0]
    assert (frame.get_x(), frame.get_y()) == (1.5, 0.5)
    assert (frame.get_width(), frame.get_height()) == (4, 3)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.int64(-36), "−36"),
        (0.0, "0"),
        (14400, "14,400"),
        (-0.19412, "−0.194"),
        (7e-14, "7×10⁻¹⁴"),
        (1.25e20, "1.25×10²⁰"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_when_a_number_is_written_then_it_reads_like_print(value, written):
    assert numeral(value) == written


def test_when_a_table_is_made_then_it_is_markdown():
    made = table(["kernel", "places"], [["box", 9], ["dot", 25]]).data
    assert made.splitlines()[2:] == ["| box | 9 |", "| dot | 25 |"]


def test_when_the_style_is_used_outside_a_notebook_then_only_the_look_changes():
    from convbook.plots import use_course_style

    with mpl.rc_context():
        use_course_style()
        assert mpl.rcParams["image.cmap"] == "gray"
