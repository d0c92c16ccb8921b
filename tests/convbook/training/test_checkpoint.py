"""Weights in files: they come back exactly, or the error says what does not fit."""

from __future__ import annotations

import json
import os
import resource

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from convbook.data import DiskError
from convbook.training import Checkpoint, fit, load_weights, save_weights
from tests.convbook.training.trial import assert_same_weights, network, synthetic


def test_when_weights_are_saved_then_another_model_gets_them_with_the_metadata(tmp_path):
    one, other = network(seed=1), network(seed=2)
    metadata = {"classes": 3, "note": "a “quoted” word", "share": 0.1}
    save_weights(one, tmp_path / "new" / "weights.safetensors", metadata)
    assert load_weights(other, tmp_path / "new" / "weights.safetensors") == metadata
    assert_same_weights(one, other)


def test_when_the_weights_are_another_librarys_then_they_are_read(tmp_path):
    one, other = network(seed=1), network(seed=2)
    save_file(one.state_dict(), tmp_path / "theirs.safetensors")
    assert load_weights(other, tmp_path / "theirs.safetensors") == {}
    assert_same_weights(one, other)


def test_when_layers_share_weights_then_they_are_saved_all_the_same(tmp_path):
    first = nn.Linear(4, 4)
    save_weights(nn.Sequential(first, first), tmp_path / "tied.safetensors")
    assert load_file(tmp_path / "tied.safetensors").keys() == {
        *("0.weight", "0.bias", "1.weight", "1.bias")
    }


def test_when_the_file_is_a_checkpoint_then_its_weights_are_loaded(tmp_path):
    one, other = network(seed=1), network(seed=2)
    fit(one, synthetic(), 1, device="cpu", callbacks=[Checkpoint(tmp_path)])
    load_weights(other, tmp_path / "checkpoint.safetensors")
    assert_same_weights(one, other)


def test_when_a_checkpoint_is_opened_then_it_is_tensors_by_name_and_json(tmp_path):
    fit(network(), synthetic(), 1, device="cpu", callbacks=[Checkpoint(tmp_path)])
    with safe_open(tmp_path / "checkpoint.safetensors", "pt") as file:
        names, metadata = file.keys(), file.metadata()
    assert {name.split(".")[0] for name in names} == {"model", "optimizer"}
    stored = json.loads(metadata["convbook"])["checkpoint"]
    assert stored["history"]["rows"][0]["epoch"] == 1
    assert stored["settings"]["seed"] == 0


def test_when_a_file_is_written_then_others_may_read_it_as_any_other_file(tmp_path):
    save_weights(network(), tmp_path / "weights.safetensors")
    (tmp_path / "plain").touch()
    modes = {path.stat().st_mode for path in tmp_path.iterdir()}
    assert len(modes) == 1
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            nn.Sequential(nn.Conv2d(1, 8, 3)),
            r"0.weight does not fit: .* has shape \(4, 1, 3, 3\), but Sequential has shape "
            r"\(8, 1, 3, 3\); build the model as it was",
        ),
        (nn.Linear(2, 2), r"weight does not fit: .* has no weight, but Linear has shape \(2, 2\)"),
        (network()[:3], r"5.bias does not fit: .* has shape \(3,\), but Sequential has no 5.bias;"),
    ],
)
def test_when_names_or_shapes_differ_then_the_first_misfit_is_named(tmp_path, model, message):
    path = tmp_path / "weights.safetensors"
    save_weights(network(), path)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with pytest.raises(ValueError, match=message):
        load_weights(model, path)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_when_there_is_no_file_then_the_error_names_the_path(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none.safetensors is missing: give the path of"):
        load_weights(network(), tmp_path / "none.safetensors")


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.99])
def test_when_a_file_is_cut_short_then_it_is_refused(tmp_path, share):
    path = tmp_path / "weights.safetensors"
    save_weights(network(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"is not a whole safetensors file \(.*\): save it again"):
        load_weights(network(), path)


def test_when_plain_weights_are_resumed_from_then_they_are_refused(tmp_path):
    save_weights(network(), tmp_path / "weights.safetensors")
    with pytest.raises(ValueError, match=r"is not a checkpoint: take a file of Checkpoint, or"):
        fit(network(), synthetic(), 1, resume_from=tmp_path / "weights.safetensors")


def test_when_the_disk_is_full_then_the_old_file_stays_and_the_error_says_so(tmp_path):
    path = tmp_path / "weights.safetensors"
    save_weights(network(), path)
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(DiskError, match=r"no room for weights.safetensors: free some, or wr"):
            save_weights(nn.Linear(200, 200), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [path.name]


def _compiled_inside() -> nn.Module:
    model = network(seed=1)
    model[0] = torch.compile(model[0])
    return model


WRAPPED = {
    "compiled": lambda: torch.compile(network(seed=1)),
    "compiled inside": _compiled_inside,
    "in parallel": lambda: nn.DataParallel(network(seed=1)),
    "both": lambda: nn.DataParallel(torch.compile(network(seed=1))),
}


@pytest.mark.filterwarnings("ignore:`torch.jit.script_method`:DeprecationWarning")  # torch's own
@pytest.mark.parametrize("name", WRAPPED)
def test_when_a_model_was_wrapped_then_its_weights_fit_the_plain_one_and_back(tmp_path, name):
    wrapped, plain = WRAPPED[name](), network(seed=2)
    save_weights(wrapped, tmp_path / "wrapped.safetensors")
    load_weights(plain, tmp_path / "wrapped.safetensors")
    assert_same_weights(plain, network(seed=1))
    save_weights(network(seed=3), tmp_path / "plain.safetensors")
    load_weights(wrapped, tmp_path / "plain.safetensors")
    save_weights(wrapped, tmp_path / "again.safetensors")
    load_weights(plain, tmp_path / "again.safetensors")
    assert_same_weights(plain, network(seed=3))


def test_when_a_model_has_a_part_called_module_then_its_names_are_its_own(tmp_path):
    model = nn.Sequential()
    model.add_module("module", nn.Linear(2, 2))
    model.add_module("other", nn.Linear(2, 2))
    save_weights(model, tmp_path / "weights.safetensors")
    assert load_weights(model, tmp_path / "weights.safetensors") == {}
