"""The gallery's rules, what it packs, and that the page unpacks the same."""

from __future__ import annotations

import base64
import json
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
import skimage.io
from traitlets import TraitError

from convbook.widgets import FilterGallery
from convbook.widgets.filter_gallery import GalleryGroup, GalleryImage
from convbook.widgets.filter_gallery.packing import color_pixels, pack, scale_limit, unpack
from convbook.widgets.filter_gallery.words import cell_sentence, image_sentence
from convbook.widgets.raster import png
from convbook.widgets.source import FOLDER
from tests.serving import need

SVG = "{http://www.w3.org/2000/svg}"
RNG = np.random.default_rng(5)


def gabor(angle: float, size: int = 7) -> np.ndarray:
    """A striped patch that fades out, as the first layer of a network learns them."""
    y, x = np.mgrid[:size, :size] - size // 2
    along = x * np.cos(angle) + y * np.sin(angle)
    return np.exp(-(x**2 + y**2) / 8) * np.cos(along * 1.6)


def gallery(**options) -> FilterGallery:
    bank = [gabor(np.pi * i / 30) * (i + 1) / 9 for i in range(30)]
    maps = [GalleryImage(RNG.normal(size=(5, 9)), f"map {i}", "mean 3.1") for i in (1, 2)]
    frames = list(RNG.uniform(size=(4, 6, 3, 3)))
    groups = [
        GalleryGroup("conv1", "filters", bank),
        GalleryGroup("maps & more", "activations", maps),
        {"title": "channel 3", "kind": "frames", "images": frames},
    ]
    return FilterGallery(groups, **options)


@pytest.mark.parametrize("scale", [1e-9, 0.03, 1, 1e11])
def test_when_signed_numbers_are_packed_then_each_is_within_half_a_step(scale):
    pixels = RNG.normal(size=(5, 8)) * scale
    pixels[2, 3] = 0
    back = unpack(pack(pixels))
    assert np.abs(back - pixels).max() <= np.abs(pixels).max() / 254 * (1 + 1e-9)
    assert back[2, 3] == 0
    assert np.abs(back).max() == np.abs(pixels).max()


def test_when_colours_are_packed_then_each_is_within_half_a_step():
    pixels = RNG.uniform(size=(4, 3, 3))
    assert np.abs(unpack(pack(pixels)) - pixels).max() <= 1 / 510
    assert unpack(pack(np.eye(2)[:, :, None] * [0, 0.2, 1]))[1, 1].tolist() == [0, 0.2, 1]


def test_when_packed_by_hand_then_bytes_are_these():
    packed = pack(np.array([[-2, 0, 1]], np.int8))
    assert list(base64.b64decode(packed.pop("data"))) == [1, 128, 192]  # 64 of 127 steps
    assert packed == {"height": 1, "width": 3, "channels": 1, "limit": 2.0}
    assert unpack(pack([[False, False]])).tolist() == [[0, 0]]


def test_when_64_colour_filters_are_packed_then_they_cost_little_more_than_their_bytes():
    packed = FilterGallery([GalleryGroup("conv1", "filters", RNG.uniform(size=(64, 7, 7, 3)))])
    assert len(json.dumps(packed.groups)) < 64 * (7 * 7 * 3 * 4 / 3 + 110)


def test_when_the_page_unpacks_then_values_colours_and_words_are_pythons():
    extremes = [np.array([[v, -v / 3, 0]]) for v in (1e-14, 2e-7, 0.0999, 1e12)]
    shown = gallery()
    shown.groups = [*shown.groups, {"title": "odd", "kind": "filters", "images": extremes}]
    script = f"""
        import {{ readFileSync }} from "node:fs";
        import * as packing from "{FOLDER}/filter_gallery/packing.js";
        import {{ cellSentence, imageSentence }} from "{FOLDER}/filter_gallery/words.js";
        const groups = JSON.parse(readFileSync(0, "utf8"));
        const told = groups.flatMap((group) => group.images.map((image, i) => {{
          const places = [...Array(image.height * image.width).keys()];
          const cells = places.map((p) => [Math.floor(p / image.width), p % image.width]);
          const limits = ["group", "image"].map((scale) => packing.scaleLimit(group, i, scale));
          return {{
            values: cells.flatMap(([y, x]) => packing.valuesAt(image, y, x)), limits,
            pixels: limits.map((limit) => [...packing.pixelsOf(image, limit)]),
            words: [imageSentence(group, i), ...cells.map(([y, x]) => cellSentence(image, y, x))],
          }};
        }}));
        console.log(JSON.stringify(told));"""
    command = [need("node", "nodejs"), "--input-type=module", "--eval", script]
    groups = json.dumps(shown.groups)
    done = subprocess.run(command, input=groups, capture_output=True, text=True, check=True)
    page = iter(json.loads(done.stdout))
    for group in shown.groups:
        for i, image in enumerate(group["images"]):
            told, places = next(page), list(np.ndindex(image["height"], image["width"]))
            assert told["values"] == unpack(image).ravel().tolist()
            assert told["limits"] == [scale_limit(group, i, scale) for scale in ("group", "image")]
            for limit, pixels in zip(told["limits"], told["pixels"], strict=True):
                flat = np.reshape(pixels, (image["height"], image["width"], 4))
                np.testing.assert_array_equal(flat[:, :, :3], color_pixels(image, limit))
                assert (flat[:, :, 3] == 255).all()
            cells = [cell_sentence(image, *place) for place in places]
            assert told["words"] == [image_sentence(group, i), *cells]


def test_when_an_image_is_chosen_then_python_has_its_rounded_values():
    shown = gallery(group=2, image=3)
    assert shown.chosen_image.shape == (6, 3, 3)
    shown.group = 1
    assert (shown.image, shown.chosen_image.shape) == (1, (5, 9))
    shown.set_state({"group": 0, "image": 29})
    assert np.abs(shown.chosen_image - gabor(np.pi * 29 / 30) * 30 / 9).max() < 30 / 9 / 250


def test_when_groups_change_then_the_choice_stays_inside():
    shown = gallery(group=2, image=3)
    shown.groups = shown.groups[:1]
    assert (shown.group, shown.image) == (0, 3)
    assert shown.groups == gallery().groups[:1]


def grouped(images, **changes):
    return [{"title": "g", "kind": "filters", "images": images, **changes}]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([], r"groups holds 0, but a gallery needs from 1 to 64: add one"),
        (["conv1"], r"group 1 must be a GalleryGroup or a dict of title, kind and images, not str"),
        (grouped([[[1]]], title=""), r"title of group 1 \(=''\) must be text of 1 to 120"),
        (grouped([[[1]]], kind="maps"), r"kind of group 'g' \(='maps'\) must be one of filters, a"),
        (grouped([]), r"group 'g' holds 0 images, but it needs from 1 to 256: choose some"),
        (grouped([[[1]]] * 257), r"group 'g' holds 257 images"),
        (2 * grouped([[[1]]]), r"groups 1 and 2 have the same title \(='g'\).*: rename one"),
        (grouped([[1, 2]]), r"image 1 of group 'g' has shape \(2,\), but it must be \(H, W\) or"),
        (grouped([np.ones((3, 7, 7))]), r"has shape \(3, 7, 7\).*put colours last with numpy.move"),
        (grouped([np.ones((4, 257))]), r"has shape \(4, 257\).*from 1 to 256: .*more coarsely"),
        (grouped([[[1, 2], [3]]]), r"image 1 of group 'g' must be numbers in rows of equal length"),
        (grouped([[[np.nan]]]), r"holds nan, but every value must be finite: replace it"),
        (grouped([np.full((1, 1, 3), -0.5)]), r"has colours from -0.5 to -0.5, .* 0 to 1: rescale"),
        (grouped([[[2e12]]]), r"has a value of magnitude 2e\+12, but the largest is 1e\+12: div"),
        (grouped([{"label": "x"}]), r"image 1 of group 'g' has label, but it must have pixels"),
        (grouped([GalleryImage([[1]], 3)]), r"label of image 1 of group 'g' \(=3\) must be text"),
        (grouped([np.ones((256, 256))] * 31), r"groups hold 2031616 values, but a page carries 2"),
    ],
)
def test_when_groups_break_a_rule_then_the_error_names_value_rule_and_fix(groups, message):
    with pytest.raises(TraitError, match=message):
        FilterGallery(groups)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("group", 3, r"group \(=3\) must be at most 2, the last group: count from 0"),
        ("image", 30, r"image \(=30\) must be at most 29, the last image"),
        ("image", -1, r"image \(=-1\) must be a whole number from 0 to 255"),
        ("scale", "own", r"scale.*'own'"),
    ],
)
def test_when_a_choice_breaks_a_rule_then_the_old_one_stays(name, value, message):
    shown = gallery()
    before = getattr(shown, name)
    with pytest.raises(TraitError, match=message):
        setattr(shown, name, value)
    assert getattr(shown, name) == before


def test_when_drawn_for_paper_then_24_images_a_frame_and_the_scale_are_there():
    root = ElementTree.fromstring(gallery(image=4).picture())
    images = list(root.iter(f"{SVG}image"))
    frames = [rect.get("stroke-width") == "3" for rect in root.iter(f"{SVG}rect")][1:]
    assert (len(images), frames.index(True), sum(frames)) == (24, 4, 1)
    said = root.findtext(f"{SVG}desc", "")
    assert said.startswith("conv1, filter 5 (5 of 30): 7×7 cells, from −")
    assert said.endswith("Blue is −3.33, grey is 0, orange is 3.33.")
    assert "conv1: 24 of 30" in "".join(root.itertext())
    assert " id=" not in gallery().picture()
    assert "maps &amp; more" in gallery(group=1).picture()


def test_when_a_large_image_is_drawn_for_paper_then_it_stays_small():
    noise = [RNG.normal(size=(200, 256)) for _ in range(30)]
    assert len(FilterGallery([GalleryGroup("maps", "activations", noise)]).picture()) < 200_000


def test_when_pixels_become_a_png_then_scikit_image_reads_them_back(tmp_path):
    pixels = RNG.integers(0, 256, (3, 5, 3), np.uint8)
    (tmp_path / "it.png").write_bytes(png(pixels))
    np.testing.assert_array_equal(skimage.io.imread(tmp_path / "it.png"), pixels)


def test_when_shown_as_text_then_what_is_held_and_chosen_is_told():
    assert repr(gallery()) == "FilterGallery(3 groups, 36 images, 'conv1', 'filter 1')"
