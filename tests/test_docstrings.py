"""The examples in the docstrings hold."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import autograder
import convbook

MODULES = [
    module.name
    for package in (convbook, autograder)
    for module in walk_packages(package.__path__, f"{package.__name__}.")
    if "__main__" not in module.name and "autograder.jail.inside" not in module.name
]


@pytest.mark.parametrize("name", MODULES)
def test_when_the_docstrings_are_run_then_their_examples_hold(name):
    assert doctest.testmod(import_module(name)).failed == 0
