/** Checks a file of random cases, written by tests/widgets/test_sweep.py, and prints how many. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { correlate2d } from "../../convbook/widgets/shared/convolution.js";
import { count } from "../../convbook/widgets/shared/counting.js";
import { pool2d } from "../../convbook/widgets/shared/pooling.js";

const OURS = {
  correlation: ({ image, kernel, ...options }) => correlate2d(image, kernel, options),
  pooling: ({ image, kind, ...options }) => pool2d(image, kind, options),
  counting({ layers, input_shape }) {
    const { outputShape, parameters } = count(layers, input_shape);
    return [outputShape, parameters];
  },
};

function assertClose(got, expected, about) {
  if (!Array.isArray(expected)) return assert.ok(Math.abs(got - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), about);
  assert.equal(got.length, expected.length, about);
  expected.forEach((one, i) => assertClose(got[i], one, about));
}

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const [name, list] of Object.entries(cases)) {
  for (const { expected, ...input } of list) {
    const about = JSON.stringify({ name, ...input });
    if (expected === null) assert.throws(() => OURS[name](input), RangeError, about);
    else assertClose(OURS[name](input), expected, about);
  }
}
console.log(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, list]) => [name, list.length]))));
