"""A network whose first kernels are large enough to be looked at."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.sizes import Shape, features_after, require_positive


class PatchCNN(nn.Module):
    """Kernels of 9×9 first, as AlexNet has 11×11; then two 3×3 convolutions and one average.

    The average over all places leaves the last layer nothing but how much there is of each
    feature, which is what tells one photograph's patches from another's.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        filters: kernels of the first convolution.

    Raises:
        ValueError: a number is below 1, or the image is too small.

    >>> PatchCNN().features.conv1.weight.shape
    torch.Size([32, 3, 9, 9])
    """

    def __init__(
        self, classes: int = 12, input_shape: Shape = (3, 32, 32), filters: int = 32
    ) -> None:
        """Build the layers with fresh random weights."""
        super().__init__()
        require_positive(classes=classes, filters=filters)
        channels, *_ = read_input_shape(input_shape)
        self.features = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(channels, filters, kernel_size=9, stride=2, padding=4),
                norm1=nn.BatchNorm2d(filters),
                relu1=nn.ReLU(),
                pool1=nn.MaxPool2d(2),
                conv2=nn.Conv2d(filters, 64, kernel_size=3, padding=1),
                norm2=nn.BatchNorm2d(64),
                relu2=nn.ReLU(),
                pool2=nn.MaxPool2d(2),
                conv3=nn.Conv2d(64, 64, kernel_size=3, padding=1),
                relu3=nn.ReLU(),
            )
        )
        features_after(self.features, input_shape)  # refuses what is too small
        self.classifier = nn.Sequential(
            OrderedDict(
                average=nn.AdaptiveAvgPool2d(1),
                flatten=nn.Flatten(),
                dense=nn.Linear(64, classes),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        centred = x - 0.5  # mid-grey is zero, so that a kernel answers to contrast
        logits: Tensor = self.classifier(self.features(centred))
        return logits
