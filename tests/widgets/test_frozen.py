"""A list or dict of a trait, changed in place: refused with the way to do it, in every widget."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from convbook import widgets
from convbook.widgets import KernelExplorer
from convbook.widgets.base import CourseWidget
from tests.widgets.made import MADE

Path = tuple[Any, ...]


def made(name: str) -> CourseWidget:
    widget: CourseWidget = getattr(widgets, name)(*MADE.get(name, ()))
    return widget


def synced(widget: CourseWidget) -> dict[str, Any]:
    own = set(widget.trait_names(sync=True)) - set(CourseWidget.class_trait_names())
    held = {name: getattr(widget, name) for name in own}
    return {name: value for name, value in held.items() if isinstance(value, list | dict)}


def containers(value: Any) -> list[Any]:
    """A list or dict, and all in it."""
    if not isinstance(value, list | dict):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(found for one in inner for found in containers(one))]


@pytest.mark.parametrize("name", widgets.__all__)
def test_when_a_trait_is_changed_in_place_then_the_error_says_how_to_set_it(name):
    widget = made(name)
    for trait, value in synced(widget).items():
        before = json.dumps(value)
        for held in containers(value):
            for change in (
                lambda held=held: held.__setitem__(
                    next(iter(held), 0) if isinstance(held, dict) else 0, 5
                ),
                lambda held=held: held.clear(),
                lambda held=held: held.update(a=1) if isinstance(held, dict) else held.append(1),
            ):
                with pytest.raises(
                    TypeError, match=f"^{trait} cannot be changed in place .* assign"
                ):
                    change()
        assert json.dumps(getattr(widget, trait)) == before


@pytest.mark.parametrize("name", widgets.__all__)
def test_when_a_trait_is_copied_then_the_copy_is_plain_and_equal(name):
    for value in synced(made(name)).values():
        for plain in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
            assert plain == value
            assert {type(one) for one in containers(plain)} <= {list, dict}


def test_when_a_copy_is_changed_and_set_then_the_page_gets_it():
    explorer = KernelExplorer(kernel=[[1, 2], [3, 4]])
    sent: list[Any] = []
    explorer.observe(lambda change: sent.append(change.new), "kernel")
    kernel = copy.deepcopy(explorer.kernel)
    kernel[0][0] = 5
    explorer.kernel = kernel
    assert sent == [[[5, 2], [3, 4]]]
    assert explorer.get_state()["kernel"] == [[5, 2], [3, 4]]


def test_when_the_given_list_is_changed_and_set_again_then_the_page_gets_it():
    kernel = [[1.0, 2.0]]
    explorer = KernelExplorer(kernel=kernel)
    kernel[0][0] = 5.0
    assert explorer.kernel == [[1, 2]]
    explorer.kernel = kernel
    assert explorer.get_state()["kernel"] == [[5, 2]]


def test_when_the_page_sends_a_list_then_it_is_kept_too():
    explorer = KernelExplorer()
    explorer.set_state({"kernel": [[1.0]]})
    with pytest.raises(TypeError, match="kernel cannot be changed in place"):
        explorer.kernel[0][0] = 5
    assert explorer.value == explorer.image[0][0]
