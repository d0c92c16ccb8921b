"""What an edit costs: the book built again after each, as a ratio of the first, full build.

It works on a copy of the project in a temporary folder.

    python bench/book.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import jupytext
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))  # not installed

from page_sources import PageSources  # noqa: E402 -- after the path

LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".*_cache", ".cache", "__pycache__", "_build", "node_modules"),
    *("grading", "dist", "runs"),
)
PROGRAM = Path(sys.executable).with_name("jupyter-book")
BUILD = (PROGRAM, "build", ".", "--warningiserror", "--nitpick", "--keep-going")
RAN = re.compile(r"^(\S+) ran in [\d.]+ seconds$", re.MULTILINE)
STYLE = "convbook/widgets/kernel_explorer/style.css"


def main() -> None:
    """Copy, build, edit and build again, and print a row a build."""
    table = Table("before the build", "seconds", "of the full build", "pages that ran")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "course")
        shutil.copytree(ROOT, root, ignore=LEFT_OUT)
        page, module = only_page_of_a_module(root)
        edits = {
            "nothing is there": "",
            "nothing changed": "",
            f"a sentence in {page}": f"{page}.md",
            f"a style: {STYLE}": STYLE,
            f"a module of one page: {module}": module,
        }
        full = 0.0
        for name, file in edits.items():
            if file:
                append(root / file)
            seconds, ran = build(root)
            full = full or seconds
            table.add_row(name, f"{seconds:.1f}", f"{seconds / full:.2f}", ", ".join(ran) or "none")
    Console().print(table)


def only_page_of_a_module(root: Path) -> tuple[str, str]:
    """Return a page, and a Python module that no other page depends on."""
    sources = PageSources(root)
    users: dict[Path, list[str]] = {}
    for path in sorted((root / "book").glob("*.md")):
        cells = jupytext.read(path, fmt="md:myst").cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        for file in sources.behind(code, path.parent):
            users.setdefault(file, []).append(f"book/{path.stem}")
    alone = [path for path in users if len(users[path]) == 1 and path.suffix == ".py"]
    module = min(alone)
    return users[module][0], module.relative_to(root.resolve()).as_posix()


def append(path: Path) -> None:
    """Add a comment, or in a page a sentence, that changes the file and not what it does."""
    note = {".md": "\nOne more sentence.\n", ".css": "/* a comment */\n", ".py": "# a comment\n"}
    path.write_text(path.read_text(encoding="utf-8") + note[path.suffix], encoding="utf-8")


def build(root: Path) -> tuple[float, list[str]]:
    """Return how long a build took and which pages it ran."""
    start = time.perf_counter()
    done = subprocess.run(
        BUILD, cwd=root, env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the book does not build:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - start, sorted(RAN.findall(done.stdout))


if __name__ == "__main__":
    main()
