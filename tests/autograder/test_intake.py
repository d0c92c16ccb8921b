"""Each layout of a folder of submissions is understood; anything else is named."""

from pathlib import Path

import pytest

from autograder.intake import IntakeError, collect

ID = "01-convolution"


def _put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return folder


@pytest.mark.parametrize(
    "layout", ["{}/01-convolution/01-convolution.ipynb", "{}/01-convolution.ipynb", "{}.ipynb"]
)
def test_when_a_layout_is_known_then_every_student_is_found(layout: str, tmp_path: Path) -> None:
    _put(tmp_path, layout.format("ada"), layout.format("bob"))
    assert [item.student for item in collect(tmp_path, ID)] == ["ada", "bob"]


def test_when_other_notebooks_lie_around_then_they_are_left_alone(tmp_path: Path) -> None:
    _put(tmp_path, "ada/01-convolution.ipynb", "ada/scratch.ipynb", "ada/x/y/01-convolution.ipynb")
    assert [item.path.name for item in collect(tmp_path, ID)] == ["01-convolution.ipynb"]


def test_when_a_submission_is_a_link_then_it_is_not_followed(tmp_path: Path) -> None:
    _put(tmp_path, "ada.ipynb")
    (tmp_path / "bob.ipynb").symlink_to(tmp_path / "ada.ipynb")
    assert [item.student for item in collect(tmp_path, ID)] == ["ada"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "holds no submission"),
        (["ada/02-other.ipynb"], "holds no submission"),
        (["ada.ipynb", "ada/01-convolution.ipynb"], "handed in twice"),
        (["-rf.ipynb"], "must start with a letter or digit"),
    ],
)
def test_when_a_folder_cannot_be_graded_then_the_error_says_why(
    names: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(IntakeError, match=said):
        collect(_put(tmp_path, *names), ID)


def test_when_there_is_no_folder_then_the_error_names_it(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="nowhere is not a folder"):
        collect(tmp_path / "nowhere", ID)
