"""The filters of a first layer and the maps of any layer: as walls, in words, for the gallery."""

from __future__ import annotations

from matplotlib.figure import Figure
from torch import Tensor, nn

from convbook.explain.activations import find_layer, layer_names
from convbook.explain.maximize import Ascent
from convbook.explain.walls import as_picture, range_text, show_picture_wall, show_signed_wall
from convbook.galleries import GalleryGroup, GalleryImage, Scale
from convbook.tables import numeral

COLOURS = 3
SCALE = "Blue is negative, grey zero, orange positive."


def first_layer_filters(model: nn.Module) -> Tensor:
    """Return the weights of the model's first convolution.

    Args:
        model: any module; the first is the first it holds, as in ``model.named_modules()``.

    Returns:
        A copy of shape ``(out_channels, in_channels / groups, K, L)``.

    Raises:
        ValueError: there is no `torch.nn.Conv2d` in it.

    >>> first_layer_filters(nn.Sequential(nn.Conv2d(3, 8, 5), nn.Conv2d(8, 4, 3))).shape
    torch.Size([8, 3, 5, 5])
    """
    names = layer_names(model, nn.Conv2d)
    if not names:
        raise ValueError("the model has no Conv2d: look at the rows of its first Linear instead")
    weight: Tensor = find_layer(model, names[0]).get_parameter("weight")
    return weight.detach().clone()


def show_filters(
    figure: Figure, weights: Tensor, title: str = "Filters", scale: Scale = "group"
) -> None:
    """Draw filters side by side.

    Args:
        figure: where to draw; it is laid out anew.
        weights: shape ``(N, 1, K, L)``, drawn blue below zero, grey at zero and orange above; or
            ``(N, 3, K, L)``, drawn as colours around mid-grey, which is zero.
        title: what stands above.
        scale: whether the colours end at the largest magnitude of the ``"group"``, so that
            filters compare, or of each ``"image"``, so that weak ones can be seen.

    Raises:
        ValueError: there are other than 1 or 3 channels.
    """
    _require_picture_channels(weights)
    names = _numbers(len(weights))
    if weights.shape[1] == COLOURS:
        show_picture_wall(figure, colour_filters(weights, scale), title, names)
    else:
        show_signed_wall(figure, weights[:, 0], title, names, scale)


def colour_filters(weights: Tensor, scale: Scale = "group") -> Tensor:
    """Return filters as colours from 0 to 1: mid-grey is 0, the largest magnitude 0 or 1.

    >>> import torch
    >>> colour_filters(torch.tensor([[[[-2.0, 0.0, 1.0]]]])).tolist()
    [[[[0.0, 0.5, 0.75]]]]
    """
    size = weights.abs()
    limit = size.max() if scale == "group" else size.amax((1, 2, 3), keepdim=True)
    return 0.5 + 0.5 * weights / limit.clamp(min=1e-12)


def filters_alt_text(weights: Tensor, title: str = "Filters") -> str:
    """Return what `show_filters` shows, in words.

    >>> import torch
    >>> filters_alt_text(torch.tensor([[[[-1.0, 0.5]]]]))
    'Filters: 1 of 1×2 cells, weights from −1 to 0.5. Blue is negative, grey zero, orange positive.'
    """
    _require_picture_channels(weights)
    rows, columns = weights.shape[2:]
    scale = "As colours, mid-grey is zero." if weights.shape[1] == COLOURS else SCALE
    values = range_text(weights)
    return f"{title}: {len(weights)} of {rows}×{columns} cells, weights {values}. {scale}"


def show_activations(figure: Figure, maps: Tensor, title: str = "Feature maps") -> None:
    """Draw the feature maps of one image, all on one scale with zero in grey.

    Args:
        figure: where to draw; it is laid out anew.
        maps: shape ``(channels, H, W)``, such as ``activations(model, images, layer)[layer][0]``.
        title: what stands above.

    Raises:
        ValueError: the shape is another.
    """
    _require_maps(maps)
    show_signed_wall(figure, maps, title, _numbers(len(maps)))


def activations_alt_text(maps: Tensor, title: str = "Feature maps") -> str:
    """Return what `show_activations` shows, in words, and which map responds most on average.

    >>> import torch
    >>> activations_alt_text(torch.tensor([[[0.0, 1.0]], [[0.0, 3.0]]])).split(". ")[0]
    'Feature maps: 2 of 1×2 cells, values from 0 to 3; map 2 has the largest mean, 1.5'
    """
    _require_maps(maps)
    rows, columns = maps.shape[1:]
    means = maps.mean((1, 2))
    most = f"map {int(means.argmax()) + 1} has the largest mean, {numeral(means.max().item(), 2)}"
    values = range_text(maps)
    return f"{title}: {len(maps)} of {rows}×{columns} cells, values {values}; {most}. {SCALE}"


def show_frames(figure: Figure, ascent: Ascent, title: str = "Ascent") -> None:
    """Draw the frames of an `Ascent`, each with its mean activation.

    Args:
        figure: where to draw; it is laid out anew.
        ascent: of images with 1 or 3 channels.
        title: what stands above.
    """
    names = [f"step {step}\n{_height(ascent, step)}" for step in ascent.frame_steps]
    show_picture_wall(figure, ascent.frames, title, names)


def frames_alt_text(ascent: Ascent, title: str = "Ascent") -> str:
    """Return what `show_frames` shows, in words."""
    last = len(ascent.activations) - 1
    return (
        f"{title}: {len(ascent.frames)} images from step 0 to step {last}; the mean activation "
        f"goes from {_height(ascent, 0)} to {_height(ascent, last)}."
    )


def filter_group(title: str, weights: Tensor, scale: Scale = "group") -> GalleryGroup:
    """Return filters as `convbook.widgets.FilterGallery` takes them; arguments of `show_filters`.

    The gallery itself scales what has one channel; ``scale`` is for colours.

    >>> import torch
    >>> len(filter_group("conv1", torch.zeros(8, 1, 3, 3)).images)
    8
    """
    _require_picture_channels(weights)
    pictures = colour_filters(weights, scale) if weights.shape[1] == COLOURS else weights
    return GalleryGroup(title, "filters", [as_picture(one) for one in pictures])


def activation_group(title: str, maps: Tensor) -> GalleryGroup:
    """Return maps of shape ``(channels, H, W)`` for the gallery, each noted with its mean.

    >>> import torch
    >>> activation_group("conv1", torch.ones(4, 6, 6)).images[0].note
    'mean 1'
    """
    _require_maps(maps)
    images = [GalleryImage(as_picture(one[None]), note=f"mean {_mean(one)}") for one in maps]
    return GalleryGroup(title, "activations", images)


def frame_group(title: str, ascent: Ascent) -> GalleryGroup:
    """Return the frames of an `Ascent` for the gallery, each noted with its mean activation.

    Grey images are shown as distances from mid-grey, since the gallery colours around zero.
    """
    images = [
        GalleryImage(
            as_picture(frame if len(frame) == COLOURS else frame - 0.5),
            label=f"step {step}",
            note=f"mean activation {_height(ascent, step)}",
        )
        for step, frame in zip(ascent.frame_steps, ascent.frames, strict=True)
    ]
    return GalleryGroup(title, "frames", images)


def _height(ascent: Ascent, step: int) -> str:
    return numeral(ascent.activations[step])


def _mean(values: Tensor) -> str:
    return numeral(values.mean().item(), 2)


def _numbers(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


def _require_picture_channels(weights: Tensor) -> None:
    if weights.ndim != 4 or weights.shape[1] not in (1, COLOURS):
        raise ValueError(
            f"weights (shape {tuple(weights.shape)}) must be (N, 1, K, L) or (N, 3, K, L) to be "
            "seen: show one channel of deeper filters, such as weights[:, :1]"
        )


def _require_maps(maps: Tensor) -> None:
    if maps.ndim != 3:
        raise ValueError(
            f"maps (shape {tuple(maps.shape)}) must be (channels, H, W): "
            "take one image, such as maps[0]"
        )
