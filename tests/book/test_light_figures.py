"""Images inside figures: few colours stay as they are, many look as they were."""

from __future__ import annotations

from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage import data, transform

from tests.book.extensions import EMBEDDED, packed


def _address(image: np.ndarray) -> str:
    buffer = BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"


def _pixels(address: str) -> np.ndarray:
    image = Image.open(BytesIO(b64decode(address.partition("base64,")[2])))
    return np.asarray(image.convert("RGB"), dtype=float)


def test_when_an_image_has_few_colours_then_it_is_lighter_and_exactly_the_same() -> None:
    grey = np.stack([data.camera()[::2, ::2]] * 3, axis=-1)
    before = _address(grey)
    after = EMBEDDED.sub(packed, before)
    assert len(after) < 0.8 * len(before)
    np.testing.assert_array_equal(_pixels(after), grey)


def test_when_an_image_has_many_colours_then_it_is_a_third_and_looks_the_same() -> None:
    small = transform.resize(data.astronaut(), (218, 218), anti_aliasing=True)
    photo = (255 * small).astype(np.uint8)
    before = _address(photo)
    after = EMBEDDED.sub(packed, before)
    assert len(after) < len(before) / 3
    assert np.abs(_pixels(after) - photo).mean() < 3  # of 255


@pytest.mark.parametrize("size", [1, 2])
def test_when_an_image_is_no_lighter_packed_then_it_stays(size: int) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (size, size, 3), dtype=np.uint8)
    before = _address(noise)
    assert len(EMBEDDED.sub(packed, before)) <= len(before)


def test_when_a_figure_was_packed_then_packing_it_again_changes_nothing() -> None:
    once = EMBEDDED.sub(packed, f'<image href="{_address(data.astronaut()[::8, ::8])}"/>')
    assert EMBEDDED.sub(packed, once) == once
