"""The course's arithmetic: whole numbers and arrays, no networks that run and no pictures.

In the order of the chapters:

- `convolution1d`: convolution of signals, and its matrices.
- `convolution`: kernels over images, borders and padding.
- `named_kernels`: kernels made by hand: blur, sharpen, Sobel, Laplacian.
- `shapes`: how many positions a kernel has over an input.
- `layer_kinds`, its table ``layer_kinds.json`` and `layer_fields`: the one language of layers.
- `layer_windows`: which cells a layer reads, and how a receptive field grows by it.
- `layer_operations`: what each kind of layer does to a shape, and what it costs.
- `counting`: a network layer by layer, its parameters, work, memory and receptive fields.
- `convolution_ways`: one convolution computed in every way, and how long each takes.
- `pooling`: each window of an image becomes one number.
- `receptive`: the cells of the input that one neuron depends on.
- `networks`, `architectures`: the networks of the course, by name, and in the language of layers.
"""
