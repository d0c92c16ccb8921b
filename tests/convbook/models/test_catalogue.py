"""Networks by name: what is built, what is refused, and that each can learn."""

from __future__ import annotations

import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its usual name)

from convbook.arithmetic.architectures import ARCHITECTURES
from convbook.arithmetic.networks import TITLES
from convbook.models import MODELS, SmallCNN, build, options_of
from convbook.models.sizes import features_after, smallest_side

NARROW = {"hidden": 16, "width": 4, "blocks": 1}


def test_when_a_network_has_a_name_then_it_has_one_title_and_is_built_or_counted():
    assert {*MODELS, *ARCHITECTURES} == set(TITLES)
    assert len(set(TITLES.values())) == len(TITLES)


def narrow(name, classes, input_shape):
    options = {one: NARROW[one] for one in options_of(name) if one in NARROW}
    return build(name, classes, input_shape, **options)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("input_shape", [(1, 28, 28), (3, 32, 36)])
def test_when_built_by_name_then_it_maps_images_to_finite_logits(name, input_shape):
    model = narrow(name, 7, input_shape).eval()
    with torch.no_grad():
        logits = model(torch.rand(2, *input_shape))
    assert logits.shape == (2, 7)
    assert logits.dtype == torch.float32
    assert logits.isfinite().all()
    assert not torch.allclose(logits.exp().sum(1), torch.ones(2))


@pytest.mark.parametrize("name", MODELS)
def test_when_the_loss_is_followed_back_then_a_gradient_reaches_every_parameter(name):
    torch.manual_seed(8)
    # Evaluation mode: while it trains, batch normalisation takes a bias before it out again.
    model = narrow(name, 7, (3, 32, 32)).eval()
    F.cross_entropy(model(torch.rand(4, 3, 32, 32)), torch.arange(4)).backward()
    without = [part for part, w in model.named_parameters() if not w.grad.abs().sum() > 0]
    assert without == []


@pytest.mark.parametrize("name", MODELS)
def test_when_made_on_the_meta_device_then_no_tensor_is_elsewhere(name):
    with torch.device("meta"):
        model = narrow(name, 7, (3, 32, 32))
    assert {one.device.type for one in model.state_dict().values()} == {"meta"}


@pytest.mark.parametrize(
    ("name", "options"), [("alexnet", {"hidden": 8}), ("vgg-19", {"hidden": 8, "width": 16})]
)
def test_when_a_deep_network_begins_then_the_signal_keeps_its_strength(name, options):
    torch.manual_seed(4)
    model = build(name, 5, (3, 64, 64), **options)
    with torch.no_grad():
        features = model.features(torch.rand(4, 3, 64, 64))
    assert 0.1 < features.std() < 10


@pytest.mark.parametrize("name", ["lenet-5", "lenet-5-original"])
def test_when_trained_on_digits_then_it_learns_them(name):
    torch.manual_seed(9)
    digits = load_digits()
    images = torch.tensor(digits.images[:256] / 16, dtype=torch.float32)[:, None]
    images, labels = F.interpolate(images, 28), torch.tensor(digits.target[:256])
    model = build(name, 10, (1, 28, 28))
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for step in range(24):
        part = slice(step % 4 * 64, step % 4 * 64 + 64)
        optimizer.zero_grad()
        F.cross_entropy(model(images[part]), labels[part]).backward()
        optimizer.step()
    hits = model(images).argmax(1) == labels
    assert hits.float().mean() > 0.8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "vgg"}, r"name \(='vgg'\) must be one of small-cnn, mlp, patch-cnn, .*, vgg-16"),
        ({"name": "mlp", "depth": 3}, "depth is not an option of mlp: it takes hidden"),
        ({"hidden": 3}, "hidden is not an option of small-cnn: it takes no options"),
        ({"name": "vgg-16", "depth": 11}, "depth is not an option of vgg-16: it takes hidden, wid"),
        ({"classes": 0}, r"classes \(=0\) must be a whole number of at least 1"),
        ({"classes": 2.5}, r"classes \(=2.5\) must be a whole number"),
        ({"input_shape": (28, 28)}, r"input_shape \(=\[28, 28\]\) must be three whole numbers"),
        ({"input_shape": (0, 28, 28)}, r"input_shape \(=\[0, 28, 28\]\) must be three whole"),
        ({"input_shape": (1, 28, 17)}, r"\(=\(1, 28, 17\)\) must have at least 18 rows and 18 co"),
    ],
)
def test_when_it_cannot_be_built_then_the_error_names_value_rule_and_fix(arguments, message):
    given = {"name": "small-cnn", "classes": 10, "input_shape": (1, 28, 28), **arguments}
    with pytest.raises(ValueError, match=message):
        build(**given)


@pytest.mark.parametrize("name", ["mlp", "small-resnet", "vgg-11"])
def test_when_an_option_is_below_one_then_every_network_refuses_it(name):
    for option in options_of(name):
        with pytest.raises(ValueError, match=r"\(=0\) must be a whole number of at least 1"):
            build(name, 10, (1, 28, 28), **{option: 0})


def test_when_the_image_is_as_small_as_it_may_be_then_the_small_network_computes():
    assert SmallCNN(3, (2, 18, 25))(torch.rand(1, 2, 18, 25)).shape == (1, 3)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
def test_when_sizes_are_computed_then_pytorch_makes_as_many(stride, padding):
    layers = nn.Sequential(nn.Conv2d(2, 3, 4, stride, padding), nn.ReLU(), nn.MaxPool2d(2))
    least = smallest_side(layers)
    for side in (least, least + 1, 20):
        made = layers(torch.zeros(1, 2, side, 20))
        assert features_after(layers, (2, side, 20)) == made.numel()
    with pytest.raises(RuntimeError, match=r"too small|greater than actual input size"):
        layers(torch.zeros(1, 2, least - 1, 20))
