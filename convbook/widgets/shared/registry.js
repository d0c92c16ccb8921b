/** Every widget of the course, by the name of its Python class. */

import KernelExplorer from "../kernel_explorer/widget.js";

export const WIDGETS = { KernelExplorer };
