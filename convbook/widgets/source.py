"""Puts the JavaScript modules of this folder together: one text a widget, one for all pages."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent

_IMPORT = re.compile(r'^import ([^"]*?) from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (.*?);$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^\s*(?:/\*\*.*?\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)


def join_modules(entry: str) -> str:
    """Return ``entry`` and everything it imports as one module with a default export.

    Each file becomes a function of its own, imported files first, so that names of different
    files never meet.

    Args:
        entry: a path in this folder, such as ``"kernel_explorer/widget.js"``.

    Returns:
        JavaScript without comments and without imports.

    Raises:
        FileNotFoundError: ``entry`` or a file it imports is not in this folder.

    >>> "export default" in join_modules("kernel_explorer/widget.js")
    True
    """
    return f"{_joined(entry)}export default {_name(FOLDER / entry)}.default;\n"


def host_script() -> str:
    """Return the static page's host with every widget of the course, as a classic script.

    A page opened from disk may not load a module file, and a strict page no text as code.
    """
    return f'"use strict";\n(() => {{\n{_joined("shared/host.js")}}})();\n'


def join_styles(*names: str) -> str:
    """Return the style sheets ``names`` of this folder as one text, in the order given."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def host_styles() -> str:
    """Return the style sheet of all widgets, for the static page."""
    own = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/style.css"))
    return join_styles("shared/widgets.css", *own, "shared/host.css")


def _joined(entry: str) -> str:
    texts: dict[Path, str] = {}

    def add(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        for _, imported in _IMPORT.findall(text):
            target = (path.parent / imported).resolve()
            if target not in texts:
                add(target)
        texts[path] = _as_function(path, text)

    add(FOLDER / entry)
    return "".join(texts.values())


def _as_function(path: Path, text: str) -> str:
    """Return the module as a constant: a function that is run at once and returns its exports."""
    exports = _EXPORT.findall(text)
    exports += [f"default: {value}" for value in _DEFAULT.findall(text)]

    def bound(found: re.Match[str]) -> str:
        names, target = found[1], _name((path.parent / found[2]).resolve())
        names = names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
        return f"const {names} = {target};\n"

    body = _DEFAULT.sub("", _EXPORT.sub("", _IMPORT.sub(bound, text)))
    body = _COMMENT.sub("", body)
    return f"const {_name(path)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def _name(path: Path) -> str:
    """Return what the module is called among the others: ``$shared_grid``."""
    return "$" + "_".join(path.relative_to(FOLDER).with_suffix("").parts)
