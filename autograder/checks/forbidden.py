"""What the functions of an assignment may not use, such as a ready-made convolution."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, init=False)
class Forbidden:
    """Names of libraries that graded functions, and what these call, may not use.

    A dotted name stands for everything of its library that ends in the same word, since libraries
    have one thing in several places: ``"numpy.convolve"`` is ``np.ma.convolve``, too. A name
    without a dot stands for the whole library.

    Args:
        names: such as ``"numpy.convolve"`` or ``"scipy"``.
        functions: where it holds; every graded function if none is named.
        points: what a function loses that uses one, at most what it earned. With 0 it is a notice
            alone.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]
    points: float

    def __init__(self, *names: str, functions: tuple[str, ...] = (), points: float = 0.0):
        """Forbid ``names``."""
        if not names or points < 0 or not all(part for n in names for part in n.split(".")):
            raise ValueError(
                f"Forbidden{names} with points (={points}) must name something, "
                'such as "numpy.convolve", and take 0 points or more'
            )
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "functions", functions)
        object.__setattr__(self, "points", points)

    def holds_for(self, function: str) -> bool:
        """Tell whether ``function`` must do without."""
        return not self.functions or function in self.functions

    def covers(self, path: str) -> bool:
        """Tell whether ``path`` is one of the names.

        Example:
            >>> Forbidden("numpy.convolve").covers("numpy.ma.core.convolve")
            True
            >>> Forbidden("numpy.convolve").covers("scipy.signal.convolve")
            False
        """
        library, *parts = path.split(".")
        for name in self.names:
            root, *inside = name.split(".")
            if library == root and (not inside or inside[-1] in parts):
                return True
        return False
