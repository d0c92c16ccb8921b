"""What a notebook put out, as it is kept and shown: known fields, plain texts, real pictures.

A few megabytes at most, whatever the cells print.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.harmless.images import picture
from autograder.harmless.limits import COLOURS, MOST_OUTPUTS, NAME, OUTPUT, OUTPUTS, SAID, Room, cut
from autograder.harmless.text import COLOUR, coloured

PNG = "image/png"
ALT = "what this cell drew"
LEFT_OUT = "[a picture is not shown: it is none, or too large]"


def kept_outputs(outputs: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what is kept of the outputs of each cell.

    Example:
        >>> stream = {"output_type": "stream", "name": "stdout", "text": "\\x1b[2Jhi", "more": 1}
        >>> kept_outputs({"#0": [stream]})
        {'#0': [{'output_type': 'stream', 'name': 'stdout', 'text': '\\\\x1b[2Jhi'}]}
    """
    room, kept, count = Room(OUTPUTS), {}, 0
    for key, cell in outputs.items():
        kept[key] = [_kept(output, room) for output in cell[: max(0, MOST_OUTPUTS - count)]]
        count += len(cell)
    return kept


def _kept(output: Mapping[str, Any], room: Room) -> dict[str, Any]:
    kind = output["output_type"]
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": shown_output(output["text"], room)}
    if kind == "error":
        said = {"ename": _said(output["ename"], NAME), "evalue": _said(output["evalue"], SAID)}
        lines = shown_output("\n".join(map(str, output["traceback"])), room)
        return {"output_type": kind, **said, "traceback": lines.split("\n")}
    made: dict[str, Any] = {
        "output_type": "execute_result" if kind == "execute_result" else "display_data",
        "data": _bundle(output["data"], room),
        "metadata": {PNG: {"alt": ALT}} if PNG in output["data"] else {},
    }
    return made | ({"execution_count": None} if kind == "execute_result" else {})


def _bundle(data: Mapping[str, Any], room: Room) -> dict[str, str]:
    text = data.get("text/plain", "")
    bundle = {"text/plain": shown_output(text, room)} if isinstance(text, str) and text else {}
    if PNG not in data:
        return bundle
    address = picture(PNG, data[PNG])
    if address and room.holds(len(address)):
        return bundle | {PNG: address.partition(",")[2]}
    return {"text/plain": f"{LEFT_OUT}\n{bundle.get('text/plain', '')}".rstrip()}


def shown_output(text: str, room: Room) -> str:
    """Return what is shown of ``text``, without its colours where they change too often."""
    text = coloured(cut(text, OUTPUT))
    if text.count("\x1b") > COLOURS:
        text = COLOUR.sub("", text)
    return room.cut(text, OUTPUT)


def _said(text: object, most: int) -> str:
    return cut(coloured(cut(str(text), most)), most)
