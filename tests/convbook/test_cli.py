"""The command ``convbook``: what a person types, and what comes back."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from convbook.cli import app
from convbook.data import OFFLINE


def run(*words, **variables):
    return CliRunner().invoke(app, list(map(str, words)), env=variables, prog_name="convbook")


def test_when_no_data_set_is_named_then_each_that_needs_no_download_is_described():
    result = run("data")
    assert result.exit_code == 0
    for name in OFFLINE:
        assert f"data set  {name}: " in result.output
    assert "1,257 train, 180 validation, 360 test" in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("data", "cats"), r"error: name (='cats') must be one of digits, shapes, patches, mnist"),
        (("data", "mnist"), r"train-images-idx3-ubyte"),
        (("train", "--model", "cnn"), r"error: name (='cnn') must be one of small-cnn"),
        (("train", "--model-options", "wide"), r"error: model_options (='wide') must be names"),
        (
            ("train", "--model", "mlp", "--model-options", "width=2"),
            r"width is not an option of",
        ),
        (("train", "--weight-decay", "-1"), r"error: weight_decay (=-1.0) must be at least 0"),
        (("train", "--device", "abacus"), r"error: device (='abacus')"),
    ],
)
def test_when_a_word_is_wrong_then_one_line_says_so_and_nothing_is_written(
    words, message, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    result = run(*words, CONVBOOK_DATA=str(tmp_path))
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_when_a_network_is_trained_then_its_options_reach_the_summary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("train", "--model", "mlp", "--model-options", "hidden=8", "--epochs", 1)
    words += ("--device", "cpu", "--weight-decay", 0.5, "--augment", "flip,color,noise")
    result = run(*words)
    assert result.exit_code == 0, result.output
    summary = json.loads((tmp_path / "runs/mlp-digits/summary.json").read_text())
    assert summary["parameters"] == 28 * 28 * 8 + 8 + 8 * 10 + 10
    for part in ("hidden=8", "--weight-decay 0.5", "--augment flip,color,noise", "--seed 0"):
        assert part in summary["command"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
@pytest.mark.parametrize(
    ("names", "status", "word"), [(["digits"], 0, "handwritten"), (["zifférn"], 2, "must be one")]
)
def test_when_the_terminal_lacks_a_character_then_it_shows_another(encoding, names, status, word):
    result = CliRunner(charset=encoding).invoke(app, ["data", *names])
    assert result.exit_code == status
    assert word in result.output
    assert ("?" in result.output) == (encoding != "latin-1")  # which has × and é
    assert result.exception is None or isinstance(result.exception, SystemExit)
