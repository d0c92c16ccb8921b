"""Live figures: one source for JupyterLab and for the static page."""

from convbook.widgets.architecture_table import ArchitectureTable
from convbook.widgets.convolution_roll import ConvolutionRoll
from convbook.widgets.filter_gallery import FilterGallery
from convbook.widgets.kernel_explorer import KernelExplorer
from convbook.widgets.pooling_explorer import PoolingExplorer
from convbook.widgets.quiz import Quiz
from convbook.widgets.receptive_field import ReceptiveField
from convbook.widgets.shape_calculator import ShapeCalculator

__all__ = [
    "ArchitectureTable",
    "ConvolutionRoll",
    "FilterGallery",
    "KernelExplorer",
    "PoolingExplorer",
    "Quiz",
    "ReceptiveField",
    "ShapeCalculator",
]
