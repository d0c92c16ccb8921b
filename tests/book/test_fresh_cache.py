"""Which pages a build runs, seen on a small book that is really built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.book.extensions import FOLDER

CONF = f"""
import sys
sys.path.insert(0, {str(FOLDER)!r})
extensions = ["myst_nb", "fresh_cache"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
exclude_patterns = ["_build"]
"""
# A page writes down that it ran; the name is no string, or the page would depend on the file.
PAGE = """\
---
file_format: mystnb
kernelspec: {{name: python3, display_name: Python 3}}
---
# {name}

Some prose.

```{{code-cell}} python
import os
from convbook.{module} import value
with open(os.environ["DIARY"], "a") as diary:
    print("{name}", file=diary)
value
```
"""


class Book:
    """A book of two pages with code and one of plain text; each page imports its own module."""

    def __init__(self, root: Path) -> None:
        self.root, self.diary = root, root.parent / f"{root.name}-diary"
        self.write("conf.py", CONF)
        self.write("index.md", "# A book\n\n```{toctree}\none\ntwo\n```\n")
        for name in ("one", "two"):
            self.write(f"{name}.md", PAGE.format(name=name, module=f"for_{name}"))
            self.write(f"convbook/for_{name}.py", f"value = 'first of {name}'\n")
        self.write("convbook/__init__.py", "")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text(encoding="utf-8") + text)

    def build(self) -> subprocess.CompletedProcess[str]:
        self.diary.write_text("", encoding="utf-8")
        variables = {"PYTHONPATH": str(self.root), "DIARY": str(self.diary)}
        return subprocess.run(
            [sys.executable, "-m", "sphinx", "-W", "--keep-going", ".", "_build/html"],
            cwd=self.root, env=os.environ | variables, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def run_by_a_build(self) -> list[str]:
        done = self.build()
        assert done.returncode == 0, done.stdout + done.stderr
        return sorted(self.diary.read_text(encoding="utf-8").split())

    def page(self, name: str) -> str:
        return (self.root / f"_build/html/{name}.html").read_text(encoding="utf-8")

    def caches(self) -> list[str]:
        """The page that each executed notebook in a cache belongs to."""
        kept = (self.root / "_build").glob(".jupyter_cache*/*/*/executed/*/base.ipynb")
        return sorted(path.parents[3].name for path in kept)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    book = Book(tmp_path_factory.mktemp("book"))
    for leftover in (".jupyter_cache-0123456789ab/global.db", ".jupyter_cache/global.db"):
        book.write(f"_build/{leftover}", "of a former scheme")
    assert book.run_by_a_build() == ["one", "two"]
    return book


def test_when_a_book_was_built_then_caches_of_former_schemes_are_gone(built):
    caches = sorted((built.root / "_build").glob(".jupyter_cache*/*"))
    assert [path.relative_to(built.root / "_build").as_posix() for path in caches] == [
        ".jupyter_cache/one",
        ".jupyter_cache/two",
    ]


def test_when_only_prose_changes_then_no_page_runs(built):
    built.append("one.md", "\nA later thought.\n")
    assert built.run_by_a_build() == []
    assert "A later thought." in built.page("one")
    assert "first of one" in built.page("one")


def test_when_a_module_changes_then_the_page_that_imports_it_runs_and_shows_it(built):
    built.write("convbook/for_two.py", "value = 'second of two'\n")
    assert built.run_by_a_build() == ["two"]
    assert "second of two" in built.page("two")
    assert built.caches() == ["one", "two"]


def test_when_pages_fail_then_the_build_names_them_and_they_run_again_once_mended(built):
    built.write("convbook/for_one.py", "value = 1 / 0\n")
    built.write("convbook/for_two.py", "import os\nos._exit(1)\n")
    done = built.build()
    assert done.returncode != 0
    for said in ("ZeroDivisionError", "Kernel died", "the code of one, two fails: mend it"):
        assert said in done.stderr
    for name in ("one", "two"):
        built.write(f"convbook/for_{name}.py", "value = 'mended'\n")
    assert built.run_by_a_build() == ["one", "two"]
    assert "mended" in built.page("one")
    assert built.caches() == ["one", "two"]


def test_when_a_page_leaves_the_book_then_its_cache_does(built):
    (built.root / "two.md").unlink()
    built.write("index.md", "# A book\n\n```{toctree}\none\n```\n")
    assert built.run_by_a_build() == []
    assert built.caches() == ["one"]
