import assert from "node:assert/strict";
import { test } from "node:test";

import { placeAfterKeys } from "../../convbook/widgets/kernel_explorer/canvas.js";
import { isPhotograph, photographOf, rowsOf } from "../../convbook/widgets/kernel_explorer/photograph.js";
import { computeScene, describeScene } from "../../convbook/widgets/kernel_explorer/state.js";
import { correlate2d, correlateRows, pad, padRows, PADDING_MODES } from "../../convbook/widgets/shared/convolution.js";
import { draggedValue } from "../../convbook/widgets/shared/drag_number.js";
import { colorsOf } from "../../convbook/widgets/shared/painting.js";
import { counting } from "./golden.mjs";

const grey = (...levels) => levels.flatMap((level) => [level, level, level, 255]);
const plain = (rows) => rows.map((row) => [...row]);

test("when a picture is read then its brightness travels in a byte a pixel and comes back", () => {
  const photo = photographOf(grey(0, 128, 255, 7, 9, 200), 3);
  assert.deepEqual({ ...photo, data: atob(photo.data).length }, { height: 2, width: 3, low: 0, step: 1, data: 6 });
  assert.deepEqual(plain(rowsOf(photo)), [[0, 128, 255], [7, 9, 200]]);
});

test("when a photograph is asked for twice then it is unpacked once, and cells stay as they are", () => {
  const photo = photographOf(grey(1, 2), 2);
  assert.equal(rowsOf(photo), rowsOf(photo));
  assert.deepEqual([isPhotograph(rowsOf(photo)), isPhotograph(rowsOf([[1]]))], [true, false]);
});

test("when fast rows are computed then they are what the cells are, for every border", () => {
  const [image, kernel] = [counting([7, 9]), counting([3, 2])];
  for (const mode of PADDING_MODES) {
    for (const [stride, padding, dilation] of [[1, 0, 1], [2, 3, 2], [3, 1, 1]]) {
      const options = { stride, padding, dilation, mode };
      assert.deepEqual(plain(correlateRows(image, kernel, options)), correlate2d(image, kernel, options));
      assert.deepEqual(plain(padRows(image, padding, mode)), pad(image, padding, mode));
    }
  }
});

test("when a place of a photograph is chosen then its sentence is that of the same cells", () => {
  const photo = photographOf(grey(3, 1, 4, 1, 5, 9), 3);
  const traits = { kernel: [[1, -2]], stride: 1, padding: 0, dilation: 1, mode: "constant", flip: true, row: 1, column: 1 };
  const [ofPhoto, ofCells] = [rowsOf(photo), plain(rowsOf(photo))].map((image) => computeScene({ ...traits, image }));
  assert.equal(describeScene(ofPhoto), describeScene(ofCells));
  assert.equal(ofPhoto.sum, -1);
});

test("when numbers are painted then zero is the middle and no number leaves the scale", () => {
  const colors = Uint32Array.of(10, 20, 30, 40, 50);
  assert.deepEqual([...colorsOf([[0, 1, -1], [0.5, 9, -9]], colors, 2, 2)], [30, 50, 10, 40, 50, 10]);
});

test("when a weight is dragged then it moves by whole steps and keeps no rounding error", () => {
  assert.deepEqual([[1, 20, 0.1], [0.1, 4, 0.1], [-2, -41, 0.1], [0.04, 6, 0.01]].map((drag) => draggedValue(...drag)), [2, 0.3, -4, 0.07]);
});

test("when Shift is held then a key leaps and stops at the border", () => {
  const output = { row: 10, column: 3, rows: 40, columns: 40 };
  assert.deepEqual(placeAfterKeys({ key: "ArrowDown", shiftKey: true }, output), { row: 26, column: 3 });
  assert.deepEqual(placeAfterKeys({ key: "ArrowLeft", shiftKey: true }, output), { row: 10, column: 0 });
  assert.equal(placeAfterKeys({ key: "a" }, output), null);
});
