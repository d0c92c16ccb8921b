"""Which cells a kernel covers: convbook meets PyTorch as the JavaScript does."""

from __future__ import annotations

import pytest

from convbook.arithmetic.shapes import covered, leftover, same_padding
from tests.js.make_golden import golden


def test_when_geometries_vary_then_the_covered_cells_are_those_pytorch_reads():
    for case in golden("covered_cells"):
        expected = case.pop("expected")
        assert covered(**case) == expected, case


def test_when_geometries_vary_then_the_leftover_lies_behind_the_last_cell_pytorch_reads():
    for case in golden("leftover_cells"):
        expected = case.pop("expected")
        assert leftover(**case) == expected, case


def test_when_kernels_vary_then_same_padding_keeps_pytorchs_size():
    for case in golden("same_padding"):
        expected = case.pop("expected")
        if expected is None:
            with pytest.raises(ValueError, match="must be even, since each side gets"):
                same_padding(**case)
        else:
            assert same_padding(**case) == expected, case


@pytest.mark.parametrize("function", [covered, leftover])
def test_when_a_kernel_cannot_be_placed_then_it_is_refused(function):
    for case in golden("unfit_shapes"):
        with pytest.raises(ValueError, match=r"=.*at least|=.*use a smaller kernel"):
            function(**case)
