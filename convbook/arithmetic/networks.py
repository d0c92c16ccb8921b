"""The networks of the course: one name each, for commands and tables, and one title, for people."""

from __future__ import annotations

TITLES = {
    "small-cnn": "small CNN",
    "mlp": "MLP",
    "patch-cnn": "patch CNN",
    "lenet-5": "LeNet-5",
    "lenet-5-original": "LeNet-5 as published",
    "alexnet": "AlexNet, two groups",
    "alexnet-ungrouped": "AlexNet, ungrouped",
    "alexnet-single-tower": "AlexNet, single tower",
    "vgg-11": "VGG-11",
    "vgg-13": "VGG-13",
    "vgg-16": "VGG-16",
    "vgg-19": "VGG-19",
    "vgg-11-bn": "VGG-11 with batch norm",
    "vgg-13-bn": "VGG-13 with batch norm",
    "vgg-16-bn": "VGG-16 with batch norm",
    "vgg-19-bn": "VGG-19 with batch norm",
    "resnet-18": "ResNet-18",
    "small-resnet": "small ResNet",
    "small-inception": "small Inception",
    "inception-module": "Inception module",
}
