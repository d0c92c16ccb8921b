"""Splits on disk: equal to those in memory, small in memory, whole or not there."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch

from convbook.data import DiskError, open_split, write_split
from convbook.data.dataset import Split
from convbook.data.shapes import stream

LIMIT = 200_000


def parts(count=300):
    return stream(count, size=16)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The system refuses to write more into one file, as it does where a quota ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_when_a_split_is_written_then_its_batches_are_those_in_memory_to_half_a_level(tmp_path):
    write_split(tmp_path / "new" / "train", parts(), 300)
    stored = open_split(tmp_path / "new" / "train")
    memory = Split(*(torch.cat(part) for part in zip(*parts(), strict=True)))
    assert isinstance(stored.images, np.memmap)
    for seed in (None, 0):
        one, other = (
            split.batches(64, None if seed is None else torch.Generator().manual_seed(seed))
            for split in (stored, memory)
        )
        for (images, labels), (expected, same) in zip(one, other, strict=True):
            assert torch.equal(labels, same)
            assert images.dtype == torch.float32
            torch.testing.assert_close(images, expected, rtol=0, atol=0.5 / 255 + 1e-6)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["train"]


STREAMING = """
import sys, torch
from pathlib import Path
from convbook.data import write_split

def anonymous():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024

def parts():
    for start in range(0, 40_000, 200):
        yield torch.full((200, 3, 32, 32), start / 40_000), torch.full((200,), start)

torch.set_num_threads(1)
before, most, total = anonymous(), 0, 0
split = write_split(Path(sys.argv[1]), parts(), 40_000)
for images, labels in split.batches(128, torch.Generator().manual_seed(0)):
    total += len(labels)
    most = max(most, anonymous())
print(split.images.nbytes / 2**20, total, most - before)
"""


def test_when_a_split_is_streamed_then_the_process_stays_small(tmp_path):
    command = [sys.executable, "-c", STREAMING, str(tmp_path / "large")]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    megabytes, images, growth = map(float, output.split())
    assert megabytes > 115
    assert images == 40_000
    assert growth < 40


def test_when_the_folder_is_there_then_nothing_is_written_over(tmp_path):
    write_split(tmp_path / "train", parts(20), 20)
    with pytest.raises(FileExistsError, match="train is there already: remove it, or choose"):
        write_split(tmp_path / "train", parts(), 300)
    assert len(open_split(tmp_path / "train")) == 20


def test_when_the_parts_break_off_then_nothing_stays(tmp_path):
    def broken():
        yield from parts()
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="the source broke off"):
        write_split(tmp_path / "train", broken(), 400)
    assert list(tmp_path.iterdir()) == []


def with_last(images):
    return [*parts(20), (images, torch.zeros(len(images), dtype=torch.int64))]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (parts(), r"count \(=20\) must be that of all parts, which hold 300 images"),
        ([], "parts are empty, but 20 images are announced: give them"),
        (with_last(torch.zeros(1, 1, 8, 8)), r"shape \(1, 8, 8\), but the first has \(3, 16, 16\)"),
        (with_last(torch.full((1, 3, 16, 16), 2.0)), r"\(from 2 to 2\) must be in \[0, 1\]: div"),
        (with_last(torch.full((1, 3, 16, 16), torch.nan)), r"\(from nan to nan\) must be in"),
        ([(torch.zeros(1, 3), torch.zeros(1))], r"images \(shape \(1, 3\), torch.float32\) must"),
    ],
)
def test_when_the_parts_will_not_do_then_the_error_says_why_and_nothing_stays(
    tmp_path, given, message
):
    with pytest.raises(ValueError, match=message):
        write_split(tmp_path / "train", given, 20)
    assert list(tmp_path.iterdir()) == []


def test_when_a_limit_is_reached_then_the_error_names_folder_and_bytes(tmp_path):
    with largest_file(LIMIT), pytest.raises(DiskError) as caught:
        write_split(tmp_path / "train", parts(), 300)
    assert f"{tmp_path} has no room for train (232,800 bytes): free some" in str(caught.value)
    assert "or choose a folder elsewhere" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_when_the_disk_fills_up_then_nothing_stays(tiny_disk):
    with pytest.raises(DiskError, match=r"has no room for train \(232,800 bytes\)"):
        write_split(tiny_disk / "train", parts(), 300)
    assert list(tiny_disk.iterdir()) == []


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


DAMAGES = {
    "images cut short": lambda folder: cut(folder / "images.npy"),
    "labels cut short": lambda folder: cut(folder / "labels.npy"),
    "images empty": lambda folder: (folder / "images.npy").write_bytes(b""),
    "not numpy": lambda folder: (folder / "images.npy").write_bytes(b"something else" * 99),
    "too few labels": lambda folder: np.save(folder / "labels.npy", np.arange(5)),
    "other numbers": lambda folder: np.save(folder / "labels.npy", np.array(["a"] * 20)),
    "floats": lambda folder: np.save(folder / "images.npy", np.zeros((20, 3, 4, 4))),
    "a pickle": lambda folder: np.save(folder / "labels.npy", np.array([None])),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_when_a_file_is_damaged_then_the_error_names_the_folder_and_the_fix(tmp_path, damage):
    write_split(tmp_path / "train", parts(20), 20)
    DAMAGES[damage](tmp_path / "train")
    with pytest.raises(ValueError, match=r"train holds a damaged split .*: remove it, and write"):
        open_split(tmp_path / "train")


@pytest.mark.parametrize("missing", ["images.npy", "labels.npy"])
def test_when_a_file_is_missing_then_the_error_names_it(tmp_path, missing):
    write_split(tmp_path / "train", parts(20), 20)
    (tmp_path / "train" / missing).unlink()
    with pytest.raises(FileNotFoundError, match=f"train/{missing} is missing: write the split"):
        open_split(tmp_path / "train")
