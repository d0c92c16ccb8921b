"""AlexNet against the papers' tables, in plain functional PyTorch."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 (its usual name)

from convbook.models import AlexNet, describe
from convbook.models.alexnet import VARIANTS


def response_norm(a):
    """Section 3.3 of the paper, map by map: k = 2, n = 5, α = 10⁻⁴, β = 0.75."""
    maps = a.shape[1]
    normal = []
    for i in range(maps):
        near = a[:, max(0, i - 2) : min(maps - 1, i + 2) + 1]
        normal.append(a[:, i] / (2 + 1e-4 * near.square().sum(1)) ** 0.75)
    return torch.stack(normal, 1)


def in_halves(x, weight, bias, padding):
    (low, high), (first, second) = x.chunk(2, 1), weight.chunk(2, 0)
    parts = [F.conv2d(low, first, padding=padding), F.conv2d(high, second, padding=padding)]
    return torch.cat(parts, 1) + bias[:, None, None]


def convolve(x, weight, bias, padding):
    return F.conv2d(x, weight, bias, padding=padding)


def dense(x, weights):
    x = x.flatten(1)
    for weight, bias in weights[:2]:
        x = torch.relu(x @ weight.T + bias)
    return x @ weights[2][0].T + weights[2][1]


def published(x, weights, stem, grouped):
    c1, c2, c3, c4, c5, *last = weights
    split = in_halves if grouped else convolve
    x = F.max_pool2d(response_norm(torch.relu(F.conv2d(x, *c1, **stem))), 3, 2)
    x = F.max_pool2d(response_norm(torch.relu(split(x, *c2, padding=2))), 3, 2)
    x = torch.relu(convolve(x, *c3, padding=1))
    x = torch.relu(split(x, *c4, padding=1))
    x = torch.relu(split(x, *c5, padding=1))
    return dense(F.max_pool2d(x, 3, 2), last)


def single_tower(x, weights, stem):
    c1, c2, c3, c4, c5, *last = weights
    x = F.max_pool2d(torch.relu(F.conv2d(x, *c1, **stem)), 3, 2)
    x = F.max_pool2d(torch.relu(convolve(x, *c2, padding=2)), 3, 2)
    for layer in (c3, c4, c5):
        x = torch.relu(convolve(x, *layer, padding=1))
    return dense(F.max_pool2d(x, 3, 2), last)


def expected(model, x, variant, stem):
    flat = list(model.parameters())
    weights = list(zip(flat[::2], flat[1::2], strict=True))
    if variant == "single tower":
        return single_tower(x, weights, stem)
    return published(x, weights, stem, variant == "two groups")


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("shape", "stem"),
    [
        ((3, 99, 83), {"stride": 4}),
        ((3, 64, 48), {"stride": 2, "padding": 2}),
        ((1, 28, 32), {"stride": 1, "padding": 2}),
    ],
)
def test_when_weights_are_the_same_then_so_are_the_logits(variant, shape, stem):
    torch.manual_seed(1)
    if variant == "single tower":
        stem = {"padding": 2, **stem}
    model = AlexNet(5, shape, variant, hidden=12).double().eval()
    x = 5 * torch.rand(2, *shape, dtype=torch.float64)
    with torch.no_grad():
        torch.testing.assert_close(
            model(x), expected(model, x, variant, stem), rtol=1e-9, atol=1e-12
        )


def test_when_the_image_has_full_size_then_the_published_network_computes_the_papers():
    torch.manual_seed(2)
    model = AlexNet(hidden=64).eval()
    x = torch.rand(1, 3, 227, 227)
    with torch.no_grad():
        wanted = expected(model, x, "two groups", {"stride": 4})
        torch.testing.assert_close(model(x), wanted, rtol=1e-4, atol=1e-5)


def test_when_the_single_tower_takes_224_cells_then_maps_of_6_cells_reach_the_classifier():
    with torch.device("meta"):
        model = AlexNet(variant="single tower", input_shape=(3, 224, 224))
    rows = {row.name: row for row in describe(model, (3, 224, 224)).rows}
    assert rows["features.pool5"].output_shape == (256, 6, 6)


def test_when_training_then_dropout_acts():
    model = AlexNet(5, (1, 20, 20), hidden=64).train()
    x = torch.rand(1, 1, 20, 20)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"variant": "one"}, r"variant \(='one'\) must be one of two groups, ungrouped, single"),
        ({"hidden": 0}, r"hidden \(=0\) must be a whole number of at least 1"),
        ({"input_shape": (3, 14, 60)}, r"\(=\(3, 14, 60\)\) must have at least 15 rows and 15"),
        ({"input_shape": (3, 64)}, r"input_shape \(=\[3, 64\]\) must be three whole numbers"),
    ],
)
def test_when_an_argument_breaks_its_rule_then_the_error_names_value_and_rule(arguments, message):
    with pytest.raises(ValueError, match=message):
        AlexNet(**arguments)
