"""The scripts and the style sheet of the static page, which a page's own code never loads."""

from __future__ import annotations

from convbook.widgets.source import FOLDER, join_styles, joined, name_of

ENTRIES = sorted(FOLDER.glob("*/widget.js"))

# What the host's script holds for all widgets, in an order in which each finds what it imports.
_COMMON = tuple(
    f"{folder}/{name}.js"
    for folder, names in (
        ("shared", "numbers palette words shapes dom judged grid controls number_field"),
        ("shared", "binding storage"),
        ("quiz", "text judging verdict answers feedback"),
        ("predicting", "slips asking keeping panel"),
        ("shared", "host_model host"),
    )
    for name in names.split()
)


def host_script() -> str:
    """Return the static page's host and what all widgets share, as a classic script.

    A page opened from disk may not load a module file, and a strict page no text as code.
    """
    names = ", ".join(name_of(FOLDER / path) for path in _COMMON)
    return _classic(f"{joined(*_COMMON)}globalThis.convbook = {{ {names} }};\n")


def widget_script(folder: str) -> str:
    """Return the script of one widget for the static page, to be loaded after the host's.

    Args:
        folder: the widget's, such as ``"kernel_explorer"``.
    """
    entry = f"{folder}/widget.js"
    host = name_of(FOLDER / _COMMON[-1])
    names = ", ".join(name_of(FOLDER / path) for path in _COMMON)
    body = f"const {{ {names} }} = globalThis.convbook;\n{joined(entry, known=_COMMON)}"
    return _classic(f'{body}{host}.register("{folder}", {name_of(FOLDER / entry)}.default);\n')


def host_styles() -> str:
    """Return the style sheet of all widgets, for the static page."""
    own = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/style.css"))
    return join_styles("shared/widgets.css", "shared/answers.css", *own, "shared/host.css")


def _classic(body: str) -> str:
    return f'"use strict";\n(() => {{\n{body}}})();\n'
