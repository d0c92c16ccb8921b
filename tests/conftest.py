"""What every test may use: the course, a browser; and what a missing program means."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.assignments.course import Course
from autograder.jail.bubblewrap import ONE_THREAD
from tests.convbook.real_mnist import HAS_MNIST
from tests.once import Once, made_once
from tests.serving import chromium, need

IS_ONE_OF_MANY = "PYTEST_XDIST_WORKER" in os.environ
if IS_ONE_OF_MANY:  # a core each: threads that wait for one another would only be in the way
    os.environ.update(ONE_THREAD)

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a shell starts what is behind a "&"
    signal.signal(signal.SIGINT, signal.default_int_handler)  # and what is started here inherits

# Files that take minutes come first, so that no core is left with one of them in the end.
LONG = ("test_run", "test_attacks", "test_ordinary_user", "test_learning", "test_regrade")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A machine without bubblewrap skips the jail; with CI=true that is a failure."""
    if item.get_closest_marker("jail"):
        need("bwrap", "bubblewrap")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes long first, and leave out what needs images that are not here."""
    items.sort(key=lambda item: item.path.stem not in LONG)
    if not HAS_MNIST:
        left_out = [item for item in items if item.get_closest_marker("mnist")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Have something made once, however many processes run the tests; return its folder."""
    base = tmp_path_factory.getbasetemp()
    return partial(made_once, base.parent if IS_ONE_OF_MANY else base)


@pytest.fixture(scope="session")
def course() -> Course:
    return Course.find(Path(__file__))


@pytest.fixture(scope="module")  # Playwright's event loop must not outlive the module
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser
