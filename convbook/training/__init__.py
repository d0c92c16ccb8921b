"""Training: the loop, callbacks, checkpoints, augmentation, evaluation."""

from convbook.training.augment import Compose, Crop, Flip, Rotate, Shift, Zoom
from convbook.training.callbacks import (
    Checkpoint,
    CSVLog,
    EarlyStopping,
    Progress,
    TerminateOnNaN,
)
from convbook.training.checkpoint import load_weights, save_weights
from convbook.training.color import Color, InTurn, Noise
from convbook.training.device import resolve_device
from convbook.training.evaluate import Evaluation, confusion_matrix, evaluate
from convbook.training.history import History
from convbook.training.loop import fit
from convbook.training.run import Callback
from convbook.training.schedules import LearningRateSchedule, ReduceOnPlateau

__all__ = [
    "CSVLog",
    "Callback",
    "Checkpoint",
    "Color",
    "Compose",
    "Crop",
    "EarlyStopping",
    "Evaluation",
    "Flip",
    "History",
    "InTurn",
    "LearningRateSchedule",
    "Noise",
    "Progress",
    "ReduceOnPlateau",
    "Rotate",
    "Shift",
    "TerminateOnNaN",
    "Zoom",
    "confusion_matrix",
    "evaluate",
    "fit",
    "load_weights",
    "resolve_device",
    "save_weights",
]
