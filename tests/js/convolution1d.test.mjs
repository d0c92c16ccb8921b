import assert from "node:assert/strict";
import { test } from "node:test";

import { circulant, convolve1d, correlate1d, keptCells, overlap, toeplitz } from "../../convbook/widgets/shared/convolution1d.js";
import { golden } from "./golden.mjs";

const rolled = ({ x, w, mode, flip }) => (flip ? convolve1d : correlate1d)(x, w, mode);

for (const [name, oracle] of [
  ["rolled1d", "NumPy's"],
  ["rolled_by_hand", "what was worked out by hand"],
  ["rolled_periodic", "the product with SciPy's circulant matrix"],
]) {
  test(`when one signal rolls over another then the output is ${oracle}`, () => {
    for (const { expected, ...input } of golden(name)) {
      assert.deepEqual(rolled(input), expected, JSON.stringify(input));
    }
  });
}

test("when the border is not periodic then the matrix is SciPy's convolution matrix", () => {
  for (const { w, n, mode, expected } of golden("toeplitz1d")) {
    assert.deepEqual(toeplitz(w, n, mode), expected, JSON.stringify({ w, n, mode }));
  }
});

test("when the border is periodic then the matrix is SciPy's circulant", () => {
  for (const { w, n, expected } of golden("circulant1d")) {
    assert.deepEqual(circulant(w, n), expected, JSON.stringify({ w, n }));
  }
});

test("when the input cannot be then the error is Python's, word for word", () => {
  for (const { x, w, mode, message } of golden("refused1d")) {
    for (const operation of [convolve1d, correlate1d]) {
      assert.throws(() => operation(x, w, mode), { name: "RangeError", message });
    }
  }
  for (const { w, n, mode, message } of golden("refused_matrices")) {
    const make = () => (mode ? toeplitz(w, n, mode) : circulant(w, n));
    assert.throws(make, { name: "RangeError", message });
  }
});

test("when a mode is chosen then it keeps the cells in NumPy's sense", () => {
  assert.deepEqual(keptCells(5, 3), { start: 0, count: 7 });
  assert.deepEqual(keptCells(5, 4, "same"), { start: 1, count: 5 });
  assert.deepEqual(keptCells(4, 5, "same"), { start: 1, count: 5 });
  assert.deepEqual(keptCells(4, 5, "same", false), { start: 2, count: 5 });
  assert.deepEqual(keptCells(5, 3, "valid"), { start: 2, count: 3 });
  assert.deepEqual(keptCells(5, 3, "periodic", false), { start: 2, count: 5 });
  assert.throws(() => keptCells(0, 3), { message: "n (=0) must be at least 1" });
  assert.throws(() => keptCells(3, 0), { message: "kernel_size (=0) must be at least 1" });
});

test("when the weights hang over the edge then only what overlaps is multiplied", () => {
  const terms = overlap([1, 2, 3], [5, 10], 3);
  assert.deepEqual(terms, [{ column: 2, index: 2, value: 3, weight: 5 }]);
});

test("when the signal repeats then the cell over the edge is told with the cell it repeats", () => {
  const [first] = overlap([1, 2, 3], [5, 10], 0, true);
  assert.deepEqual(first, { column: -1, index: 2, value: 3, weight: 5 });
});
