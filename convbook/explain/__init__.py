"""Looking inside a network: what its filters are, what excites them, and where it looks."""

from convbook.explain.activations import activations, find_layer, layer_names, recording
from convbook.explain.adversarial import (
    adversarial_alt_text,
    fast_gradient_sign,
    iterated_gradient_sign,
    show_adversarial,
)
from convbook.explain.filters import (
    activation_group,
    activations_alt_text,
    filter_group,
    filters_alt_text,
    first_layer_filters,
    frame_group,
    frames_alt_text,
    show_activations,
    show_filters,
    show_frames,
)
from convbook.explain.heatmaps import heat_alt_text, show_heat
from convbook.explain.kernels import (
    gabor_bank,
    handmade_kernels,
    kmeans_kernels,
    random_kernels,
    random_patches,
)
from convbook.explain.last_layer import LastLayer, fixed_features, train_last_layer
from convbook.explain.maximize import Ascent, maximize_activation
from convbook.explain.receptive import (
    MeasuredField,
    effective_receptive_field,
    measured_receptive_field,
)
from convbook.explain.saliency import grad_cam, occlusion, saliency

__all__ = [
    "Ascent",
    "LastLayer",
    "MeasuredField",
    "activation_group",
    "activations",
    "activations_alt_text",
    "adversarial_alt_text",
    "effective_receptive_field",
    "fast_gradient_sign",
    "filter_group",
    "filters_alt_text",
    "find_layer",
    "first_layer_filters",
    "fixed_features",
    "frame_group",
    "frames_alt_text",
    "gabor_bank",
    "grad_cam",
    "handmade_kernels",
    "heat_alt_text",
    "iterated_gradient_sign",
    "kmeans_kernels",
    "layer_names",
    "maximize_activation",
    "measured_receptive_field",
    "occlusion",
    "random_kernels",
    "random_patches",
    "recording",
    "saliency",
    "show_activations",
    "show_adversarial",
    "show_filters",
    "show_frames",
    "show_heat",
    "train_last_layer",
]
