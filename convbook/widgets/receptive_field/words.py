"""The sentences of the receptive field; words.js says the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from convbook.arithmetic.layer_kinds import Layer, kind_text, pools
from convbook.widgets.receptive_field.scene import Scene, scene_of, scene_without_pooling
from convbook.wording import amount

if TYPE_CHECKING:
    from convbook.widgets.receptive_field import ReceptiveField


def describe(widget: ReceptiveField) -> str:
    """Return what the chosen neuron sees, and which layer does not fit, as the page says it.

    >>> from convbook.widgets import ReceptiveField
    >>> print(describe(ReceptiveField()).replace("\xa0", " "))
    Neuron row 2, column 2 of layer 5 sees 18 × 18 = 324 of 784 input cells (41.3 %).
    """
    scene = scene_of(widget)
    said = [describe_neuron(scene), describe_border(scene)]
    if widget.compare:
        said.append(describe_without(scene, scene_without_pooling(scene)))
    said.append(describe_problem(scene))
    return " ".join(sentence for sentence in said if sentence)


def describe_problem(scene: Scene) -> str:
    """Return why a layer has no map, or nothing."""
    if scene.problem is None:
        return ""
    above = " and the layers above it" if len(scene.layers) > len(scene.sizes) else ""
    number = scene.numbers[len(scene.sizes)]
    left_out = f"Layer {number}{above} {'have' if above else 'has'} no map."
    return f"{scene.problem[0].upper()}{scene.problem[1:]}. {left_out}"


def describe_neuron(scene: Scene) -> str:
    """Return how many input cells the neuron sees."""
    what = "Neuron" if scene.level else "Cell"
    if 0 in scene.seen:
        return f"{what} {_place(scene)} sees no input cell, only padding."
    total = scene.sizes[0] ** 2
    counted = f"{seen(scene)} of {total:,} input cells ({percent(scene)})"
    return f"{what} {_place(scene)} sees {counted}{_spread(scene)}."


def describe_border(scene: Scene) -> str:
    """Return how far the neuron's field passes the input's border, or nothing."""
    n, rows, columns = scene.sizes[0], scene.rows[0], scene.columns[0]
    past = {
        "above": (-rows.first, "row"),
        "below": (rows.last - n + 1, "row"),
        "to the left of": (-columns.first, "column"),
        "to the right of": (columns.last - n + 1, "column"),
    }
    parts = [f"{amount(by, what)} {where}" for where, (by, what) in past.items() if by > 0]
    if not parts:
        return ""
    size = scene.fields[scene.level].size
    return f"Its {size} × {size} field reaches {_and(parts)} the input: padding, not image."


def describe_without(scene: Scene, without: Scene) -> str:
    """Return what the neuron at the same place sees once pooling is left out."""
    if not any(pools(layer["kind"]) for layer in scene.layers[: scene.level]):
        return "Up to this level nothing pools: without pooling it sees the same."
    if not without.rows:
        return f"Without pooling, {without.problem}."
    if 0 in without.seen:
        return f"Without pooling, {_place(without)} sees no input cell, only padding."
    return f"Without pooling, {_place(without)} sees {seen(without)} ({percent(without)})."


def seen(scene: Scene) -> str:
    """Return the seen rows and columns and their product: ``18 × 18 = 324``."""
    rows, columns = scene.seen
    return f"{rows} × {columns} = {rows * columns}"


def percent(scene: Scene) -> str:
    """Return the seen share of the input in percent."""
    rows, columns = scene.seen
    return format_percent(rows * columns, scene.sizes[0] ** 2)


def format_percent(count: int, total: int) -> str:
    """Return a share in percent, one decimal from 10 % on, two below; the space never breaks.

    >>> format_percent(324, 784), format_percent(49, 784)
    ('41.3\\xa0%', '6.25\\xa0%')
    """
    share = 100 * count / total
    if 0 < share < 0.005:
        return "< 0.01\u00a0%"
    digits = 1 if share >= 10 else 2
    rounded = math.floor(share * 10**digits + 0.5) / 10**digits
    return f"{rounded:.{digits}f}".rstrip("0").rstrip(".") + "\u00a0%"


def layer_name(layer: Layer) -> str:
    """Return kind and kernel: ``max pool 2×2``."""
    size = layer["kernel_size"]
    return f"{kind_text(layer['kind'])} {size}×{size}"


def lit_note(scene: Scene, level: int) -> str:
    """Return what stands under a map: how many rows and columns are lit, and their spread."""
    if level >= len(scene.rows):
        return "–"
    if level == scene.level:
        return f"row {scene.row + 1}, col. {scene.column + 1}"
    rows, columns = scene.rows[level].cells, scene.columns[level].cells
    gaps = _has_gaps(rows) or _has_gaps(columns)
    spread = f" in {_span(rows)} × {_span(columns)}" if gaps else ""
    return f"lit {len(rows)} × {len(columns)}{spread}"


def _place(scene: Scene) -> str:
    of = f"layer {scene.numbers[scene.level]}" if scene.level else "the input"
    return f"row {scene.row + 1}, column {scene.column + 1} of {of}"


def _spread(scene: Scene) -> str:
    rows, columns = scene.rows[0].cells, scene.columns[0].cells
    if not _has_gaps(rows) and not _has_gaps(columns):
        return ""
    return f", spread with gaps over {_span(rows)} × {_span(columns)}"


def _span(cells: tuple[int, ...]) -> int:
    return cells[-1] - cells[0] + 1 if cells else 0


def _has_gaps(cells: tuple[int, ...]) -> bool:
    return _span(cells) > len(cells)


def _and(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
