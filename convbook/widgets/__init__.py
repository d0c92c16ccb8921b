"""Live figures: one source for JupyterLab and for the static page."""

from convbook.widgets.kernel_explorer import KernelExplorer

__all__ = ["KernelExplorer"]
