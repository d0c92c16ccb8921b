"""What every test may use: the course, a browser; and what a missing program means."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.assignments.course import Course
from tests.serving import chromium, need


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A machine without bubblewrap skips the jail; with CI=true that is a failure."""
    if item.get_closest_marker("jail"):
        need("bwrap", "bubblewrap")


@pytest.fixture(scope="session")
def course() -> Course:
    return Course.find(Path(__file__))


@pytest.fixture(scope="module")  # Playwright's event loop must not outlive the module
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
