"""Evaluation against PyTorch and scikit-learn."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from torch.nn.functional import cross_entropy

from convbook.data.dataset import Split
from convbook.training import confusion_matrix, evaluate
from tests.convbook.training.trial import network, synthetic


@pytest.mark.parametrize("batch_size", [1, 7, 256])
def test_when_batches_vary_then_loss_and_accuracy_are_those_of_all_images_at_once(batch_size):
    model, split = network().eval(), synthetic().train
    logits = model(split.images).detach()
    judged = evaluate(model, split, batch_size, device="cpu")
    assert judged.loss == pytest.approx(cross_entropy(logits, split.labels).item(), rel=1e-5)
    assert torch.equal(judged.predictions, logits.argmax(1))
    assert judged.accuracy == metrics.accuracy_score(split.labels, judged.predictions)


@pytest.mark.parametrize("training", [True, False])
def test_when_a_model_is_judged_then_its_mode_and_statistics_stay(training):
    model = network().train(training)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    evaluate(model, synthetic().test, device="cpu")
    assert model.training is training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_when_a_split_is_empty_then_it_is_refused():
    empty = Split(torch.zeros(0, 1, 8, 8), torch.zeros(0, dtype=torch.int64))
    with pytest.raises(ValueError, match=r"split \(=0 images\) must have at least 1"):
        evaluate(network(), empty, device="cpu")


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(0, 40), st.integers(0, 999))
def test_when_labels_vary_then_the_confusion_matrix_is_scikit_learns(classes, count, seed):
    generator = torch.Generator().manual_seed(seed)
    labels, predictions = torch.randint(classes, (2, count), generator=generator)
    ours = confusion_matrix(labels, predictions, classes)
    names = range(classes)
    theirs = metrics.confusion_matrix(labels, predictions, labels=names) if count else 0 * ours
    assert torch.equal(ours, torch.as_tensor(theirs))


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([0, 1], [0], r"labels \(shape \(2,\)\) and predictions \(shape \(1,\)\) must both have"),
        ([0, 3], [0, 1], r"labels holds 3, but 3 classes are 0 to 2: raise classes"),
        ([0, 1], [-1, 1], r"predictions holds -1, but 3 classes are 0 to 2"),
    ],
)
def test_when_labels_do_not_fit_then_the_error_names_them(labels, predictions, message):
    with pytest.raises(ValueError, match=message):
        confusion_matrix(torch.tensor(labels), torch.tensor(predictions), 3)
