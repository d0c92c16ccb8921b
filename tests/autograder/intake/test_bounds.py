"""However big a file is, or says it is, what the grader reads of it stays bounded."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment
from autograder.assignments.course import Course
from autograder.harmless.text import shown
from autograder.intake import archives, candidates
from autograder.intake.archives import Refused
from autograder.intake.collect import collect
from autograder.intake.notebookfile import (
    MAX_FILE,
    MAX_REST,
    read_json,
    without_outputs,
)
from autograder.intake.zips import list_zip
from tests.autograder.downloads import GOOD, NB, notebook, said, students, zipped
from tests.autograder.memory import peak

MB = 2**20


def with_outputs(size: int) -> bytes:
    """Return the good notebook with ``size`` bytes of outputs that hardly compress."""
    text = os.urandom(MB // 2).hex().encode() * (size // MB)
    return GOOD.replace(b'"outputs": []', b'"outputs": [{"text": ["' + text + b'\\n"]}]', 1)


def test_when_outputs_hold_100_mb_then_they_are_dropped_unparsed(
    course: Course, tmp_path: Path
) -> None:
    files = [(f"student-01/{NB}", with_outputs(100 * MB))]
    source = zipped(tmp_path / "class.zip", files, zipfile.ZIP_STORED)
    grown, sizes = peak(course, source)
    assert sizes == [len(GOOD)]
    assert grown < 150  # the file and a bit; parsed, it takes several times that


def test_when_zips_burst_then_no_more_is_held_than_one_file_may_hold(
    course: Course, tmp_path: Path
) -> None:
    bomb = b" " * (MAX_FILE + 50 * MB)
    files = [(f"student-02/{n}/{NB}", bomb) for n in (1, 2)]
    source = zipped(tmp_path / "class.zip", [(f"student-01/{NB}", GOOD), *files])
    grown, sizes = peak(course, source)
    assert sizes == [len(GOOD)]
    assert grown < MAX_FILE / MB + 30


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_when_a_bomb_is_packed_in_any_way_then_it_is_refused(method: int, tmp_path: Path) -> None:
    source = zipped(tmp_path / "x.zip", [("a/x.ipynb", b" " * 8 * MB)], method)
    with pytest.raises(Refused, match=r"it is a zip bomb: .* unpack to more than 1000 times that"):
        list_zip(source).items[0].read()


def test_when_a_file_is_over_the_limit_then_reading_stops_there(tmp_path: Path) -> None:
    source = zipped(tmp_path / "x.zip", [("a/x.ipynb", os.urandom(3 * MB))])
    with pytest.raises(Refused, match=r"more than 1 MB.*have the outputs cleared"):
        list_zip(source).items[0].read(limit=1_000_000)


def test_when_one_student_hands_in_very_much_then_only_that_student_is_cut_short(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MAX_READ", 1000)
    monkeypatch.setattr(archives, "CHUNK", 100)
    many = [(f"student-01/{n}.ipynb", notebook("conv1d", n=n)) for n in range(9)]
    source = zipped(tmp_path / "x.zip", [*many, (f"student-02/{NB}", GOOD)])
    collected = collect(source, assignment)
    assert students(collected) == ["student-01", "student-02"]
    assert "the notebooks of student-01 hold more than" in said(collected)


def test_when_limits_are_compared_then_a_big_notebook_fits_and_its_rest_is_small() -> None:
    assert MAX_REST < 100 * MB < MAX_FILE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["]", '"', "\\", "}"]),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["outputs", "a", '"outputs": [']), inner)
    ),
)


def emptied(content: object) -> object:
    """The oracle: parse everything, then empty the outputs."""
    if isinstance(content, list):
        return [emptied(value) for value in content]
    if isinstance(content, dict):
        return {
            key: [] if key == "outputs" and isinstance(value, list) else emptied(value)
            for key, value in content.items()
        }
    return content


@given(content=JSON, indent=st.sampled_from([None, 1]))
def test_when_outputs_are_dropped_then_the_rest_is_as_if_it_had_been_parsed(
    content: object, indent: int | None
) -> None:
    text = json.dumps(content, indent=indent).encode()
    assert json.loads(without_outputs(text)) == emptied(content)


@given(data=st.binary() | st.text().map(str.encode))
def test_when_there_is_no_outputs_list_then_no_byte_changes(data: bytes) -> None:
    assert without_outputs(data) == data


@pytest.mark.parametrize("text", [b'{"outputs": [', b'{"outputs": ["', b'{"outputs": [[]', b'"a\\'])
def test_when_the_text_ends_in_the_middle_then_it_comes_back_as_it_is(text: bytes) -> None:
    assert without_outputs(text) == text


def test_when_strings_are_long_and_escaped_then_time_and_memory_are_linear() -> None:
    text = b'{"outputs": ["' + b"\\n" * 5_000_000 + b'"], "source": "' + b'\\"' * 5_000_000 + b'"}'
    assert len(without_outputs(text)) == len(text) - 10_000_002
    unended = b'"a' * 2_000_001
    assert without_outputs(unended) == unended


def test_when_a_widget_state_was_saved_then_it_is_dropped() -> None:
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": ["}"]}}, "b": 1}
    assert read_json(json.dumps(state).encode()) == {
        "application/vnd.jupyter.widget-state+json": {},
        "b": 1,
    }


@given(name=st.text(st.characters(codec=None)))
def test_when_a_name_is_shown_then_a_terminal_obeys_nothing_in_it(name: str) -> None:
    assert shown(name).isprintable()
    shown(name).encode()
