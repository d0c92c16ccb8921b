"""The examples in the docstrings hold."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules

import pytest

from convbook import training

MODULES = [module.name for module in iter_modules(training.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_when_the_docstrings_are_run_then_their_examples_hold(name):
    assert doctest.testmod(import_module(f"convbook.training.{name}")).failed == 0
