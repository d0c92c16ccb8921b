"""Kinds of input: what is drawn has its property for any seed, and the properties tell apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.inputs import (
    BATCHES,
    DTYPES,
    KERNELS,
    PADDINGS,
    SHAPES,
    SIGNALS,
    STEPS,
    VALUES,
    draw_image,
    draw_kernel,
    draw_signal,
    has_orientation,
    is_symmetric,
    symmetric,
    views,
)

seeds = st.integers(0, 2**32)


@given(seeds, st.sampled_from(sorted(SHAPES)), st.sampled_from(sorted(KERNELS)))
def test_when_image_and_kernel_are_drawn_then_they_are_of_their_kinds_and_fit(
    seed: int, shape: str, kind: str
) -> None:
    rng = np.random.default_rng(seed)
    image = draw_image(rng, shape)
    kernel = draw_kernel(rng, kind, image)
    assert SHAPES[shape](image)
    assert KERNELS[kind](kernel, image)
    assert all(k <= n for k, n in zip(kernel.shape, image.shape, strict=True))


@given(seeds, st.sampled_from(sorted(SIGNALS)))
def test_when_a_signal_is_drawn_then_it_is_of_its_kind_and_of_no_other(
    seed: int, kind: str
) -> None:
    pair = draw_signal(np.random.default_rng(seed), kind)
    assert [name for name, holds in SIGNALS.items() if holds(*pair)] == [kind]


@given(seeds, st.integers(1, 6), st.integers(1, 6))
def test_when_all_views_are_added_then_no_flip_turn_or_transpose_changes_the_sum(
    seed: int, rows: int, columns: int
) -> None:
    a = np.random.default_rng(seed).integers(-9, 9, (rows, columns))
    assert is_symmetric(symmetric(a))
    assert is_symmetric(symmetric(a[0]))
    assert {view.shape for view in views(a)} == {a.shape}


def test_when_a_kernel_is_transposed_flipped_or_turned_then_its_orientation_tells() -> None:
    assert has_orientation(np.array([[1, 2], [3, 4]]))
    assert has_orientation(np.array([[1, 2, 3], [4, 5, 6]]))
    assert has_orientation(np.array([[1, 2, 3]]))
    assert not has_orientation(np.array([[1, 2], [2, 4]]))  # its own transpose
    assert not has_orientation(np.array([[1, 2], [3, 1]]))  # along the other diagonal
    assert not has_orientation(np.array([[1, 1], [2, 2]]))  # each row backwards
    assert not has_orientation(np.array([[1, 2, 3], [3, 2, 1]]))  # turned by half
    assert not has_orientation(np.array([[1, 2, 1]]))
    assert not has_orientation(np.array([[7]]))


def test_when_sizes_allow_no_such_array_then_the_error_names_the_kind() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"kind \(='wide'\) has none of the sizes .* offer"):
        draw_image(rng, "wide", sides=(4,))
    with pytest.raises(ValueError, match=r"kind \(='one cell'\) has none of the sizes"):
        draw_kernel(rng, "one cell", np.ones((5, 7)), sides=(3, 5))
    with pytest.raises(ValueError, match=r"kind \(='even kernel'\) has none of the sizes"):
        draw_signal(rng, "even kernel", lengths=(3, 5))


@pytest.mark.parametrize(
    ("kinds", "value", "found"),
    [
        (STEPS, 1, ["1"]),
        (STEPS, 3, ["above 1"]),
        (PADDINGS, 0, ["none"]),
        (PADDINGS, 2, ["some"]),
        (BATCHES, np.ones((1, 3, 4, 4)), ["one image", "several channels"]),
        (BATCHES, np.ones((2, 1, 4, 4)), ["several images", "one channel"]),
        (DTYPES, np.ones(3, np.float32), ["float32"]),
        (VALUES, np.array([-1, 2]), ["negative"]),
        (VALUES, np.array([-1], np.int8), ["negative", "negative bytes"]),
        (VALUES, np.array([0.5]), ["fractions"]),
        (SHAPES, np.arange(9).reshape(3, 3), ["square"]),
        (SHAPES, np.ones((3, 3)), []),
    ],
)
def test_when_a_value_is_classified_then_its_kinds_are_named(
    kinds: dict, value: object, found: list[str]
) -> None:
    assert [name for name, holds in kinds.items() if holds(value)] == found
