"""The networks of the course in PyTorch, by class and by name."""

from __future__ import annotations

from convbook.models.alexnet import AlexNet
from convbook.models.catalogue import MODELS, build, options_of
from convbook.models.describe import Description, LayerRow, describe
from convbook.models.inception import InceptionModule, SmallInception
from convbook.models.lenet import LeNet5
from convbook.models.mlp import MLP, hidden_for
from convbook.models.patch_cnn import PatchCNN
from convbook.models.published import Normalize, load_published
from convbook.models.resnet import ResidualBlock, ResNet, small_resnet
from convbook.models.small_cnn import SmallCNN
from convbook.models.vgg import VGG

__all__ = [
    "MLP",
    "MODELS",
    "VGG",
    "AlexNet",
    "Description",
    "InceptionModule",
    "LayerRow",
    "LeNet5",
    "Normalize",
    "PatchCNN",
    "ResNet",
    "ResidualBlock",
    "SmallCNN",
    "SmallInception",
    "build",
    "describe",
    "hidden_for",
    "load_published",
    "options_of",
    "small_resnet",
]
