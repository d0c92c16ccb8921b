"""Splits and data sets: what every set of the course keeps, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from convbook.data import Card, Dataset, Split, split_randomly
from convbook.data.dataset import check_range, random_parts

IMAGES = torch.arange(40.0).reshape(10, 1, 2, 2) / 255
SPLIT = Split(IMAGES, torch.arange(10))
STORED = Split((IMAGES * 255).to(torch.uint8).numpy(), torch.arange(10))


@settings(deadline=None)
@given(batch_size=st.integers(1, 12), seed=st.none() | st.integers(0, 99))
def test_when_batches_are_drawn_then_every_image_comes_once_and_bytes_are_as_floats(
    batch_size, seed
):
    def drawn(split):
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        return list(split.batches(batch_size, generator))

    batches = drawn(SPLIT)
    labels = torch.cat([labels for _, labels in batches])
    assert sorted(labels.tolist()) == list(range(10))
    assert (labels.tolist() == list(range(10))) or seed is not None
    assert {len(labels) for _, labels in batches[:-1]} <= {batch_size}
    for (images, numbers), (stored, same) in zip(batches, drawn(STORED), strict=True):
        assert torch.equal(images, IMAGES[numbers])
        assert torch.equal(numbers, same)
        torch.testing.assert_close(stored, images)


def test_when_seeds_differ_then_so_do_the_orders():
    orders = {
        tuple(next(SPLIT.batches(10, torch.Generator().manual_seed(seed)))[1].tolist())
        for seed in range(5)
    }
    assert len(orders) == 5


def test_when_a_split_moves_then_tensors_go_and_what_is_on_disk_stays():
    moved = SPLIT.to("meta")
    assert moved.images.device.type == moved.labels.device.type == "meta"
    assert STORED.to("meta") is STORED


@settings(deadline=None)
@given(
    count=st.integers(1, 60), sizes=st.lists(st.integers(0, 9), max_size=4), seed=st.integers(0, 9)
)
def test_when_parts_are_drawn_then_they_are_disjoint_whole_and_the_same_again(count, sizes, seed):
    if sum(sizes) >= count:
        with pytest.raises(ValueError, match=f"leave at least 1 of {count} items"):
            random_parts(count, *sizes, seed=seed)
        return
    parts = random_parts(count, *sizes, seed=seed)
    assert [len(part) for part in parts] == [count - sum(sizes), *sizes]
    assert sorted(torch.cat(parts).tolist()) == list(range(count))
    assert all(map(torch.equal, parts, random_parts(count, *sizes, seed=seed)))


def test_when_a_set_describes_itself_then_sizes_are_counted_and_empty_lines_left_out():
    splits = split_randomly(IMAGES, torch.arange(10) % 2, validation=2, test=3, seed=0)
    card = Card("numbers", "counted here", "none needed")
    text = str(Dataset("tiny", **splits, class_names=("even", "odd"), card=card))
    assert text.splitlines() == [
        "data set  tiny: numbers",
        "images    1 × 2 × 2 (C, H, W), 5 train, 2 validation, 3 test",
        "size      0.0 MB as float32",
        "classes   2: even, odd",
        "origin    counted here",
        "licence   none needed",
    ]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (
            IMAGES[0],
            torch.arange(1),
            r"images \(shape \(1, 2, 2\), torch.float32\) must have shape",
        ),
        (IMAGES.double(), torch.arange(10), "be a float32 tensor in .* or a uint8 array"),
        (np.zeros((1, 1, 2, 2)), torch.arange(1), r"images \(shape \(1, 1, 2, 2\), float64\)"),
        (IMAGES, torch.arange(9), r"labels \(shape \(9,\), .* one for each of the 10 images"),
        (IMAGES, torch.arange(10).int(), r"labels \(shape \(10,\), torch.int32\) must be int64"),
    ],
)
def test_when_images_and_labels_do_not_fit_then_the_error_says_how(images, labels, message):
    with pytest.raises(ValueError, match=message):
        Split(images, labels)


def test_when_a_batch_has_no_images_then_the_error_names_the_rule():
    with pytest.raises(ValueError, match=r"batch_size \(=0\) must be at least 1"):
        next(SPLIT.batches(0))


@pytest.mark.parametrize("value", [7, 65, 8.0, "8", None])
def test_when_an_option_is_out_of_its_range_then_the_error_names_value_and_bounds(value):
    with pytest.raises(
        ValueError, match=rf"size \(={value!r}\) must be a whole number from 8 to 64"
    ):
        check_range("size", value, 8, 64)


def test_when_an_option_has_no_upper_bound_then_the_lower_one_holds():
    check_range("seed", np.int64(10**12), 0)
    with pytest.raises(ValueError, match=r"seed \(=-1\) must be a whole number, at least 0"):
        check_range("seed", -1, 0)
