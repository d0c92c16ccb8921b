"""The joined module is one self-contained text."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from convbook import widgets
from convbook.widgets.source import FOLDER, host_script, join_modules

ENTRIES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/widget.js"))


@pytest.mark.parametrize("entry", ENTRIES)
def test_when_modules_are_joined_then_no_import_is_left_and_one_export(entry):
    text = join_modules(entry)
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(re.findall(r"^export\b", text, re.MULTILINE)) == 1


def test_when_a_module_is_imported_twice_then_it_is_joined_once():
    assert join_modules("kernel_explorer/widget.js").count("function outputSize(") == 1
    assert host_script().count("function outputSize(") == 1


def test_when_a_widget_is_written_then_the_page_knows_it():
    known = re.search(r"WIDGETS = \{([^}]*)\}", host_script())
    assert known is not None
    assert set(re.findall(r"\w+", known[1])) == set(widgets.__all__)


def test_when_the_host_is_written_then_it_runs_as_a_classic_script():
    assert not re.search(r"^(import|export)\b", host_script(), re.MULTILINE)


@pytest.mark.parametrize("entry", [*ENTRIES, "shared/host.js"])
def test_when_joined_then_node_can_parse_it(entry, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    path = tmp_path / "joined.mjs"
    path.write_text(join_modules(entry), encoding="utf-8")
    subprocess.run([node, "--check", path], check=True)


def test_when_a_page_is_offline_then_no_text_asks_another_host():
    texts = [
        path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.suffix in {".js", ".css"}
    ]
    assert not any(re.search(r"https?://", text) for text in texts)
