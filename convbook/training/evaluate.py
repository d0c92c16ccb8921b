"""What a network is worth on images it did not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from convbook.data.dataset import Split
from convbook.training.device import Compute
from convbook.training.modes import evaluating


@dataclass(frozen=True)
class Evaluation:
    """How well a network does on a split.

    Args:
        loss: mean cross entropy in nats.
        accuracy: share of right answers, 0 to 1.
        predictions: shape ``(N,)``, int64 on the processor: the class with the largest logit.
    """

    loss: float
    accuracy: float
    predictions: Tensor


class Tally:
    """Sums of losses and hits, kept on the device: reading one back for each batch would wait."""

    def __init__(self, device: torch.device) -> None:
        """Begin at zero."""
        self.sums = torch.zeros(2, device=device)
        self.count = 0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Count a batch with its mean loss."""
        self.sums[0] += loss.detach() * len(labels)
        self.sums[1] += (logits.detach().argmax(1) == labels).sum()
        self.count += len(labels)

    def means(self) -> tuple[float, float]:
        """Return mean loss and accuracy."""
        loss, hits = self.sums.tolist()
        return loss / self.count, hits / self.count


def evaluate(
    model: nn.Module, split: Split, batch_size: int = 256, device: str | torch.device = "auto"
) -> Evaluation:
    """Return loss, accuracy and predictions of a network, in evaluation mode and float32.

    Args:
        model: maps ``(N, C, H, W)`` to logits ``(N, classes)``; it is moved to the device, and
            the mode (training or evaluation) of each module is afterwards what it was.
        split: at least one image.
        batch_size: images at a time; it changes the speed alone.
        device: as in `resolve_device`.

    Raises:
        ValueError: the split is empty, or the device is not there.
    """
    return measure(model, split, batch_size, Compute.choose(device, "float32"))


def measure(model: nn.Module, split: Split, batch_size: int, compute: Compute) -> Evaluation:
    """Return what `evaluate` returns, computed as ``compute`` says."""
    if not len(split):
        raise ValueError("split (=0 images) must have at least 1 to be judged on")
    compute.place(model)
    tally, predictions = Tally(compute.device), []
    with evaluating(model), torch.inference_mode():
        for batch in split.batches(batch_size):
            images, labels = compute.batch(*batch)
            with compute.autocast():
                logits = model(images).float()
            tally.add(cross_entropy(logits, labels), logits, labels)
            predictions.append(logits.argmax(1))
    return Evaluation(*tally.means(), torch.cat(predictions).cpu())


def confusion_matrix(labels: Tensor, predictions: Tensor, classes: int) -> Tensor:
    """Return how often each class was taken for each.

    Args:
        labels: shape ``(N,)``, int64, from 0: what the images show.
        predictions: shape ``(N,)``, int64: what the network says.
        classes: every label and prediction must be below.

    Returns:
        Shape ``(classes, classes)``, int64: a row for each label, a column for each prediction.

    Raises:
        ValueError: the shapes differ, or a number is out of its range.

    >>> confusion_matrix(torch.tensor([0, 0, 1]), torch.tensor([0, 1, 1]), classes=2).tolist()
    [[1, 1], [0, 1]]
    """
    if labels.ndim != 1 or labels.shape != predictions.shape:
        raise ValueError(
            f"labels (shape {tuple(labels.shape)}) and predictions (shape "
            f"{tuple(predictions.shape)}) must both have shape (N,): give one for each image"
        )
    for name, numbers in (("labels", labels), ("predictions", predictions)):
        wrong = numbers[(numbers < 0) | (numbers >= classes)]
        if len(wrong):
            raise ValueError(
                f"{name} holds {int(wrong[0])}, but {classes} classes are 0 to {classes - 1}: "
                "raise classes, or look where the number comes from"
            )
    pairs = labels.cpu() * classes + predictions.cpu()
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)
