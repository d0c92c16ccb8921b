import assert from "node:assert/strict";
import { test } from "node:test";

import { covered, leftover, samePadding } from "../../convbook/widgets/shared/shapes.js";
import { golden } from "./golden.mjs";

test("when geometries vary then the covered cells are those PyTorch reads", () => {
  for (const { n, kernel_size, expected, ...options } of golden("covered_cells")) {
    assert.deepEqual(covered(n, kernel_size, options), expected, JSON.stringify({ n, kernel_size, ...options }));
  }
});

test("when geometries vary then the leftover lies behind the last cell PyTorch reads", () => {
  for (const { n, kernel_size, expected, ...options } of golden("leftover_cells")) {
    assert.equal(leftover(n, kernel_size, options), expected, JSON.stringify({ n, kernel_size, ...options }));
  }
});

test("when kernels vary then same padding keeps PyTorch's size", () => {
  for (const { kernel_size, dilation, expected } of golden("same_padding")) {
    const compute = () => samePadding(kernel_size, dilation);
    if (expected === null) assert.throws(compute, { name: "RangeError", message: /must be even/ });
    else assert.equal(compute(), expected, `${kernel_size}, ${dilation}`);
  }
});

test("when a kernel cannot be placed then a RangeError says why", () => {
  for (const { n, kernel_size, ...options } of golden("unfit_shapes")) {
    for (const compute of [covered, leftover]) {
      const message = /=.*(at least|use a smaller kernel)/;
      assert.throws(() => compute(n, kernel_size, options), { name: "RangeError", message });
    }
  }
});

test("when no padding keeps the size then the message names value, rule and fix", () => {
  assert.throws(() => samePadding(4, 3), {
    message:
      "dilation·(kernel_size − 1) (=9) must be even, since each side gets half of it " +
      "(kernel_size=4, dilation=3): use an odd kernel_size or an even dilation",
  });
  assert.throws(() => samePadding(0), { message: "kernel_size (=0) must be at least 1" });
  assert.throws(() => samePadding(3, 0), { message: "dilation (=0) must be at least 1" });
});

test("when nothing but the sizes is given then stride and dilation are 1 and padding is 0", () => {
  assert.deepEqual(covered(3, 2), [true, true, true]);
  assert.equal(leftover(3, 2), 0);
  assert.equal(samePadding(3), 1);
});
