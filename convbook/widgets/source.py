"""Joins JavaScript modules of this folder into one self-contained text."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent

_IMPORT = re.compile(r'^import\s[^;]*?from "\./([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default\b)", re.MULTILINE)


def join_modules(entry: str) -> str:
    """Return ``entry`` and everything it imports as one module, imported files first.

    The modules share one scope afterwards, so their top-level names must differ.

    Args:
        entry: a file name in this folder, such as ``"kernel_explorer.js"``.

    Returns:
        JavaScript with no relative import left and at most a default export.

    Raises:
        FileNotFoundError: ``entry`` or a file it imports is not in this folder.

    >>> "export default" in join_modules("kernel_explorer.js")
    True
    """
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (FOLDER / name).read_text(encoding="utf-8")
        for imported in _IMPORT.findall(text):
            if imported not in texts:
                add(imported)
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", text))

    add(entry)
    return "\n".join(texts.values())


def join_styles(*names: str) -> str:
    """Return the style sheets ``names`` of this folder as one text, in the order given."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def host_script() -> str:
    """Return the static page's host as a classic script.

    A page opened from disk may not load a module file, so the host is wrapped in a function.
    """
    return f'"use strict";\n(() => {{\n{join_modules("host.js")}}})();\n'
