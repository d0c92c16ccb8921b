"""The command: what it writes, what it refuses, and how Ctrl-C ends it."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import torch
from matplotlib.image import imread
from rich.console import Console

from convbook import data, models
from convbook.training import evaluate, load_weights
from convbook.training.command import train
from convbook.training.options import Options, parse_augment
from convbook.training.report import FILES

INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from convbook.training import callbacks
from convbook.training.command import train
from convbook.training.options import Options

def interrupt(bar, run):
    if run.epoch == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGINT)

callbacks.Progress.on_batch_end = interrupt
train(Options(model="mlp", out=Path(sys.argv[1]), epochs=3, device="cpu"))
"""


def trained(folder, **options):
    """Train a dense network on the digits, which takes no time, and return what is printed."""
    printed = io.StringIO()
    options = {"model": "mlp", "out": folder, "epochs": 2, "device": "cpu", **options}
    train(Options(**options), Console(file=printed, width=100))
    return printed.getvalue()


def test_when_a_network_is_trained_then_the_folder_has_all_and_the_figures_agree(tmp_path):
    printed = trained(tmp_path / "run", augment="off")
    assert {path.name for path in (tmp_path / "run").iterdir()} == set(FILES)
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert "mlp (101,770 parameters) learns digits (1,257 images of 1 × 28 × 28)" in printed
    assert f"{summary['test_accuracy']:.2%}".replace("%", " %") in printed
    digits = data.load("digits")
    model = models.build("mlp", 10, digits.image_shape)
    load_weights(model, tmp_path / "run" / "weights.safetensors")
    assert evaluate(model, digits.test, device="cpu").accuracy == summary["test_accuracy"] > 0.5
    assert summary["parameters"] == 101_770
    assert summary["versions"]["torch"] == torch.__version__
    lines = (tmp_path / "run" / "history.csv").read_text().splitlines()
    assert len(lines) == 1 + summary["epochs"] == 3


def test_when_curves_are_written_then_both_pictures_open_and_the_svg_describes_itself(tmp_path):
    trained(tmp_path, epochs=1)
    assert imread(tmp_path / "curves.png").shape == (540, 1350, 4)
    text = "".join(ElementTree.parse(tmp_path / "curves.svg").getroot().itertext())
    assert "MLP on digits" in text
    assert "Loss and accuracy after 1 epoch: validation loss " in text


def test_when_the_summarys_command_is_repeated_then_so_are_the_weights(tmp_path):
    trained(tmp_path / "one", epochs=1, seed=5, batch_size=32)
    summary = json.loads((tmp_path / "one" / "summary.json").read_text())
    program, command, *words = shlex.split(summary["command"])
    assert (program, command) == ("convbook", "train")
    told = dict(zip(words[::2], words[1::2], strict=True))
    names = {"seed": int, "epochs": int, "batch-size": int, "learning-rate": float}
    again = {
        name.replace("-", "_"): names.get(name, str)(told[f"--{name}"])
        for name in (*names, "model", "data", "device", "precision", "augment")
    }
    train(Options(**again, out=tmp_path / "two"), Console(file=io.StringIO()))
    one, two = ((tmp_path / run / "checkpoint.safetensors") for run in ("one", "two"))
    model, other = (models.build("mlp", 10, (1, 28, 28)) for _ in range(2))
    load_weights(model, one)
    load_weights(other, two)
    assert all(map(torch.equal, model.state_dict().values(), other.state_dict().values()))


def test_when_patience_ends_then_the_table_says_why(tmp_path):
    printed = trained(tmp_path, epochs=50, patience=1)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["epochs"] < 50
    assert "stopped early validation_accuracy has not improved on 0." in " ".join(printed.split())


@pytest.mark.parametrize("epoch", [1, 3])
def test_when_ctrl_c_comes_then_it_says_what_is_kept_and_how_to_go_on(tmp_path, epoch):
    folder = tmp_path / "run"
    command = [sys.executable, "-c", INTERRUPTED, str(folder), str(epoch)]
    # Another number of threads rounds otherwise.
    here = {**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())}
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    if epoch == 1:
        assert "Interrupted before the first epoch was done: nothing is kept." in done.stdout
        trained(folder)
        return
    assert f"Interrupted. {folder}/checkpoint.safetensors keeps every whole epoch" in done.stdout
    assert done.stdout.rstrip().endswith("--augment on --resume")
    trained(folder, epochs=3, resume=True)
    trained(tmp_path / "whole", epochs=3)
    weights = [folder / "weights.safetensors", tmp_path / "whole" / "weights.safetensors"]
    model, other = (models.build("mlp", 10, (1, 28, 28)) for _ in range(2))
    load_weights(model, weights[0])
    load_weights(other, weights[1])
    assert all(map(torch.equal, model.state_dict().values(), other.state_dict().values()))


def test_when_the_folder_holds_a_run_then_it_is_replaced_only_if_told(tmp_path):
    trained(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FileExistsError, match=r"holds a run already .* go on with it by --resume"):
        trained(tmp_path, seed=1)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    for wrong in ({"data": "none"}, {"epochs": 0}):
        with pytest.raises(ValueError, match=r"\(="):
            trained(tmp_path, **wrong, overwrite=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / "notes.txt").write_text("mine")
    trained(tmp_path, seed=1, overwrite=True)
    assert json.loads((tmp_path / "summary.json").read_text())["seed"] == 1
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_when_there_is_nothing_to_go_on_with_then_resume_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"checkpoint.safetensors is missing, so .* leave"):
        trained(tmp_path, resume=True)
    with pytest.raises(ValueError, match="resume and overwrite exclude each other"):
        trained(tmp_path, resume=True, overwrite=True)


def test_when_the_loss_is_no_number_then_no_weights_are_written(tmp_path):
    with pytest.raises(ValueError, match=r"the loss of epoch 1 is .*: lower the learning rate"):
        trained(tmp_path, learning_rate=1e30)
    assert [path.name for path in tmp_path.iterdir()] == ["history.csv"]


def test_when_augmentation_is_named_then_it_is_made_or_refused():
    assert parse_augment("off") is None
    assert [type(part).__name__ for part in parse_augment("on").parts] == [
        "Shift",
        "Rotate",
        "Zoom",
    ]
    assert [type(part).__name__ for part in parse_augment("crop,flip").parts] == ["Crop", "Flip"]
    with pytest.raises(ValueError, match=r"augment \(='blur'\) must be on, off, or names of flip"):
        parse_augment("blur")
