import assert from "node:assert/strict";
import { test } from "node:test";

import {
  coverage, fieldOf, layerSizes, mapLayers, receptiveField, samePlace, sizesThatFit, withoutPooling,
} from "../../convbook/widgets/shared/receptive.js";
import { golden } from "./golden.mjs";

const CONV3 = { kind: "conv", kernel_size: 3 };
const POOL2 = { kind: "max_pool", kernel_size: 2 };
const SMALL = [CONV3, POOL2, CONV3, POOL2, CONV3];

test("when stacks vary then size, jump and start are those measured by gradient", () => {
  for (const { layers, expected } of golden("receptive_fields")) {
    const fields = receptiveField(layers).map(({ size, jump, start }) => [size, jump, start]);
    assert.deepEqual(fields, expected, JSON.stringify(layers));
  }
});

test("when stacks vary then each level lights the cells with a gradient", () => {
  for (const { layers, level, index, n, ends, cells } of golden("receptive_cells")) {
    const spans = fieldOf(layers, level, index, n);
    assert.deepEqual(spans.map((span) => span.cells), cells, JSON.stringify(layers));
    if (ends) assert.deepEqual(spans.map(({ first, last }) => [first, last]), ends, JSON.stringify(layers));
  }
});

test("when there are two dimensions then rows times columns are the cells with a gradient", () => {
  for (const { layers, n, row, column, expected } of golden("receptive_planes")) {
    const [rows, columns] = [row, column].map((index) => fieldOf(layers, layers.length, index, n)[0].cells);
    assert.deepEqual(rows.flatMap((y) => columns.map((x) => [y, x])), expected, JSON.stringify(layers));
  }
});

test("when stacks vary then map sizes are PyTorch's, and what it refuses is refused", () => {
  for (const { layers, n, expected } of golden("receptive_sizes")) {
    if (expected === null) {
      const message = /^layer \d \((conv|max_pool|avg_pool|residual|inception)\) does not fit: the kernel reaches over/;
      assert.throws(() => layerSizes(layers, n), { name: "RangeError", message });
    } else assert.equal([n, ...layerSizes(layers, n)].at(-1), expected, JSON.stringify(layers));
  }
});

test("when the course's stacks are measured then its numbers appear", () => {
  for (const { layers, span, share } of golden("receptive_known")) {
    assert.equal(receptiveField(layers).at(-1).size, span);
    assert.equal(coverage(layers, 28), share);
  }
  assert.equal(samePlace(receptiveField(SMALL).at(-1), 1, receptiveField(withoutPooling(SMALL)).at(-1), 22), 10);
});

test("when a neuron reads only padding then it depends on no cell", () => {
  const layers = [{ kind: "conv", kernel_size: 1, padding: 2 }];
  assert.deepEqual(fieldOf(layers, 1, 0, 5)[0], { first: -2, last: -2, cells: [], padding: [-2] });
});

test("when the stack stops fitting then the sizes before it are kept", () => {
  const { sizes, why } = sizesThatFit([...SMALL, POOL2, POOL2], 28);
  assert.deepEqual(sizes, [26, 13, 11, 5, 3, 1]);
  assert.match(why, /^the kernel reaches over 2 cells/);
});

test("when a stack has no field then the message is Python's", () => {
  for (const { layers, message } of golden("impossible_fields")) {
    assert.throws(() => receptiveField(layers), { name: "RangeError", message });
  }
});

test("when level, neuron or input do not exist then the message says which do", () => {
  const said = (message) => ({ name: "RangeError", message });
  assert.throws(() => fieldOf([CONV3], 2, 0, 9), said("level (=2) must be from 0, the input, to 1"));
  assert.throws(() => fieldOf([CONV3], 1, 7, 9), said("index (=7) must be from 0 to 6, the last of level 1"));
  assert.throws(() => coverage([], 0), said("n (=0) must be at least 1"));
});

test("when flatten comes then the fields end with the last map", () => {
  const head = [{ kind: "flatten" }, { kind: "dense", out_features: 10 }, { kind: "softmax" }];
  assert.deepEqual(receptiveField([...SMALL, ...head]), receptiveField(SMALL));
  assert.deepEqual(layerSizes([...SMALL, ...head], 28), layerSizes(SMALL, 28));
  assert.equal(coverage([...SMALL, ...head], 28), coverage(SMALL, 28));
  assert.deepEqual(mapLayers([...SMALL, ...head]), SMALL);
});

test("when the whole map is averaged then the field grows by its extent, for the input's size", () => {
  const fields = receptiveField([...SMALL, { kind: "global_avg_pool" }], 28);
  assert.deepEqual(fields.at(-1), { size: 26, jump: 4, start: 12.5 });
});
