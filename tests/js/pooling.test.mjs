import assert from "node:assert/strict";
import { test } from "node:test";

import {
  distanceWeights, drawnCell, KINDS, pool2d, pooledShape, probabilities, total, unchangedFraction, uniformDraws, windowAt,
} from "../../convbook/widgets/shared/pooling.js";
import { counting, golden } from "./golden.mjs";

/** Equal up to the last digits, cell by cell. */
function assertClose(got, expected, message) {
  assert.deepEqual([got.length, got[0].length], [expected.length, expected[0].length], message);
  const flat = expected.flat();
  got.flat().forEach((value, i) => assert.ok(Math.abs(value - flat[i]) < 1e-12, `${message}: ${value}, ${flat[i]}`));
}

test("when an image is pooled then it equals PyTorch", () => {
  for (const { image, kind, expected, ...options } of golden("pooling")) {
    const got = pool2d(image, kind, options);
    const message = JSON.stringify({ kind, ...options });
    if (kind === "max") assert.deepEqual(got, expected, message);
    else assertClose(got, expected, message);
  }
});

test("when the mean is weighted then weights worked out by hand give the same", () => {
  for (const { image, weights, expected, size, stride } of golden("pooling_weighted")) {
    assertClose(distanceWeights(size), weights, `weights ${size}`);
    assertClose(pool2d(image, "weighted", { size, stride }), expected, `${size}, stride ${stride}`);
  }
});

test("when cells are drawn then they are NumPy's", () => {
  for (const { image, expected, ...options } of golden("pooling_stochastic")) {
    assert.deepEqual(pool2d(image, "stochastic", options), expected, JSON.stringify(options));
  }
});

test("when a case was worked by hand then every kind agrees", () => {
  for (const { image, kind, expected, ...options } of golden("pooling_by_hand")) {
    assert.deepEqual(pool2d(image, kind, options), expected, `${kind} ${options.draws}`);
  }
});

test("when the window or the stride is impossible then a RangeError says why", () => {
  for (const { image_shape, size, stride } of golden("pooling_impossible")) {
    const compute = () => pool2d(counting(image_shape), "max", { size, stride });
    assert.throws(compute, { name: "RangeError", message: /\(=.*(use at most|at least 1)/ }, `${image_shape} ${size}`);
  }
});

test("when a seed is given then its draws are mulberry32's to the last digit", () => {
  for (const { seed, expected } of golden("pooling_draws")) {
    assert.deepEqual(uniformDraws(seed, expected.length), expected, `seed ${seed}`);
  }
});

test("when two outputs are compared then the share of equal cells is counted", () => {
  for (const { before, after, expected } of golden("pooling_unchanged")) {
    assert.equal(unchangedFraction(before, after), expected);
  }
});

test("when an argument breaks its rule then the message names value, rule and fix", () => {
  const image = counting([4, 4]);
  assert.throws(() => pooledShape([2, 6], 3, 1), {
    message: "size (=3×3) must fit into the image of 2×6 cells: use at most 2 rows and 6 columns",
  });
  assert.throws(() => pool2d(image, "max", { stride: 0 }), { message: "stride (=0×0) must be at least 1 along each side" });
  assert.throws(() => pool2d(image, "min"), { message: "kind (='min') must be one of max, average, l2, weighted, stochastic" });
  assert.throws(() => pool2d(image, "stochastic"), {
    message: "draws has 0 numbers, but there are 4 windows: give one a window, such as uniform_draws(seed, 4)",
  });
  assert.throws(() => pool2d(image, "stochastic", { draws: [0, 0.5, 1, 0] }), {
    message: "draws holds 1, but each must be at least 0 and below 1: take them from uniform_draws",
  });
  assert.throws(() => uniformDraws(-1, 1), { message: "seed (=-1) must be from 0 to 4294967295" });
  assert.throws(() => unchangedFraction([[1, 2]], [[1]]), {
    message: "before and after must have the same shape, not (1, 2) and (1, 1): pool both with the same size and stride",
  });
});

test("when the stride leaves gaps then the window starts where the stride says", () => {
  assert.deepEqual(windowAt(counting([5, 7]), 1, 1, 2, 3), [[24, 25], [31, 32]]);
  assert.deepEqual(windowAt(counting([1, 6]), 0, 2, [1, 3], 1), [[2, 3, 4]]);
});

test("when cells come in another order then their sum is exactly the same", () => {
  assert.notEqual(0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1);
  assert.equal(total([0.1, 0.2, 0.3]), total([0.3, 0.2, 0.1]));
});

test("when no cell is positive then each has probability zero and the output is zero", () => {
  assert.deepEqual(probabilities([-1, 0, -2]), [0, 0, 0]);
  assert.equal(drawnCell([-1, 0, -2], 0.7), 0);
  assert.deepEqual(pool2d([[-1, 0], [-2, -3]], "stochastic", { draws: [0.7] }), [[0]]);
});

test("when kinds are listed then they stand in Python's order", () => {
  assert.deepEqual(KINDS, ["max", "average", "l2", "weighted", "stochastic"]);
});
