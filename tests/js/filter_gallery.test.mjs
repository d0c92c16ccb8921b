import assert from "node:assert/strict";
import { test } from "node:test";

import { extremes, levelsOf, pixelsOf, scaleLimit, valueOfLevel, valuesAt } from "../../convbook/widgets/filter_gallery/packing.js";
import { indexAfterKey } from "../../convbook/widgets/filter_gallery/wall.js";
import { keptInside } from "../../convbook/widgets/filter_gallery/widget.js";
import { cellSentence, decimals, imageSentence, numberText } from "../../convbook/widgets/filter_gallery/words.js";

const image = (bytes, shape, limit = 1, more = {}) => ({
  label: "filter 1", note: "", height: shape[0], width: shape[1], channels: shape[2] ?? 1, limit,
  data: Buffer.from(bytes).toString("base64"), ...more,
});
const signed = image([1, 128, 255, 64, 128, 192], [2, 3], 2);
const colours = image([0, 51, 255, 102, 0, 153], [1, 2, 3]);

test("when bytes are signed then 1 is −limit, 128 is zero and 255 is +limit, all exactly", () => {
  assert.deepEqual([1, 128, 255].map((level) => valueOfLevel(signed, level)), [-2, 0, 2]);
  assert.deepEqual([...levelsOf(signed)], [1, 128, 255, 64, 128, 192]);
  assert.deepEqual(valuesAt(signed, 1, 2), [(64 / 127) * 2]);
  assert.deepEqual(extremes(signed), [-2, 2]);
});

test("when bytes are colours then they are parts of 255", () => {
  assert.deepEqual(valuesAt(colours, 0, 1), [0.4, 0, 0.6]);
  assert.deepEqual(extremes(colours), [0, 1]);
});

test("when an image is drawn then the ends of its scale are blue and orange and zero is grey", () => {
  const pixels = pixelsOf(signed, 2);
  assert.deepEqual([...pixels.subarray(0, 12)], [42, 111, 187, 255, 176, 176, 176, 255, 247, 178, 92, 255]);
  assert.deepEqual([...pixelsOf(colours, 1)], [0, 51, 255, 255, 102, 0, 153, 255]);
});

test("when every value is zero then every cell is grey and nothing is divided by zero", () => {
  const dead = image([128, 128], [1, 2], 0);
  assert.deepEqual([...pixelsOf(dead, 0)], [176, 176, 176, 255, 176, 176, 176, 255]);
  assert.deepEqual(extremes(dead), [0, 0]);
});

test("when the scale is the group's then its strongest signed image sets it, colours apart", () => {
  const group = { images: [signed, image([255], [1, 1], 0.5), colours] };
  assert.deepEqual([0, 1, 2].map((i) => scaleLimit(group, i, "group")), [2, 2, 1]);
  assert.deepEqual([0, 1, 2].map((i) => scaleLimit(group, i, "image")), [2, 0.5, 1]);
});

test("when a key is pressed on the wall then the choice moves by rows and stays on it", () => {
  const after = (key, from) => indexAfterKey(key, from, 10, 4);
  assert.deepEqual(["ArrowRight", "ArrowDown", "ArrowUp", "Home", "End"].map((key) => after(key, 5)), [6, 9, 1, 0, 9]);
  assert.deepEqual([after("ArrowDown", 7), after("ArrowUp", 2), after("ArrowLeft", 0), after("ArrowRight", 9)], [7, 2, 0, 9]);
  assert.deepEqual([after("Tab", 5), after("toString", 5)], [null, null]);
});

test("when an image is described then name, place, size, range and note are said", () => {
  const group = { images: [signed, { ...colours, label: "step 20", note: "mean activation 3.1" }] };
  assert.equal(imageSentence(group, 0), "filter 1 (1 of 2): 2×3 cells, from −2 to 2");
  assert.equal(imageSentence(group, 1), "step 20 (2 of 2): 1×2 cells in colour, from 0 to 1; mean activation 3.1");
});

test("when a cell is described then its sign is a word, too", () => {
  assert.equal(cellSentence(signed, 1, 0), "Row 2, column 1: −1.01, negative");
  assert.equal(cellSentence(signed, 1, 2), "Row 2, column 3: 1.01, positive");
  assert.equal(cellSentence(signed, 0, 1), "Row 1, column 2: 0");
  assert.equal(cellSentence(colours, 0, 0), "Row 1, column 1: red 0, green 0.2, blue 1");
});

test("when values are small then decimals follow, and no exponent is shown", () => {
  assert.deepEqual([0, 310, 1, 0.99, 0.031, 1e-30].map(decimals), [2, 2, 2, 3, 4, 12]);
  assert.deepEqual([numberText(-0.00000123, 9), numberText(-1e-9, 2), numberText(100, 2)], ["−0.00000123", "0", "100"]);
});

test("when another group is chosen then the choice stays inside it", () => {
  const traits = { groups: [{ images: [signed, signed, signed] }, { images: [signed] }], group: 0, image: 2 };
  assert.deepEqual(keptInside({ group: 1 }, traits), { group: 1, image: 0 });
  assert.deepEqual(keptInside({ scale: "image" }, traits), { scale: "image" });
});
