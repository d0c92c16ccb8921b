import assert from "node:assert/strict";
import { test } from "node:test";

import { count, LayerError } from "../../convbook/widgets/shared/counting.js";
import { details, KINDS, said } from "../../convbook/widgets/shared/layer_kinds.js";
import { thousands } from "../../convbook/widgets/shared/words.js";
import { golden } from "./golden.mjs";

const CONV = { kind: "conv", out_channels: 8, kernel_size: 3 };

test("when stacks vary then shapes, parameters, work and maps are PyTorch's", () => {
  for (const { layers, input_shape, expected } of golden("network_counts")) {
    const { rows } = count(layers, input_shape);
    const counted = rows.map(({ outputShape, parameters, macs, activations }) => ({ output_shape: outputShape, parameters, macs, activations }));
    assert.deepEqual(counted, expected);
  }
});

test("when stacks vary then receptive fields are those the gradient shows", () => {
  for (const { layers, input_shape, receptive_fields: measured } of golden("network_counts")) {
    const fields = count(layers, input_shape).rows.map((row) => row.receptiveField);
    assert.deepEqual(fields.slice(0, measured.length), measured);
  }
});

test("when a network cannot be then the message names layer, value, rule and fix", () => {
  for (const { layers, input_shape, message } of golden("impossible_networks")) {
    assert.throws(() => count(layers, input_shape), { constructor: message.startsWith("layer") ? LayerError : RangeError, message });
  }
});

test("when a layer cannot be then the error holds the count of those before it", () => {
  const stack = [CONV, { kind: "flatten" }, CONV, { kind: "relu" }];
  try {
    count(stack, [1, 9, 9]);
    assert.fail("a convolution cannot follow flatten");
  } catch (error) {
    assert.ok(error instanceof LayerError);
    assert.equal(error.number, 3);
    assert.deepEqual(error.counted.rows.map((row) => row.outputShape), [[8, 7, 7], [392]]);
    assert.equal(error.counted.parameters, 80);
  }
});

test("when a dense layer comes then each output depends on all, and stays so", () => {
  const dense = { kind: "dense", out_features: 2 };
  const { rows } = count([CONV, { kind: "flatten" }, dense, { kind: "relu" }], [1, 9, 9]);
  assert.deepEqual(rows.map((row) => row.receptiveField), [[3, 3], [3, 3], null, null]);
});

test("when maps are averaged as a whole then the field grows by their extent", () => {
  const { rows } = count([CONV, { kind: "global_avg_pool" }], [1, 9, 12]);
  assert.deepEqual([rows[1].outputShape, rows[1].receptiveField], [[8, 1, 1], [9, 12]]);
});

test("when totals are asked then they sum the rows, bytes at four an element", () => {
  const { parameters, macs, activations, activationBytes, outputShape } = count([CONV, CONV], [1, 6, 7]);
  assert.equal(parameters, 80 + 584);
  assert.equal(macs, 72 * 20 + 576 * 6);
  assert.deepEqual([activations, activationBytes], [160 + 48, 832]);
  assert.deepEqual(outputShape, [8, 2, 3]);
});

test("when there is no layer then the output is the input", () => {
  const { rows, outputShape, parameters } = count([], [3, 4, 5]);
  assert.deepEqual([rows, outputShape, parameters], [[], [3, 4, 5], 0]);
});

test("when a layer is put in words then what is at its default is left out", () => {
  const words = [
    [CONV, "3×3, 8 channels"],
    [{ ...CONV, out_channels: 1 }, "3×3, 1 channel"],
    [{ kind: "dense", out_features: 1 }, "1 feature"],
    [{ ...CONV, kernel_size: [3, 5], stride: [2, 1], padding: 1, groups: 2, bias: false, activation: "relu" },
      "3×5, 8 channels, stride 2×1, padding 1, 2 groups, no bias, relu"],
    [{ kind: "max_pool", kernel_size: [2, 3], stride: [2, 3] }, "2×3"],
    [{ kind: "max_pool", kernel_size: 3, stride: 2 }, "3×3, stride 2"],
    [{ kind: "dense", out_features: 4096 }, "4,096 features"],
    [{ kind: "residual", out_channels: 128, stride: 2 }, "128 channels, stride 2"],
    [{ kind: "inception", conv1x1: 64, reduce3x3: 96, conv3x3: 128, reduce5x5: 16, conv5x5: 32, pool_projection: 32 },
      "64 + 96→128 + 16→32 + 32"],
    [{ kind: "flatten" }, ""],
  ];
  for (const [layer, text] of words) assert.equal(details(layer), text);
});

test("when a value is said then it reads as in Python", () => {
  assert.deepEqual([said([1, "a"]), said(true), said(null), said(2.5)], ["[1, 'a']", "True", "None", "2.5"]);
  assert.deepEqual([0, 999, 1000, 138357544].map(thousands), ["0", "999", "1,000", "138,357,544"]);
});

test("when every kind is listed then Python lists the same, in the same order", () => {
  const { message } = golden("impossible_networks").find((one) => one.message.includes("(='dens')"));
  assert.ok(message.endsWith(Object.keys(KINDS).join(", ")));
});
