"""What learning platforms hand out, made in a temporary folder."""

from __future__ import annotations

import io
import json
import re
import tarfile
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.intake.collect import Collected

ID = "01-convolution"
NB = f"{ID}.ipynb"
MINE = f"student-02/{NB}"
Files = Iterable[tuple[str | zipfile.ZipInfo, bytes]]


def notebook(*grade_ids: str, **changes: Any) -> bytes:
    """Return a notebook with a code cell for each grade id."""
    cells = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": grade_id}},
            "source": f"# {grade_id}",
            "outputs": [],
            "execution_count": None,
        }
        for grade_id in grade_ids
    ]
    made = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}
    return json.dumps(made | changes).encode()


GOOD = notebook("setup", "conv1d", "test_conv1d", "conv2d", "test_conv2d")
BAD = notebook("conv1d", "test_conv1d")  # of student-02, in which something is wrong
OTHER = notebook("pool2d", "test_pool2d", "setup")


def zipped(path: Path, files: Files, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the files to a zip at ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(nested(files, method))
    return path


def unpacked(folder: Path, files: Files) -> Path:
    """Write the files below ``folder``."""
    for name, data in files:
        target = folder / str(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def member(name: str, mode: int = 0) -> zipfile.ZipInfo:
    """Return a zip member with exactly this name and Unix file type."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def students(collected: Collected) -> list[str]:
    """Return whose notebooks are graded."""
    return [item.student for item in collected.received]


def said(collected: Collected) -> str:
    """Return all that the instructor is told."""
    notices = [f"{item.student}: {text}" for item in collected.received for text in item.notices]
    return "\n".join([*map(str, collected.lines), *notices])


def nested(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip as a student may hand it in."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")  # about names that are there twice
        for name, data in files:
            archive.writestr(name, data, method)
    return buffer.getvalue()


def packed(files: Iterable[tuple[str, bytes]], **changes: object) -> bytes:
    """Return a gzipped tar archive; ``changes`` are made to each header."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in changes.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def require_others(collected: Collected, message: str) -> None:
    """Require that student-01 and student-03 are there whole, and that the message was given."""
    assert {"student-01", "student-03"} <= set(students(collected))
    assert all(b"nbgrader" in i.read() for i in collected.received if i.student != "student-02")
    assert re.search(message, said(collected)), said(collected)
