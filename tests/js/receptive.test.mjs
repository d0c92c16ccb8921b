import assert from "node:assert/strict";
import { test } from "node:test";

import {
  checkedLayers, coverage, fieldOf, layerSizes, receptiveField, samePlace, sizesThatFit, withoutPooling,
} from "../../convbook/widgets/shared/receptive.js";
import { golden } from "./golden.mjs";

const CONV3 = { kind: "conv", kernel_size: 3 };
const POOL2 = { kind: "pool", kernel_size: 2 };
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
    assert.deepEqual(spans.map(({ first, last }) => [first, last]), ends, JSON.stringify(layers));
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
      const message = /^layer \d \((conv|pool)\) does not fit: the kernel reaches over/;
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

test("when something breaks its rule then the message is Python's", () => {
  const said = (layer) => ({ name: "RangeError", message: layer });
  const settings = "use kind, kernel_size, stride, padding, dilation";
  for (const [layer, message] of [
    [{ kind: "dense" }, "layer 2: kind (='dense') must be 'conv' or 'pool'"],
    [{ kernel_size: 3 }, "layer 2: kind (=None) must be 'conv' or 'pool'"],
    [{ ...CONV3, size: 2 }, `layer 2: size is not a setting: ${settings}`],
    [{ kind: "pool" }, "layer 2 (pool): kernel_size (=None) must be a whole number of at least 1"],
    [{ ...CONV3, padding: -1 }, "layer 2 (conv): padding (=-1) must be a whole number of at least 0"],
    [{ ...CONV3, dilation: 1.5 }, "layer 2 (conv): dilation (=1.5) must be a whole number of at least 1"],
  ]) assert.throws(() => checkedLayers([CONV3, layer]), said(message));
  assert.throws(() => fieldOf([CONV3], 2, 0, 9), said("level (=2) must be from 0, the input, to 1"));
  assert.throws(() => fieldOf([CONV3], 1, 7, 9), said("index (=7) must be from 0 to 6, the last of level 1"));
  assert.throws(() => coverage([], 0), said("n (=0) must be at least 1"));
});
