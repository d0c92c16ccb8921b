"""Puts the JavaScript and the styles of widgets together, each into one text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parent

_IMPORT = re.compile(
    r'^import ([^"]*?) from "([^"]+)"(?: with \{ type: "json" \})?;\n', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
# Up to the first line that ends in a semicolon: a default export holds no function body.
_DEFAULT = re.compile(r"^export default (.*?);$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^\s*(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


def join_modules(entry: str) -> str:
    """Return ``entry`` and everything it imports as one module with a default export.

    Each file becomes a function of its own, imported files first, so that names of different
    files never meet; a table in JSON becomes a constant.

    Args:
        entry: a path in this folder, such as ``"kernel_explorer/widget.js"``.

    Returns:
        JavaScript without comments and without imports.

    Raises:
        FileNotFoundError: ``entry`` or a file it imports is not there.

    >>> "export default" in join_modules("kernel_explorer/widget.js")
    True
    """
    return f"{joined(entry)}export default {name_of(FOLDER / entry)}.default;\n"


def join_styles(*names: str) -> str:
    """Return the style sheets ``names`` of this folder as one text, in the order given."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def joined(*entries: str, known: Iterable[str] = ()) -> str:
    """Return the modules of ``entries`` and all they import, without those already ``known``."""
    texts = {FOLDER / name: "" for name in known}

    def add(path: Path) -> None:
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            texts[path] = f"const {name_of(path)} = {{ default: {text.rstrip()} }};\n"
            return
        for _, imported in _IMPORT.findall(text):
            add((path.parent / imported).resolve())
        texts[path] = _as_function(path, text)

    for entry in entries:
        add(FOLDER / entry)
    return "".join(texts.values())


def _as_function(path: Path, text: str) -> str:
    """Return the module as a constant: a function that is run at once and returns its exports."""
    exports = _EXPORT.findall(text)
    exports += [f"default: {value}" for value in _DEFAULT.findall(text)]

    def bound(found: re.Match[str]) -> str:
        names, target = found[1], name_of((path.parent / found[2]).resolve())
        names = names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
        return f"const {names} = {target};\n"

    body = _DEFAULT.sub("", _EXPORT.sub("", _IMPORT.sub(bound, text)))
    body = _COMMENT.sub("", body)
    return f"const {name_of(path)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def name_of(path: Path) -> str:
    """Return what the module is called among the others: ``$widgets_shared_grid``."""
    return "$" + "_".join(path.relative_to(PACKAGE).with_suffix("").parts)
