"""The joined module is one self-contained text."""

from __future__ import annotations

import re
import subprocess

import pytest

from convbook import widgets
from convbook.widgets.source import FOLDER, join_modules
from convbook.widgets.static_page import ENTRIES, host_script, widget_script
from tests.serving import need

MODULES = [path.relative_to(FOLDER).as_posix() for path in ENTRIES]


@pytest.mark.parametrize("entry", MODULES)
def test_when_modules_are_joined_then_no_import_is_left_and_one_export(entry):
    text = join_modules(entry)
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(re.findall(r"^export\b", text, re.MULTILINE)) == 1


def test_when_a_module_is_imported_twice_then_it_is_joined_once():
    assert join_modules("kernel_explorer/widget.js").count("function outputSize(") == 1
    assert host_script().count("function outputSize(") == 1
    assert widget_script("kernel_explorer").count("function outputSize(") == 0


def test_when_a_widget_is_written_then_its_folder_and_its_class_belong_together():
    classes = [getattr(widgets, name) for name in widgets.__all__]
    assert {kind.__module__.split(".")[-1] for kind in classes} == {
        path.parent.name for path in ENTRIES
    }


@pytest.mark.parametrize("text", [host_script(), *(widget_script(p.parent.name) for p in ENTRIES)])
def test_when_written_for_a_page_then_it_is_a_classic_script(text, tmp_path):
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    path = tmp_path / "script.cjs"
    path.write_text(text, encoding="utf-8")
    subprocess.run([need("node", "nodejs"), "--check", path], check=True)


@pytest.mark.parametrize("entry", MODULES)
def test_when_joined_then_node_can_import_it(entry, tmp_path):
    path = tmp_path / "joined.mjs"
    path.write_text(join_modules(entry), encoding="utf-8")
    subprocess.run([need("node", "nodejs"), path], check=True)


def test_when_a_page_is_offline_then_no_text_asks_another_host():
    texts = [
        path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*")
        if path.suffix in {".js", ".css"}
    ]
    assert not any(re.search(r"https?://(?!www\.w3\.org/2000/svg)", text) for text in texts)
