"""Callbacks: each does what Keras' of that name does, on a history that the test dictates."""

from __future__ import annotations

import math
import os
import select
import shutil
import sys
import termios

import pytest
import torch

from convbook.training import (
    Callback,
    Checkpoint,
    CSVLog,
    EarlyStopping,
    Progress,
    TerminateOnNaN,
    fit,
    load_weights,
)
from convbook.training.history import Epoch
from convbook.training.patience import Patience
from tests.convbook.training.trial import assert_same_weights, network, synthetic


class Dictate(Callback):
    """Puts a validation loss of the test's choice into each row, and notes the weights."""

    def __init__(self, *losses):
        self.losses, self.weights = losses, []

    def on_epoch_end(self, run):
        old = run.history.rows.pop()
        loss = self.losses[old.epoch - 1]
        row = Epoch(old.epoch, old.train_loss, 0.5, loss, 1 - loss, old.learning_rate, 1.0)
        run.history.rows.append(row)
        self.weights.append({k: v.clone() for k, v in run.model.state_dict().items()})


def trained(losses, *callbacks, model=None):
    model, dictate = model or network(), Dictate(*losses)
    settings = {"device": "cpu", "callbacks": [dictate, *callbacks]}
    return model, fit(model, synthetic(), len(losses), **settings), dictate


def equal(model, weights):
    return all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())


def test_when_the_loss_stops_falling_then_training_stops_with_the_best_weights():
    model, history, dictate = trained([0.9, 0.5, 0.6, 0.5, 0.1], EarlyStopping(patience=2))
    assert len(history) == 4
    assert history.stopped == "validation_loss has not improved on 0.5 for 2 epochs"
    assert equal(model, dictate.weights[1])


def test_when_best_weights_are_not_wanted_then_the_last_stay():
    stopping = EarlyStopping(patience=2, restore_best=False)
    model, _, dictate = trained([0.9, 0.5, 0.6, 0.5, 0.1], stopping)
    assert equal(model, dictate.weights[-1])


def test_when_training_runs_to_its_end_then_the_best_weights_are_put_back_too():
    model, history, dictate = trained([0.5, 0.4, 0.6], EarlyStopping(patience=2))
    assert (len(history), history.stopped) == (3, "")
    assert equal(model, dictate.weights[1])


def test_when_a_callback_serves_a_second_run_then_it_begins_anew():
    stopping = EarlyStopping(patience=2)
    trained([0.1, 0.2, 0.3], stopping)
    _, history, _ = trained([0.9, 0.8, 0.7], stopping)
    assert (len(history), history.stopped) == (3, "")


@pytest.mark.parametrize(
    ("monitor", "values", "min_delta", "waits"),
    [
        ("validation_loss", [0.5, 0.4, 0.4, 0.45], 0, [0, 0, 1, 2]),
        ("validation_loss", [0.5, 0.45, 0.39, 0.3], 0.1, [0, 1, 0, 1]),
        ("validation_accuracy", [0.5, 0.6, 0.6, 0.55], 0, [0, 0, 1, 2]),
        ("validation_accuracy", [0.5, 0.55, 0.7, 0.1], 0.1, [0, 1, 0, 1]),
        ("validation_loss", [math.nan, 0.5, math.nan, 0.4], 0, [1, 0, 1, 0]),
        ("validation_loss", [math.inf, 0.5], 0, [0, 0]),
    ],
)
def test_when_numbers_come_then_patience_counts_those_that_are_no_better(
    monitor, values, min_delta, waits
):
    patience, counted = Patience(monitor, 9, min_delta), []
    for epoch, value in enumerate(values, 1):
        patience.improved(Epoch(epoch, 1.0, 0.5, value, value, 0.001, 1.0))
        counted.append(patience.waited)
    assert counted == waits


def test_when_the_best_is_kept_then_its_file_has_the_best_weights(tmp_path):
    losses = [0.5, 0.2, 0.4, math.nan]
    _, _, dictate = trained(losses, Checkpoint(tmp_path, keep="best"), Checkpoint(tmp_path))
    for name, epoch in (("best", 2), ("checkpoint", 3)):
        model = network(seed=7)
        load_weights(model, tmp_path / f"{name}.safetensors")
        assert equal(model, dictate.weights[epoch - 1])


def test_when_a_checkpoint_comes_first_then_it_still_sees_what_the_others_did(tmp_path):
    stopping = EarlyStopping(patience=5)
    settings = {"device": "cpu", "callbacks": [Checkpoint(tmp_path), stopping]}
    fit(network(), synthetic(), 2, **settings)
    fresh = EarlyStopping(patience=5)
    path = tmp_path / "checkpoint.safetensors"
    fit(network(), synthetic(), 2, device="cpu", callbacks=[fresh], resume_from=path)
    assert fresh.patience == stopping.patience


def test_when_a_fresh_run_would_replace_a_checkpoint_then_it_must_be_told(tmp_path):
    trained([0.5], Checkpoint(tmp_path))
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    with pytest.raises(FileExistsError, match=r"is of an earlier run, .* or say overwrite=True"):
        trained([0.5, 0.4], Checkpoint(tmp_path))
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before
    trained([0.5, 0.4], Checkpoint(tmp_path, overwrite=True))
    assert (tmp_path / "checkpoint.safetensors").read_bytes() != before


def test_when_the_loss_is_not_a_number_then_training_stops_and_the_weights_before_are_kept(
    tmp_path,
):
    class Poison(Callback):
        def on_epoch_begin(self, run):
            if run.epoch == 3:
                with torch.no_grad():
                    run.model[0].weight.fill_(math.nan)

    before, poisoned = network(), network()
    fit(before, synthetic(), 2, device="cpu")
    callbacks = [Poison(), TerminateOnNaN(), Checkpoint(tmp_path)]
    history = fit(poisoned, synthetic(), 5, device="cpu", callbacks=callbacks)
    assert len(history) == 3
    assert history.stopped.startswith(
        "the loss of epoch 3 is nan: lower the learning rate (=0.001), or look for images"
    )
    load_weights(poisoned, tmp_path / "checkpoint.safetensors")
    assert_same_weights(poisoned, before)


def test_when_a_log_is_written_then_it_has_every_epoch_even_if_training_fails(tmp_path):
    class Fail(Callback):
        def on_epoch_begin(self, run):
            if run.epoch == 3:
                raise RuntimeError("power cut")

    settings = {"device": "cpu", "callbacks": [CSVLog(tmp_path / "log.csv"), Fail()]}
    with pytest.raises(RuntimeError, match="power cut"):
        fit(network(), synthetic(), 5, **settings)
    lines = (tmp_path / "log.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "1", "2"]


def test_when_the_output_is_a_file_then_progress_is_silent(capfd):
    trained([0.5, 0.4], Progress())
    assert capfd.readouterr() == ("", "")


def test_when_the_output_is_a_terminal_then_progress_shows_epochs_and_accuracy(monkeypatch):
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        termios.tcsetwinsize(theirs, (40, 100))
        monkeypatch.setattr(sys, "stderr", terminal)
        trained([0.5, 0.25], Progress())
        terminal.flush()
        shown, wanted = "", ("epoch 2/2: 100%", "validation")  # a terminal passes on in pieces
        while not all(text in shown for text in wanted) and select.select([ours], [], [], 5)[0]:
            shown += os.read(ours, 100_000).decode(errors="replace")
    os.close(ours)
    assert all(text in shown for text in wanted)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Checkpoint("x", keep="all"), r"keep \(='all'\) must be one of last, best"),
        (lambda: Checkpoint("x", monitor="loss"), r"monitor \(='loss'\) must be one of train_loss"),
        (lambda: EarlyStopping(0), r"patience \(=0\) must be at least 1 epoch"),
        (lambda: EarlyStopping(min_delta=-1), r"min_delta \(=-1\) must be 0 or more"),
        (lambda: EarlyStopping(monitor="val_loss"), r"monitor \(='val_loss'\) must be one of"),
    ],
)
def test_when_an_argument_is_wrong_then_the_error_says_the_rule(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def _trained(folder, seed, epochs=2, resume_from=None, keep="last"):
    callbacks = [Checkpoint(folder), Checkpoint(folder, keep="best")]
    settings = {"device": "cpu", "seed": 4, "callbacks": callbacks, "resume_from": resume_from}
    return fit(network(seed), synthetic(), epochs, batch_size=16, **settings)


@pytest.mark.parametrize("name", ["checkpoint.safetensors", "best.safetensors"])
def test_when_a_resumed_run_would_replace_the_file_of_another_then_it_is_refused(tmp_path, name):
    one, other = tmp_path / "one", tmp_path / "other"
    _trained(one, seed=1)
    _trained(other, seed=2)
    for kept in other.iterdir():
        if kept.name != name:
            kept.unlink()
    before = (other / name).read_bytes()
    with pytest.raises(FileExistsError, match=rf"{name} is of another run than .*checkpoint"):
        _trained(other, seed=1, epochs=3, resume_from=one / "checkpoint.safetensors")
    assert (other / name).read_bytes() == before


def test_when_a_resumed_run_goes_on_in_its_own_folder_or_a_copy_then_it_may(tmp_path):
    _trained(tmp_path / "one", seed=1)
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    for folder in ("one", "copy", "new"):
        resume_from = tmp_path / "one" / "checkpoint.safetensors"
        assert len(_trained(tmp_path / folder, 1, epochs=3, resume_from=resume_from)) == 3
