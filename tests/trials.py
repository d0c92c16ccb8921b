"""A trial for each widget with fields: what to change in its view, and what must follow."""

from __future__ import annotations

from typing import NamedTuple

GALLERY = """\
import numpy as np
from convbook.widgets.filter_gallery import GalleryGroup
groups = [GalleryGroup(name, "filters", np.eye(4)[None]) for name in ("first", "second", "third")]
FilterGallery(groups)"""


class Trial(NamedTuple):
    """What is tried: a field by its label, what is put in, and the trait that must follow."""

    make: str
    trait: str
    label: str
    typed: str
    seen: str
    assigned: str
    shown: str


TRIALS = {
    "KernelExplorer": Trial("KernelExplorer()", "stride", "Stride", "2", "2", "3", "3"),
    "ConvolutionRoll": Trial(
        "ConvolutionRoll()", "mode", "Outputs kept", "valid", "valid", "'same'", "same"
    ),
    "ShapeCalculator": Trial("ShapeCalculator()", "stride", "Stride s", "3", "3", "1", "1"),
    "PoolingExplorer": Trial("PoolingExplorer()", "size", "Window size", "3", "3", "4", "4"),
    "ReceptiveField": Trial("ReceptiveField()", "input_size", "Input size", "40", "40", "36", "36"),
    "ArchitectureTable": Trial(
        'ArchitectureTable("lenet-5")',
        *("input_shape", "Input rows", "48", "[1, 48, 32]", "(1, 64, 64)", "64"),
    ),
    "FilterGallery": Trial(GALLERY, "group", "Group", "1", "1", "2", "2"),
}
