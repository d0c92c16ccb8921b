import assert from "node:assert/strict";
import { test } from "node:test";

import { convolve2d, correlate2d, flip, pad, patch } from "../../convbook/widgets/shared/convolution.js";
import { outputSize } from "../../convbook/widgets/shared/shapes.js";
import { counting, golden } from "./golden.mjs";

test("when sizes vary then output sizes are PyTorch's, and what it refuses is refused", () => {
  for (const { n, kernel_size, expected, ...options } of golden("sizes")) {
    const compute = () => outputSize(n, kernel_size, options);
    if (expected === null) assert.throws(compute, RangeError);
    else assert.equal(compute(), expected, JSON.stringify({ n, kernel_size, ...options }));
  }
});

test("when an image is padded then it equals numpy.pad", () => {
  for (const { image, padding, mode, expected } of golden("paddings")) {
    assert.deepEqual(pad(image, padding, mode), expected, `${mode}, padding ${padding}`);
  }
});

test("when an image is filtered then it equals SciPy", () => {
  for (const { image, kernel, flip: flipped, expected, ...options } of golden("correlations")) {
    const operation = flipped ? convolve2d : correlate2d;
    assert.deepEqual(operation(image, kernel, options), expected, JSON.stringify(options));
  }
});

test("when the size is kept then it equals scipy.ndimage", () => {
  for (const { image, kernel, mode, expected } of golden("same_size")) {
    assert.deepEqual(correlate2d(image, kernel, { padding: 1, mode }), expected, mode);
  }
});

test("when the kernel cannot be placed then a RangeError says why", () => {
  for (const { image_shape, kernel_shape, ...options } of golden("impossible")) {
    const compute = () => correlate2d(counting(image_shape), counting(kernel_shape), options);
    assert.throws(compute, { name: "RangeError", message: /=/ }, JSON.stringify(options));
  }
});

test("when nothing fits then the message names value, rule and fix", () => {
  assert.throws(() => outputSize(2, 3), {
    message:
      "the kernel reaches over 3 cells (kernel_size=3, dilation=1) but the padded input has only " +
      "2 (n=2, padding=0): use a smaller kernel, less dilation or more padding",
  });
  assert.throws(() => outputSize(5, 3, { stride: 0 }), { message: "stride (=0) must be at least 1" });
  assert.throws(() => pad([[1]], 1, "reflect"), { message: /mode \(='reflect'\) must be one of constant, nearest/ });
});

test("when a kernel is flipped twice then it is the kernel again", () => {
  const kernel = counting([2, 3]);
  assert.deepEqual(flip(kernel), [[5, 4, 3], [2, 1, 0]]);
  assert.deepEqual(flip(flip(kernel)), kernel);
});

test("when the window hangs over the edge then the patch tells source from padding", () => {
  const cells = patch([[1, 2], [3, 4]], counting([2, 2]), 0, 0, { padding: 1, mode: "nearest" });
  assert.deepEqual(cells[0][0], { value: 1, row: -1, column: -1, padded: true });
  assert.deepEqual(cells[1][1], { value: 1, row: 0, column: 0, padded: false });
});

test("when stride and dilation are above 1 then the patch lists the input cells it takes", () => {
  const cells = patch(counting([6, 7]), counting([2, 2]), 1, 1, { stride: 2, dilation: 3 });
  assert.deepEqual(cells.flat().map(({ row, column }) => [row, column]), [[2, 2], [2, 5], [5, 2], [5, 5]]);
});
