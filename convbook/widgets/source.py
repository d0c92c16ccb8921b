"""Puts the JavaScript of the widgets together, for JupyterLab and for the static page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parent
ENTRIES = sorted(FOLDER.glob("*/widget.js"))

_IMPORT = re.compile(
    r'^import ([^"]*?) from "([^"]+)"(?: with \{ type: "json" \})?;\n', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (\w+))", re.MULTILINE)
# Up to the first line that ends in a semicolon: a default export holds no function body.
_DEFAULT = re.compile(r"^export default (.*?);$", re.MULTILINE | re.DOTALL)
# What the host's script holds for all widgets, in an order in which each finds what it imports.
_COMMON = tuple(
    f"shared/{name}.js"
    for name in (
        *("numbers", "palette", "words", "shapes", "dom", "grid", "controls", "binding"),
        *("host_model", "host"),
    )
)
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
    return f"{_joined(entry)}export default {_name(FOLDER / entry)}.default;\n"


def host_script() -> str:
    """Return the static page's host and what all widgets share, as a classic script.

    A page opened from disk may not load a module file, and a strict page no text as code.
    """
    names = ", ".join(_name(FOLDER / path) for path in _COMMON)
    return _classic(f"{_joined(*_COMMON)}globalThis.convbook = {{ {names} }};\n")


def widget_script(folder: str) -> str:
    """Return the script of one widget for the static page, to be loaded after the host's.

    Args:
        folder: the widget's, such as ``"kernel_explorer"``.
    """
    entry = f"{folder}/widget.js"
    host = _name(FOLDER / _COMMON[-1])
    names = ", ".join(_name(FOLDER / path) for path in _COMMON)
    body = f"const {{ {names} }} = globalThis.convbook;\n{_joined(entry, known=_COMMON)}"
    return _classic(f'{body}{host}.register("{folder}", {_name(FOLDER / entry)}.default);\n')


def join_styles(*names: str) -> str:
    """Return the style sheets ``names`` of this folder as one text, in the order given."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def host_styles() -> str:
    """Return the style sheet of all widgets, for the static page."""
    own = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/style.css"))
    return join_styles("shared/widgets.css", *own, "shared/host.css")


def _classic(body: str) -> str:
    return f'"use strict";\n(() => {{\n{body}}})();\n'


def _joined(*entries: str, known: Iterable[str] = ()) -> str:
    """Return the modules of ``entries`` and all they import, without those already known."""
    texts = {FOLDER / name: "" for name in known}

    def add(path: Path) -> None:
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            texts[path] = f"const {_name(path)} = {{ default: {text.rstrip()} }};\n"
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
        names, target = found[1], _name((path.parent / found[2]).resolve())
        names = names.replace(" as ", ": ") if names.startswith("{") else f"{{ default: {names} }}"
        return f"const {names} = {target};\n"

    body = _DEFAULT.sub("", _EXPORT.sub("", _IMPORT.sub(bound, text)))
    body = _COMMENT.sub("", body)
    return f"const {_name(path)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def _name(path: Path) -> str:
    """Return what the module is called among the others: ``$widgets_shared_grid``."""
    return "$" + "_".join(path.relative_to(PACKAGE).with_suffix("").parts)
