"""The course's arithmetic: whole numbers and arrays, no networks and no pictures.

In the order of the chapters:

- `convolution1d`: convolution of signals, and its matrices.
- `convolution`: kernels over images, borders and padding.
- `named_kernels`: kernels made by hand: blur, sharpen, Sobel, Laplacian.
- `shapes`: how many positions a kernel has over an input.
- `layer_kinds`: the one language of layers, its fields, defaults and limits.
- `layer_operations`: what each kind of layer does to a shape, and what it costs.
- `counting`: a network layer by layer, its parameters, work and memory.
- `convolution_ways`: one convolution computed in every way, and how long each takes.
- `pooling`: each window of an image becomes one number.
- `receptive`: the cells of the input that one neuron depends on.
- `architectures`: the networks of the course in the language of layers.
"""
