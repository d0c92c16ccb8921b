"""The joined module is one self-contained text."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from convbook.widgets import KernelExplorer
from convbook.widgets.source import FOLDER, host_script, join_modules

TOP_LEVEL_NAME = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("entry", ["kernel_explorer.js", "host.js"])
def test_when_modules_are_joined_then_no_import_is_left_and_no_name_is_taken_twice(entry):
    text = join_modules(entry)
    names = TOP_LEVEL_NAME.findall(text)
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})


def test_when_the_explorer_is_joined_then_its_only_export_is_the_default():
    exports = re.findall(r"^export .*", KernelExplorer._esm, re.MULTILINE)
    assert exports == ["export default { render };"]


def test_when_a_module_is_imported_twice_then_it_is_joined_once():
    assert join_modules("kernel_explorer.js").count("function outputSize(") == 1


def test_when_the_host_is_written_then_it_runs_as_a_classic_script():
    assert not re.search(r"^(import|export)\b", host_script(), re.MULTILINE)


@pytest.mark.parametrize("text", ["kernel_explorer.js", "host.js"])
def test_when_joined_then_node_can_parse_it(text, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    path = tmp_path / "joined.mjs"
    path.write_text(join_modules(text), encoding="utf-8")
    subprocess.run([node, "--check", path], check=True)


def test_when_a_page_is_offline_then_no_text_asks_another_host():
    texts = [
        path.read_text(encoding="utf-8")
        for path in FOLDER.iterdir()
        if path.suffix in {".js", ".css"}
    ]
    assert not any(re.search(r"https?://", text) for text in texts)
