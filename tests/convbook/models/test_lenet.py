"""LeNet-5 against the paper's formulas, written out in NumPy with loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.signal import correlate2d

from convbook.models import LeNet5
from convbook.models.lenet_original import TABLE_I, PartlyConnectedConv2d, RadialBasis

# Table I of the paper: a row for each map of S2, a column for each map of C3.
PAPERS_TABLE = """
X . . . X X X . . X X X X . X X
X X . . . X X X . . X X X X . X
X X X . . . X X X . . X . X X X
. X X X . . X X X X . . X . X X
. . X X X . . X X X X . X X . X
. . . X X X . . X X X X . X X X
"""


def connected():
    rows = [line.split() for line in PAPERS_TABLE.split("\n") if line]
    return [[s2 for s2 in range(6) if rows[s2][c3] == "X"] for c3 in range(16)]


def state(model):
    return {name.split(".", 1)[1]: w.detach().numpy() for name, w in model.state_dict().items()}


def maps(x, weight, bias, reads=None):
    """Each map of a convolution as a sum of correlations; ``weight[i][j]`` is for input j."""
    made = []
    for i, kernels in enumerate(weight):
        which = range(len(x)) if reads is None else reads[i]
        pairs = zip(which, kernels, strict=True)
        made.append(sum(correlate2d(x[j], kernel, "valid") for j, kernel in pairs) + bias[i])
    return np.array(made)


def windows(x):
    channels, rows, columns = x.shape
    return x.reshape(channels, rows // 2, 2, columns // 2, 2)


def published(image, w):
    def squash(a):
        return 1.7159 * np.tanh(2 / 3 * a)

    def subsample(x, name):
        sums = windows(x).sum(axis=(2, 4))
        return squash(w[f"{name}.coefficient"] * sums + w[f"{name}.bias"])

    x = squash(maps(image, w["C1.weight"], w["C1.bias"]))
    x = subsample(x, "S2")
    kernels, taken = [], 0
    for reads in connected():
        kernels.append(w["C3.weight"][taken : taken + len(reads)])
        taken += len(reads)
    x = subsample(squash(maps(x, kernels, w["C3.bias"], connected())), "S4").ravel()
    x = squash(w["C5.weight"] @ x + w["C5.bias"])
    x = squash(w["F6.weight"] @ x + w["F6.bias"])
    return [-((x - code) ** 2).sum() for code in w["output.codes"]]


def todays(image, w):
    x = np.tanh(maps(image, w["C1.weight"], w["C1.bias"]))
    x = windows(x).mean(axis=(2, 4))
    x = np.tanh(maps(x, w["C3.weight"], w["C3.bias"]))
    x = windows(x).mean(axis=(2, 4)).ravel()
    x = np.tanh(w["C5.weight"] @ x + w["C5.bias"])
    x = np.tanh(w["F6.weight"] @ x + w["F6.bias"])
    return w["output.weight"] @ x + w["output.bias"]


@pytest.mark.parametrize(("original", "oracle"), [(False, todays), (True, published)])
@pytest.mark.parametrize("side", [32, 28])
def test_when_weights_are_the_same_then_so_are_the_logits(original, oracle, side):
    torch.manual_seed(side)
    model = LeNet5(7, (1, side, side), original).double()
    for weights in model.parameters():
        torch.nn.init.uniform_(weights, -0.4, 0.4)
    images = torch.rand(2, 1, side, side, dtype=torch.float64)
    padded = np.pad(images.numpy(), [(0, 0), (0, 0), *[((32 - side) // 2,) * 2] * 2])
    expected = [oracle(image, state(model)) for image in padded]
    np.testing.assert_allclose(model(images).detach().numpy(), expected, rtol=1e-10)


def test_when_the_table_is_read_then_it_is_the_papers():
    assert [list(reads) for reads in TABLE_I] == connected()
    assert sum(map(len, TABLE_I)) == 60


def test_when_connections_are_complete_then_it_is_an_ordinary_convolution():
    layer = PartlyConnectedConv2d([range(3)] * 4, kernel_size=2)
    full = torch.nn.Conv2d(3, 4, 2)
    full.load_state_dict({"weight": layer.weight.reshape(4, 3, 2, 2), "bias": layer.bias})
    x = torch.rand(2, 3, 5, 6)
    torch.testing.assert_close(layer(x), full(x))


def test_when_partial_weights_are_drawn_then_their_bound_is_that_of_a_convolution():
    layer = PartlyConnectedConv2d([range(50), range(2)], kernel_size=10)
    few, many = layer.weight[50:].abs().max(), layer.weight[:50].abs().max()
    assert 0.9 / 200**0.5 < few <= 1 / 200**0.5
    assert 0.9 / 5000**0.5 < many <= 1 / 5000**0.5


def test_when_codes_are_drawn_then_they_are_signs_saved_and_never_trained():
    layer = RadialBasis(84, 10)
    assert list(layer.parameters()) == []
    assert set(layer.state_dict()["codes"].unique().tolist()) == {-1, 1}
    assert len({tuple(code) for code in layer.codes.tolist()}) == 10
    torch.testing.assert_close(RadialBasis(84, 10).codes, layer.codes)


def test_when_the_image_is_too_small_then_the_error_names_value_rule_and_fix():
    with pytest.raises(ValueError, match=r"\(=\(1, 8, 8\)\) must have at least 16 rows and 16 col"):
        LeNet5(input_shape=(1, 8, 8))
