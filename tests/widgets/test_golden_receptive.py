"""convbook meets the golden receptive fields as the JavaScript does."""

from __future__ import annotations

import re

import pytest

from convbook.arithmetic.receptive import coverage, field_of, layer_sizes, receptive_field
from tests.js.make_golden import golden


def test_when_stacks_vary_then_size_jump_and_start_are_those_measured_by_gradient():
    for case in golden("receptive_fields"):
        assert [list(field) for field in receptive_field(case["layers"])] == case["expected"], case


def test_when_stacks_vary_then_each_level_lights_the_cells_with_a_gradient():
    for case in golden("receptive_cells"):
        ends, cells = case.pop("ends"), case.pop("cells")
        spans = field_of(**case)
        assert [list(span.cells) for span in spans] == cells, case
        if ends is not None:
            assert [[span.first, span.last] for span in spans] == ends, case


def test_when_there_are_two_dimensions_then_rows_times_columns_are_the_cells_with_a_gradient():
    for case in golden("receptive_planes"):
        layers, n = case["layers"], case["n"]
        rows, columns = (
            field_of(layers, len(layers), case[name], n)[0] for name in ("row", "column")
        )
        assert [[y, x] for y in rows.cells for x in columns.cells] == case["expected"], case


def test_when_stacks_vary_then_map_sizes_are_pytorchs_and_what_it_refuses_is_refused():
    for case in golden("receptive_sizes"):
        layers, n = case["layers"], case["n"]
        if case["expected"] is None:
            with pytest.raises(ValueError, match=r"^layer \d \(\w+\) does not fit: the"):
                layer_sizes(layers, n)
        else:
            assert [n, *layer_sizes(layers, n)][-1] == case["expected"], case


def test_when_the_courses_stacks_are_measured_then_its_numbers_appear():
    for case in golden("receptive_known"):
        assert receptive_field(case["layers"])[-1].size == case["span"]
        assert coverage(case["layers"], 28) == case["share"] == case["cells"] / 784


def test_when_a_stack_has_no_field_then_the_message_is_the_pages():
    for case in golden("impossible_fields"):
        with pytest.raises(ValueError, match=f"^{re.escape(case['message'])}$"):
            receptive_field(case["layers"])
