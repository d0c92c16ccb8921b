"""The history: what it keeps, writes and draws."""

from __future__ import annotations

import csv
import json
import math

import pytest
from matplotlib import pyplot as plt

from convbook.training.history import Epoch, History


def history(*losses):
    rows = [Epoch(n, loss, 0.5, loss, 1 - loss, 0.001, 2.5) for n, loss in enumerate(losses, 1)]
    return History(rows)


def test_when_a_history_is_stored_as_json_then_it_comes_back_exactly():
    told = history(0.1 + 0.2, 1 / 3)
    told.stopped = "enough"
    assert History.from_dict(json.loads(json.dumps(told.to_dict()))) == told


def test_when_the_best_is_asked_then_it_is_the_earliest_lowest_loss_or_highest_accuracy():
    told = history(0.5, 0.2, math.nan, 0.2, 0.4)
    assert told.best("validation_loss").epoch == 2
    assert told.best("validation_accuracy").epoch == 2
    assert told.best("train_accuracy").epoch == 1


def test_when_there_is_no_epoch_or_no_such_number_then_best_is_refused():
    with pytest.raises(ValueError, match=r"no best epoch before the first: train first"):
        History().best()
    with pytest.raises(ValueError, match=r"monitor \(='val_loss'\) must be one of train_loss, "):
        history(0.5).best("val_loss")


def test_when_it_is_written_as_csv_then_each_number_is_read_back_exactly(tmp_path):
    told = history(1 / 3, 0.25)
    told.to_csv(tmp_path / "new" / "history.csv")
    with (tmp_path / "new" / "history.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [
        Epoch(int(line.pop("epoch")), *map(float, line.values())) for line in lines
    ] == told.rows


def test_when_it_is_drawn_then_both_panels_have_both_lines_with_title_and_labels():
    figure, axes = plt.subplots(1, 2)
    history(0.5, 0.25).plot(axes)
    assert [one.get_title() for one in axes] == ["Loss", "Accuracy"]
    assert [one.get_xlabel() for one in axes] == ["epoch", "epoch"]
    assert [one.get_ylabel() for one in axes] == ["cross entropy (nats)", "right answers"]
    assert [line.get_label() for line in axes[0].lines] == ["train", "validation"]
    assert axes[1].lines[1].get_ydata().tolist() == [0.5, 0.75]
    plt.close(figure)


def test_when_there_are_not_two_axes_then_drawing_is_refused():
    figure, axes = plt.subplots(1, 3)
    with pytest.raises(ValueError, match=r"axes \(=3\) must be two, for loss and accuracy"):
        history(0.5).plot(axes)
    plt.close(figure)


def test_when_it_is_told_in_words_then_the_numbers_are_its_own():
    assert history(0.5, 0.125, 0.25).alt_text() == (
        "Loss and accuracy over 3 epochs: validation loss goes from 0.5 to 0.25, validation "
        "accuracy from 50.0 % to 75.0 %, with its best, 87.5 %, at epoch 2."
    )
    assert History().alt_text() == "Loss and accuracy: no epoch yet."
