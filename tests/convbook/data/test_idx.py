"""IDX files, sound and damaged in every way that a reader may meet."""

from __future__ import annotations

import gzip
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convbook.data.idx import read_idx, read_labelled
from tests.convbook.data.idx_files import CODES, idx_bytes, write_idx

IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
LABELS = np.array([3, 9], np.uint8)
kinds = st.sampled_from(sorted(CODES))
small = array_shapes(max_dims=4, max_side=4)


@pytest.fixture
def pair(tmp_path):
    return write_idx(tmp_path / "images.gz", IMAGES), write_idx(tmp_path / "labels", LABELS)


@settings(deadline=None)
@given(data=st.data(), kind=kinds, shape=small, ending=st.sampled_from(["", ".gz"]))
def test_when_an_array_is_written_then_it_is_read_as_it_was(
    tmp_path_factory, data, kind, shape, ending
):
    array = data.draw(arrays(np.dtype(kind), shape))
    found = read_idx(write_idx(tmp_path_factory.getbasetemp() / f"array{ending}", array))
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_when_images_and_labels_are_read_then_they_are_tensors_for_a_network(pair):
    images, labels = read_labelled(*pair, classes=10)
    assert images.shape == (2, 1, 3, 4)
    assert images.dtype == torch.float32
    np.testing.assert_allclose(images[1, 0], IMAGES[1] / 255, rtol=1e-6)
    assert labels.tolist() == [3, 9]
    assert labels.dtype == torch.int64


def test_when_a_file_is_missing_then_the_error_names_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.gz is missing: put the file there"):
        read_idx(tmp_path / "none.gz")


SOUND = idx_bytes(IMAGES)
PACKED = gzip.compress(SOUND, mtime=0)
ANEW = "get the file anew"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.gz", PACKED[:-12], rf"gzip that breaks off after {len(PACKED) - 12} bytes: {ANEW}"),
        ("a.gz", SOUND, rf"not sound gzip, though .* \(Not a gzipped file .*: {ANEW}, or take .gz"),
        ("a.gz", b"<!DOCTYPE html>", r"not sound gzip, though its name ends in .gz \(Not a gz"),
        ("a.gz", PACKED[:-8] + bytes(8), r"not sound gzip, though .* \(CRC check failed"),
        ("a.gz", PACKED[:10] + b"\0" + PACKED[11:], r"not sound gzip, though .* \(Error -3"),
        ("a", PACKED, "begins with 1f 8b 08 00, but an IDX file begins with 00 00, a type"),
        ("a", b"\0\0\7\1" + SOUND[4:], r"00 00 07 01, but .* a type \(08, 09, 0b, 0c, 0d, 0e\)"),
        ("a", b"\0\0\x08\0", "begins with 00 00 08 00, but .* and its number of dimensions"),
        ("a", b"\0\0", f"begins with 00 00, but .*: {ANEW}"),
        ("a", b"", f"^is empty: {ANEW}"),
        ("a.gz", b"", f"^is empty: {ANEW}"),
        ("a", SOUND[:9], f"ends after 9 of 16 bytes of its header: {ANEW}"),
        ("a", SOUND[:-1], "holds 23 bytes after its header, but 24 belong to 2 × 3 × 4 numbers"),
        ("a", SOUND + b"more", f"holds 28 bytes .* numbers of 1 bytes: {ANEW}"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[:24],
)
def test_when_a_file_is_damaged_then_the_error_names_it_what_was_found_and_the_fix(
    tmp_path, name, content, message
):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))} ") as caught:
        read_idx(path)
    assert re.search(message, str(caught.value).removeprefix(f"{path} "))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (
            np.zeros(3, np.uint8),
            r"images\.gz holds 2 images, but .*labels holds 3 labels: take two",
        ),
        (np.array([3, 10], np.uint8), r"labels holds the label 10, but 10 classes .* 0 to 9: get"),
        (np.zeros(2, np.int32), r"labels holds int32 in 1 dimensions, but labels are uint8 in 1"),
        (IMAGES, r"labels holds uint8 in 3 dimensions, but labels are uint8 in 1: take the file"),
    ],
)
def test_when_labels_do_not_fit_the_images_then_the_error_names_both(pair, labels, message):
    images, path = pair
    with pytest.raises(ValueError, match=message):
        read_labelled(images, write_idx(path, labels), classes=10)
