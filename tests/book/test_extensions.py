"""The book's own Sphinx extensions, away from Sphinx."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.book.pages import ROOT


def extension(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "book" / "_ext" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def package(tmp_path):
    (tmp_path / "shapes.py").write_text("size = 1\n", encoding="utf-8")
    return tmp_path


def test_when_a_source_changes_or_moves_then_its_fingerprint_does(package):
    fingerprint = extension("fresh_cache").fingerprint
    before = fingerprint(package)
    assert fingerprint(package) == before
    (package / "shapes.py").write_text("size = 2\n", encoding="utf-8")
    changed = fingerprint(package)
    (package / "shapes.py").rename(package / "sizes.py")
    assert len({before, changed, fingerprint(package)}) == 3


def test_when_trained_weights_change_then_pages_that_show_them_run_again(package):
    fingerprint = extension("fresh_cache").fingerprint
    before = fingerprint(package)
    (package / "patches.safetensors").write_bytes(b"learned")
    assert fingerprint(package) != before


def test_when_a_file_is_no_source_then_the_fingerprint_ignores_it(package):
    fingerprint = extension("fresh_cache").fingerprint
    before = fingerprint(package)
    (package / "notes.txt").write_text("later", encoding="utf-8")
    assert fingerprint(package) == before
