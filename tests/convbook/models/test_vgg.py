"""VGG against the paper's table 1, and published weights from files."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its usual name)

from convbook.models import VGG, Normalize, describe, load_published

# Table 1 of the paper, columns A, B, D and E, in channels over the first stage's.
TABLE = {
    11: "1 M 2 M 4 4 M 8 8 M 8 8 M",
    13: "1 1 M 2 2 M 4 4 M 8 8 M 8 8 M",
    16: "1 1 M 2 2 M 4 4 4 M 8 8 8 M 8 8 8 M",
    19: "1 1 M 2 2 M 4 4 4 4 M 8 8 8 8 M 8 8 8 8 M",
}
TINY = {"classes": 5, "input_shape": (3, 32, 32), "hidden": 12, "width": 2}


def stages(x, depth, weights, batch_norm=False):
    for word in TABLE[depth].split():
        if word == "M":
            x = F.max_pool2d(x, 2) if min(x.shape[-2:]) > 1 else x
            continue
        x = F.conv2d(x, weights.pop(0), weights.pop(0), padding=1)
        if batch_norm:
            x = F.batch_norm(x, None, None, weights.pop(0), weights.pop(0), training=True)
        x = x.clamp(min=0)
    return x


def expected(x, depth, model, batch_norm=False):
    weights = list(model.parameters())
    x = stages(x, depth, weights, batch_norm).flatten(1)
    for _ in range(2):
        x = (x @ weights.pop(0).T + weights.pop(0)).clamp(min=0)
    return x @ weights.pop(0).T + weights.pop(0)


@pytest.mark.parametrize("depth", TABLE)
@pytest.mark.parametrize("shape", [(3, 64, 64), (1, 28, 40)])
def test_when_weights_are_the_same_then_so_are_the_logits(depth, shape):
    torch.manual_seed(depth)
    model = VGG(depth, classes=5, input_shape=shape, hidden=12, width=3).double().eval()
    x = torch.rand(2, *shape, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(model(x), expected(x, depth, model), rtol=1e-10, atol=1e-12)


def test_when_batches_are_normalised_then_it_follows_each_convolution():
    torch.manual_seed(3)
    model = VGG(11, batch_norm=True, **TINY).double()
    for layer in model.modules():
        if isinstance(layer, nn.Dropout):
            layer.eval()
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.weight, 0.5, 2)
            nn.init.uniform_(layer.bias, -1, 1)
    x = torch.rand(4, 3, 32, 32, dtype=torch.float64)
    with torch.no_grad():
        wanted = expected(x, 11, model, batch_norm=True)
        torch.testing.assert_close(model(x), wanted, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("depth", TABLE)
def test_when_it_is_built_at_full_size_then_names_and_shapes_are_torchvisions(depth):
    with torch.device("meta"):
        state = VGG(depth).state_dict()
    shapes, channels, place = {}, 3, 0
    for word in TABLE[depth].split():
        if word != "M":
            shapes[f"features.{place}.weight"] = (64 * int(word), channels, 3, 3)
            shapes[f"features.{place}.bias"] = (channels := 64 * int(word),)
        place += 1 if word == "M" else 2
    for place, (before, after) in zip((0, 3, 6), pairwise((25088, 4096, 4096, 1000)), strict=True):
        shapes |= {f"classifier.{place}.weight": (after, before)}
        shapes |= {f"classifier.{place}.bias": (after,)}
    assert {name: tuple(w.shape) for name, w in state.items()} == shapes


def test_when_the_image_is_small_then_poolings_go_as_far_as_they_fit():
    for side, cells in ((224, 7), (64, 2), (32, 1), (28, 1), (8, 1), (1, 1)):
        with torch.device("meta"):
            model = VGG(16, input_shape=(3, side, side))
        shapes = [row.output_shape for row in describe(model, (3, side, side)).rows]
        assert shapes[-8] == (512 * cells * cells,)


@pytest.mark.parametrize("kind", ["safetensors", "pth"])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_when_weights_are_loaded_then_images_are_normalised_and_logits_the_same(
    tmp_path, kind, batch_norm
):
    options = {"depth": 11, "batch_norm": batch_norm, **TINY}
    source = VGG(**options).eval()
    path = tmp_path / f"vgg.{kind}"
    (save_file if kind == "safetensors" else torch.save)(source.state_dict(), path)
    loaded = load_published(path, **options)
    x = torch.rand(2, 3, 32, 32)
    means, deviations = torch.tensor([[[[0.485]], [[0.456]], [[0.406]]]]), [0.229, 0.224, 0.225]
    with torch.no_grad():
        wanted = source((x - means) / torch.tensor(deviations).reshape(1, 3, 1, 1))
        torch.testing.assert_close(loaded(x), wanted)
    assert not loaded.training
    assert all(weights.requires_grad for weights in loaded.parameters())


def test_when_the_saved_network_was_wrapped_then_its_names_are_understood(tmp_path):
    options = {"depth": 11, **TINY}
    state = VGG(**options).state_dict()
    save_file({f"module._orig_mod.{n}": w for n, w in state.items()}, tmp_path / "w.safetensors")
    loaded = load_published(tmp_path / "w.safetensors", **options)
    for name, weights in loaded.vgg.state_dict().items():
        assert torch.equal(weights, state[name])


def test_when_a_file_has_half_precision_then_the_network_computes_in_float32(tmp_path):
    options = {"depth": 11, **TINY}
    state = {name: w.half() for name, w in VGG(**options).state_dict().items()}
    save_file(state, tmp_path / "half.safetensors")
    loaded = load_published(tmp_path / "half.safetensors", **options)
    assert loaded(torch.rand(1, 3, 32, 32)).dtype == torch.float32


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("features.3.bias"), r"VGG\(depth=11, .* features.3.bias is miss"),
        (
            lambda state: state.update({"classifier.6.weight": torch.zeros(1000, 12)}),
            r"classifier.6.weight has shape \(1000, 12\), but the network takes \(5, 12\)",
        ),
        (lambda state: state.update(extra=torch.zeros(1)), "extra is not part of the network"),
    ],
)
def test_when_a_state_does_not_fit_then_the_first_misfit_is_named(tmp_path, change, message):
    state = VGG(11, **TINY).state_dict()
    change(state)
    torch.save(state, tmp_path / "vgg.pth")
    with pytest.raises(ValueError, match=message):
        load_published(tmp_path / "vgg.pth", depth=11, **TINY)


class Harmful:
    def __reduce__(self):
        return print, ("code of the file runs",)


@pytest.mark.parametrize("name", ["broken.pth", "broken.safetensors"])
def test_when_a_file_cannot_be_read_then_the_error_says_so(tmp_path, name):
    (tmp_path / name).write_bytes(b"no weights")
    with pytest.raises(ValueError, match=f"{name} cannot be read as weights: "):
        load_published(tmp_path / name)


def test_when_a_file_holds_code_then_it_is_refused_and_not_run(tmp_path, capsys):
    torch.save({"features.0.weight": Harmful()}, tmp_path / "vgg.pth")
    with pytest.raises(ValueError, match="cannot be read as weights"):
        load_published(tmp_path / "vgg.pth")
    assert capsys.readouterr().out == ""


def test_when_a_file_is_missing_or_a_checkpoint_then_the_error_says_what_is_wanted(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none.pth is not there: give the path of"):
        load_published(tmp_path / "none.pth")
    torch.save({"model": VGG(11, **TINY).state_dict(), "epoch": 3}, tmp_path / "run.pth")
    with pytest.raises(ValueError, match=r"run.pth must hold a state dict, tensors by name: save"):
        load_published(tmp_path / "run.pth")


def test_when_depth_is_not_in_the_table_then_the_error_lists_those_that_are():
    with pytest.raises(ValueError, match=r"depth \(=12\) must be one of 11, 13, 16, 19"):
        VGG(12)


def test_when_nothing_is_said_then_normalisation_is_imagenets():
    grey = Normalize()(torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1))
    assert grey.flatten().tolist() == [0, 0, 0]
