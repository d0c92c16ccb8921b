"""Networks of every kind: their work as PyTorch counts it, their fields as gradients find them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its usual name)
from torch.nn.utils import parametrizations, prune
from torch.utils.flop_counter import FlopCounterMode

from convbook.explain import measured_receptive_field
from convbook.models import describe
from convbook.models.trace import trace

SIDE = 48


def _counted(model: nn.Module, shape: tuple[int, ...]) -> int:
    """Multiply-accumulates by PyTorch's counter, on real numbers."""
    with FlopCounterMode(display=False) as counter:  # with gradients: no way around the counter
        model.eval()(torch.rand(1, *shape))
    return counter.get_total_flops() // 2


class Along(nn.Module):
    """A function as a module."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Branches(nn.Module):
    """Several ways that are added or joined, and cut to the size of the smallest."""

    def __init__(self, ways, joined=False):
        super().__init__()
        self.ways = nn.ModuleList(ways)
        self.joined = joined

    def forward(self, x):
        made = [way(x) for way in self.ways]
        rows, columns = (min(one.shape[side] for one in made) for side in (2, 3))
        self.cuts = any(one.shape[2:] != (rows, columns) for one in made)
        made = [one[:, :, :rows, :columns] for one in made]
        if not self.joined:
            return sum(made)
        return torch.cat(made, 1).view(len(x), len(made), *made[0].shape[1:]).sum(1)


def _cropped(x):
    return x[:, :, 1:, 2:]


def _shift(channels):
    return nn.Sequential(nn.ZeroPad2d((2, 0, 0, 1)), nn.Conv2d(channels, channels, (2, 3)))


def _squeezed(channels):
    gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, channels, 1), nn.Sigmoid())

    class Gate(nn.Module):
        def __init__(self):
            super().__init__()
            self.gate = gate

        def forward(self, x):
            return x * self.gate(x)

    return Gate()


def _channels_last(channels):
    dense = nn.Linear(channels, channels)

    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm, self.dense = nn.LayerNorm(channels), dense

        def forward(self, x):
            return self.dense(self.norm(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)

    return Last()


def _shuffled_channels(x):
    return x.view(x.shape[0], 2, 2, *x.shape[2:]).transpose(1, 2).flatten(1, 2)


C = 4
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
conv = st.builds(
    lambda k, s, p, d, g: nn.Conv2d(C, C, k, s, p, d, groups=g),
    pairs, pairs, st.tuples(*[st.integers(0, 2)] * 2), pairs, st.sampled_from([1, 2, 4]),
)  # fmt: skip
up = st.builds(
    lambda k, s, p: nn.ConvTranspose2d(C, C, k, s, min(p, k - 1)),
    st.integers(1, 4), st.integers(1, 3), st.integers(0, 1),
)  # fmt: skip
pool = st.builds(
    lambda kind, k, s, p: kind(k, s, min(p, k // 2)),
    st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]), st.integers(1, 3), st.integers(1, 2),
    st.integers(0, 1),
)  # fmt: skip
other = st.sampled_from(
    [
        lambda: nn.Upsample(scale_factor=2),
        lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
        lambda: nn.Sequential(nn.Conv2d(C, 4 * C, 1), nn.PixelShuffle(2)),
        lambda: nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * C, C, 1)),
        lambda: nn.ZeroPad2d((1, 0, 2, 0)),
        lambda: Along(_cropped),
        lambda: Along(lambda x: x[..., ::2, :]),
        lambda: Along(lambda x: F.max_pool2d(x, 3, 2, 1, return_indices=True)[0]),
        lambda: Along(lambda x: x.chunk(2, 1)[0].repeat_interleave(1, 1).sum(1, keepdim=True) + x),
        lambda: Along(lambda x: F.softmax(x, dim=1)),
        lambda: Along(
            lambda x: x.view(x.shape[0], 2, 2, *x.shape[2:]).transpose(1, 2).flatten(1, 2)
        ),
        lambda: _channels_last(C),
        lambda: nn.BatchNorm2d(C),
        lambda: nn.ReLU6(),
        lambda: _squeezed(C),
        lambda: nn.GroupNorm(2, C),
        lambda: Along(lambda x: x.cumsum(-1)),
        lambda: Along(lambda x: x.flip(2)),
    ]
).map(lambda make: make())
layer = conv | up | pool | other
way = conv | st.builds(_shift, st.just(C)) | st.builds(nn.Identity)
branches = st.builds(Branches, st.lists(way, min_size=2, max_size=3), st.booleans())
parts = st.lists(layer | branches, min_size=1, max_size=4)
networks = parts.map(lambda modules: nn.Sequential(*modules, nn.LeakyReLU()))


def _usable(model: nn.Module) -> bool:
    try:
        with torch.no_grad():
            made = model.eval()(torch.rand(1, C, SIDE, SIDE))
    except RuntimeError:
        return False
    return made.ndim == 4 and min(made.shape[2:]) >= 3 and made.numel() < 10**6


@settings(deadline=None, max_examples=100)
@given(networks.filter(_usable))
def test_when_a_network_is_drawn_then_its_work_is_what_pytorch_counts(model):
    rows = describe(model, (C, SIDE, SIDE)).rows
    if all(row.macs is not None for row in rows):
        assert sum(row.macs for row in rows) == _counted(model, (C, SIDE, SIDE))


def _is_cut(model: nn.Module) -> bool:
    """Return whether some of the image is cut away: what comes later sees a border in the midst."""
    return any(
        getattr(module, "cuts", False) or getattr(module, "function", None) is _cropped
        for module in model.modules()
    )


@settings(deadline=None, max_examples=150)
@given(networks.filter(_usable), st.data())
def test_when_a_network_is_drawn_then_its_field_is_what_gradients_find_or_everything(model, data):
    calls, output = trace(model, (C, SIDE, SIDE))
    reach = calls[-1].reach
    if reach is None:
        return
    position = tuple(data.draw(st.integers(0, side - 1)) for side in output.shape[-2:])
    measured = measured_receptive_field(model, (C, SIDE, SIDE), position=position)
    spans = [axis.span(p) for axis, p in zip((reach.rows, reach.columns), position, strict=True)]
    top, left, rows, columns = measured.box
    found = [(top, top + rows - 1), (left, left + columns - 1)]
    if all(span and span[0] >= 0 and span[1] < SIDE for span in spans) and not _is_cut(model):
        assert found == spans
    elif rows and columns:  # a branch that sees nothing but padding adds nothing to the other axis
        for (first, last), span in zip(found, spans, strict=True):
            assert span is not None
            assert span[0] <= first
            assert last <= span[1]


# A network for 4 channels, and the field of its last layer, counted by hand.
FIELDS = {
    "transposed convolution": (
        lambda: nn.Sequential(nn.Conv2d(C, C, 3), nn.ConvTranspose2d(C, C, 4, 2)),
        4,
    ),
    "pixel shuffle": (
        lambda: nn.Sequential(nn.Conv2d(C, C, 3), nn.PixelShuffle(2), nn.Conv2d(1, 1, 3)),
        4,
    ),
    "pixel unshuffle": (lambda: nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(4 * C, 1, 5)), 10),
    "pooling with indices": (lambda: nn.MaxPool2d(3, return_indices=True), 3),
    "a cut": (lambda: nn.Sequential(Along(_cropped), nn.Conv2d(C, C, 5)), 5),
    "branches that are cut": (
        lambda: nn.Sequential(
            Branches([nn.Conv2d(C, C, 3), nn.Conv2d(C, C, 5)]), nn.Conv2d(C, C, 3)
        ),
        7,
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_when_a_layer_moves_the_grid_then_its_field_is_the_one_counted_by_hand(name):
    model, size = FIELDS[name]
    rows = describe(model(), (C, 20, 20)).rows
    assert rows[-1].receptive_field == (size, size)


def test_when_branches_are_padded_on_opposite_sides_then_the_field_spans_both():
    left = nn.Sequential(nn.ZeroPad2d((2, 0, 0, 0)), nn.Conv2d(C, C, (1, 3)))
    right = nn.Sequential(nn.ZeroPad2d((0, 2, 0, 0)), nn.Conv2d(C, C, (1, 3)))
    model = nn.Sequential(Branches([left, right]), nn.Identity(), nn.ReLU())
    assert describe(model, (C, 20, 20)).rows[-1].receptive_field == (1, 5)


GLOBAL = {
    "squeeze and excitation": lambda: _squeezed(C),
    "running sum": lambda: Along(lambda x: x.cumsum(2)),
    "attention": lambda: Along(lambda x: F.scaled_dot_product_attention(x, x, x)),
    "norm of a group": lambda: nn.GroupNorm(1, C),
    "norm of a batch": lambda: nn.BatchNorm2d(C, track_running_stats=False),
    "mean of rows": lambda: Along(lambda x: x - x.mean((2, 3), keepdim=True)),
    "softmax of columns": lambda: nn.Softmax(dim=-1),
    "written into": lambda: Along(_written),
    "rolled": lambda: Along(lambda x: x.roll(3, 2)),
    "products of places": lambda: Along(lambda x: x @ x.transpose(2, 3)),
}


def _written(x):
    made = torch.zeros_like(x)
    made[:, :, 1:] = x[:, :, :-1]
    return made


@pytest.mark.parametrize("name", GLOBAL)
def test_when_places_mix_or_nothing_is_known_then_everything_is_seen(name):
    model = nn.Sequential(nn.Conv2d(C, C, 3), GLOBAL[name](), nn.ReLU())
    rows = describe(model, (C, 12, 12)).rows
    assert rows[0].receptive_field == (3, 3)
    assert rows[-1].receptive_field is None


class Attention(nn.Module):
    """Products of matrices between layers, and its own attention layer."""

    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(8, 8), nn.Linear(8, 8)
        self.heads = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        x = x.flatten(2).transpose(1, 2)
        mixed = torch.bmm(torch.bmm(self.query(x), self.key(x).transpose(1, 2)).softmax(-1), x)
        return torch.einsum("nij,nkj->nik", mixed, x) @ self.heads(x, x, x)[0]


class Weighted(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(8, 5))

    def forward(self, x):
        return x.permute(0, 2, 3, 1) @ self.weight


WORKING = {
    "transposed": lambda: nn.ConvTranspose2d(8, 3, 4, 2, groups=1),
    "a product": Weighted,
    "attention": Attention,
    "separable": lambda: nn.Sequential(nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(8, 4, 1)),
    "bilinear": lambda: Along(lambda x: torch.addmm(torch.ones(6, 6), x[0, 0], x[0, 1])),
    "1-d and 3-d": lambda: nn.Sequential(
        nn.Conv3d(1, 2, 3, padding=1), nn.Flatten(2), nn.Conv1d(2, 3, 5)
    ),
}


@pytest.mark.parametrize("name", WORKING)
def test_when_work_is_done_in_any_way_then_none_of_it_is_missing(name):
    model = WORKING[name]()
    shape = (1, 6, 6) if name == "1-d and 3-d" else (8, 6, 6)
    if name == "1-d and 3-d":
        model = nn.Sequential(Along(lambda x: x[:, :, None]), model)
    described = describe(model, shape)
    assert described.macs == _counted(model, shape) > 0


def test_when_work_has_no_formula_then_the_row_says_so():
    model = nn.Sequential(nn.Conv2d(3, 2, 1), Along(lambda x: torch.fft.fft2(x).real))
    described = describe(model, (3, 8, 8))
    assert [row.macs for row in described.rows] == [384, None]
    assert "not counted" in str(described)
    assert "not counted" in described._repr_html_()


class Several(nn.Module):
    """Gives what ``pack`` makes of its maps, and keeps the last of them."""

    def __init__(self, pack):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.pack = pack

    def forward(self, x):
        self.last = self.conv(x)
        self.history = [self.last]
        return self.pack(self.last, x)


@pytest.mark.parametrize(
    "pack",
    [
        lambda made, x: (made, x),
        lambda made, x: {"out": made, "aux": [x]},
        lambda made, x: [made, None],
        lambda made, x: {"logits": made, "loss": 0.5},
    ],
)
def test_when_a_network_gives_several_things_then_the_first_tensor_is_described(pack):
    model = Several(pack)
    model(torch.rand(1, 3, 9, 9))  # it now keeps a map that no copy can be made of
    described = describe(model, (3, 9, 9))
    assert described.output_shape == (4, 7, 7)
    assert described.rows[0].receptive_field == (3, 3)
    assert described.macs == 4 * 27 * 49


def test_when_a_network_gives_no_tensor_then_the_error_says_what_it_must():
    with pytest.raises(ValueError, match=r"model \(=Several\) must return a tensor, or several"):
        describe(Several(lambda made, x: "maps"), (3, 9, 9))


REWRITTEN = {
    "pruned": lambda conv: prune.l1_unstructured(conv, "weight", 0.5),
    "pruned by channel": lambda conv: prune.ln_structured(conv, "weight", 0.5, 2, 0),
    "pruned for good": lambda conv: prune.remove(prune.identity(conv, "weight"), "weight"),
    "weight norm": parametrizations.weight_norm,
    "spectral norm": parametrizations.spectral_norm,
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_when_weights_are_made_from_others_then_the_table_is_that_of_the_layer(name):
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 3))
    plain = describe(model, (3, 9, 9))
    REWRITTEN[name](model[0])
    model(torch.rand(1, 3, 9, 9))
    rows = describe(model, (3, 9, 9)).rows
    assert [row.receptive_field for row in rows][-1] == plain.rows[-1].receptive_field
    assert [row.macs for row in rows if row.kind.endswith("Conv2d")] == [
        row.macs for row in plain.rows if row.kind == "Conv2d"
    ]
    assert all(row.macs is not None for row in rows)
