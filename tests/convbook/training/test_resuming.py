"""A run that is broken off and goes on ends with the weights of one that was not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from convbook.training import (
    Callback,
    Checkpoint,
    EarlyStopping,
    Flip,
    LearningRateSchedule,
    fit,
    load_weights,
)
from tests.convbook.training.trial import (
    Break,
    assert_same_weights,
    network,
    rows,
    run,
    synthetic,
)

ROOT = Path(__file__).parents[3]
TRIAL = [sys.executable, str(Path(__file__).with_name("trial.py"))]
WRITER = """
import sys, torch
from torch import nn
from convbook.training import save_weights
model = nn.Linear(1500, 1500)
for number in range(10**6):
    for weights in model.parameters():
        nn.init.constant_(weights, number)
    save_weights(model, sys.argv[1], {"number": number})
    if number == 3:
        print("going", flush=True)
"""


@pytest.mark.parametrize(("kind", "optimizer"), [("SIGINT", "adam"), ("SIGKILL", "momentum")])
def test_when_a_signal_breaks_training_off_then_it_goes_on_bit_for_bit(tmp_path, kind, optimizer):
    whole, history = run(tmp_path / "whole", optimizer)
    command = [*TRIAL, str(tmp_path / "broken"), optimizer, kind]
    threads = str(torch.get_num_threads())  # another number rounds otherwise
    here = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": threads}
    broken = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
    interrupted = broken.stderr.endswith("KeyboardInterrupt\n")
    assert (broken.returncode == -signal.SIGKILL, interrupted) == (
        kind == "SIGKILL",
        kind == "SIGINT",
    )
    kept = (tmp_path / "broken" / "history.csv").read_text().splitlines()
    assert len(kept) == {"SIGINT": 3, "SIGKILL": 4}[kind]
    resumed, again = run(tmp_path / "broken", optimizer, resume=True)
    assert len(history) == 5
    assert rows(again) == rows(history)
    assert_same_weights(whole, resumed)
    for name in ("checkpoint", "best"):
        files = [tmp_path / folder / f"{name}.safetensors" for folder in ("whole", "broken")]
        ours, theirs = map(load_file, files)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    kept = (tmp_path / "broken" / "history.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in kept] == ["epoch", *"12345"]


def test_when_the_process_is_killed_while_it_writes_then_the_file_is_whole(tmp_path):
    path = tmp_path / "weights.safetensors"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stdout.readline() == "going\n"
        writer.send_signal(signal.SIGKILL)
    model = nn.Linear(1500, 1500)
    number = load_weights(model, path)["number"]
    assert number >= 3
    assert all((weights == number).all() for weights in model.parameters())


def test_when_an_interrupt_comes_then_the_model_is_left_tidy(tmp_path):
    class Interrupt(Callback):
        def on_batch_end(self, run):
            raise KeyboardInterrupt

    model, state = network(), torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        fit(model, synthetic(), 2, device="cpu", callbacks=[Interrupt()])
    assert not model.training
    assert torch.equal(torch.get_rng_state(), state)


def test_when_the_run_is_finished_then_resuming_trains_no_more(tmp_path):
    whole, history = run(tmp_path, "adam")
    again, same = run(tmp_path, "adam", (Break("SIGKILL"),), resume=True)
    assert same == history
    assert_same_weights(whole, again)


def test_when_there_are_more_epochs_then_a_finished_run_goes_on(tmp_path):
    def trained(epochs, folder, resume_from=None):
        model, callbacks = network(), [Checkpoint(folder)]
        settings = {"device": "cpu", "callbacks": callbacks, "resume_from": resume_from}
        return model, fit(model, synthetic(), epochs, **settings)

    trained(2, tmp_path)
    resumed, history = trained(4, tmp_path, tmp_path / "checkpoint.safetensors")
    whole, expected = trained(4, tmp_path / "other")
    assert rows(history) == rows(expected)
    assert_same_weights(whole, resumed)


def test_when_patience_was_over_then_a_resumed_run_stops_unless_it_is_raised(tmp_path):
    def trained(patience, resume_from=None):
        stopping = EarlyStopping(patience, min_delta=10)
        settings = {"device": "cpu", "callbacks": [Checkpoint(tmp_path), stopping]}
        return fit(network(), synthetic(), 6, resume_from=resume_from, **settings)

    path = tmp_path / "checkpoint.safetensors"
    assert len(trained(2)) == 3
    again = trained(2, path)
    assert len(again) == 3
    assert again.stopped.endswith("for 2 epochs")
    assert len(trained(4, path)) == 5


def test_when_precision_is_float16_then_the_scale_of_gradients_is_resumed_too(tmp_path):
    def trained(epochs, folder, resume_from=None):
        model = network()
        settings = {"device": "cpu", "precision": "float16", "resume_from": resume_from}
        fit(model, synthetic(), epochs, callbacks=[Checkpoint(folder)], **settings)
        return model

    trained(1, tmp_path)
    resumed = trained(2, tmp_path, tmp_path / "checkpoint.safetensors")
    assert_same_weights(trained(2, tmp_path / "other"), resumed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"seed": 4}, r"seed \(=4\) must be 0, as in .*checkpoint.safetensors, for the run to"),
        ({"batch_size": 32}, r"batch_size \(=32\) must be 64"),
        ({"learning_rate": 0.1}, r"optimizer \(=AdamW\(lr=0.1, .* must be AdamW\(lr=0.001"),
        ({"precision": "float16"}, r"precision \(=float16\) must be float32"),
        ({"augment": Flip()}, r"augment \(=Flip\(probability=0.5, .* must be None"),
        ({"data": synthetic(96)}, r"data \(=bars, 56 images\) must be bars, 50 images"),
        (
            {"callbacks": [LearningRateSchedule()]},
            r"callbacks with memory \(=\['LearningRateSchedule'\]\) must be \[\]",
        ),
        (
            {"model": nn.Sequential(nn.Flatten(), nn.Linear(64, 3))},
            r"1.weight does not fit: .* has shape \(4,\), but Sequential has shape \(3, 64\)",
        ),
    ],
)
def test_when_settings_differ_then_resuming_is_refused_and_the_difference_named(
    tmp_path, changed, message
):
    fit(network(), synthetic(), 1, device="cpu", callbacks=[Checkpoint(tmp_path)])
    settings = {"model": network(), "data": synthetic(), "epochs": 2, "device": "cpu"}
    path = tmp_path / "checkpoint.safetensors"
    with pytest.raises(ValueError, match=message):
        fit(**settings | changed, resume_from=path)
