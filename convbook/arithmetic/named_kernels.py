"""Kernels with a name, as the widgets offer them."""

from __future__ import annotations

Matrix = list[list[float]]

_NINTH = 1 / 9
_TWENTY_FIFTH = 1 / 25

KERNELS: dict[str, Matrix] = {
    "Identity": [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]],
    "Box blur 3×3": [[_NINTH] * 3 for _ in range(3)],
    "Box blur 5×5": [[_TWENTY_FIFTH] * 5 for _ in range(5)],
    "Sharpen": [[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]],
    "Sobel x": [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]],
    "Sobel y": [[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]],
    "Prewitt x": [[-1.0, 0.0, 1.0]] * 3,
    "Laplacian": [[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]],
    "Difference": [[-1.0, 1.0]],
    "Corner (not symmetric)": [[1.0, 2.0, 0.0], [3.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
}
