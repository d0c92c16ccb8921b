import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addLayer, changeField, changeKind, MOST_LAYERS, moveLayer, newLayer, removeLayer,
} from "../../convbook/widgets/architecture_table/edits.js";
import { computeScene, describeScene, layersText, presetOf, totals } from "../../convbook/widgets/architecture_table/state.js";
import { stripText } from "../../convbook/widgets/architecture_table/strip.js";
import { groupOf, rowAfterKey } from "../../convbook/widgets/architecture_table/table.js";
import { bytesText, fieldText, inMillions, shapeText, shareText } from "../../convbook/widgets/architecture_table/words.js";
import { KINDS, kindText, readLayer } from "../../convbook/widgets/shared/layer_kinds.js";
import { golden } from "./golden.mjs";

const CONV = { kind: "conv", out_channels: 8, kernel_size: 3, activation: "relu" };
const POOL = { kind: "max_pool", kernel_size: 2 };
const FLATTEN = { kind: "flatten" };
const DENSE = { kind: "dense", out_features: 10 };
const STACK = [CONV, POOL, FLATTEN, DENSE];
const traits = (changes) => ({ layers: STACK, input_shape: [1, 9, 12], selected: 0, share: "parameters", ...changes });
const kinds = ({ layers }) => layers.map((layer) => layer.kind);

test("when numbers are written then they are short and exact", () => {
  const write = { millions: inMillions, bytes: bytesText, share: shareText };
  for (const { what, values, text } of golden("table_words")) assert.equal(write[what](...values), text);
  assert.deepEqual([shapeText([64, 13, 5]), shapeText([25088]), fieldText([3, 5]), fieldText(null)],
    ["64×13×5", "25,088", "3×5", "all"]);
  assert.equal(kindText("global_avg_pool"), "global avg pool");
});

test("when a layer is selected then the sentence says what it makes and its share", () => {
  const say = (changes) => describeScene(computeScene(traits(changes)));
  assert.equal(say(), "Layer 1 of 4, conv (3×3, 8 channels, relu): output 8×7×10; 80 of 1,290 parameters, 6.2 %.");
  assert.equal(say({ selected: 2, share: "macs" }), "Layer 3 of 4, flatten: output 120; 0 of 6,240 MACs, 0 %.");
  assert.equal(say({ selected: 1, share: "memory" }),
    "Layer 2 of 4, max pool (2×2): output 8×3×5; 480 B of 3.2 KiB of outputs, 14.8 %.");
});

test("when a layer is not possible then the sentence says why and the rows before it stay", () => {
  const scene = computeScene(traits({ layers: [CONV, POOL, DENSE, FLATTEN] }));
  assert.equal(describeScene(scene),
    "Not possible: layer 3 (dense): its input has shape (8, 3, 5), but dense takes a vector: " +
      "put flatten before it. Counted: layers 1 to 2.");
  assert.deepEqual(scene.rows.map((row) => row.count?.parameters ?? null), [80, 0, null, null]);
  assert.deepEqual([0, 1, 2].map(layersText), ["no layer", "layer 1", "layers 1 to 2"]);
});

test("when the selected layer is past the last then the last is shown", () => {
  assert.equal(computeScene(traits({ selected: 9 })).selected, 3);
});

test("when totals are shown then they are the network's", () => {
  assert.deepEqual(totals(computeScene(traits()).counted),
    { output: "10", parameters: "1,290", macs: "6,240", millions: "", memory: "3.2 KiB" });
});

test("when the strip is described then its largest layers come first", () => {
  assert.equal(stripText(computeScene(traits())), "Share of parameters: layer 4 dense 93.8 %, layer 1 conv 6.2 %");
  assert.equal(stripText(computeScene(traits({ layers: [POOL] }))), "Share of parameters: none");
});

test("when layers equal a preset then its name is shown, whichever way defaults are written", () => {
  const presets = { Other: { layers: [POOL], input_shape: [1, 9, 12] }, Mine: { layers: STACK, input_shape: [1, 9, 12] } };
  const spelled = [{ ...CONV, stride: 1, bias: true }, { ...POOL, stride: 2 }, FLATTEN, DENSE];
  assert.equal(presetOf(presets, traits({ layers: spelled })), "Mine");
  assert.equal(presetOf(presets, traits({ input_shape: [1, 9, 13] })), undefined);
});

test("when a layer is added then it follows the selected one and is selected", () => {
  const stack = addLayer({ layers: STACK, selected: 1 }, "batch_norm");
  assert.deepEqual([kinds(stack), stack.selected], [["conv", "max_pool", "batch_norm", "flatten", "dense"], 2]);
  assert.equal(addLayer({ layers: Array(MOST_LAYERS).fill(POOL), selected: 0 }, "relu"), null);
});

test("when a layer is removed then the next is selected, at the end the last, and one stays", () => {
  assert.deepEqual(removeLayer({ layers: STACK, selected: 1 }), { layers: [CONV, FLATTEN, DENSE], selected: 1 });
  assert.equal(removeLayer({ layers: STACK, selected: 3 }).selected, 2);
  assert.equal(removeLayer({ layers: [CONV], selected: 0 }), null);
});

test("when a layer is moved then it stays selected and stops at the ends", () => {
  const moved = moveLayer({ layers: STACK, selected: 1 }, 1);
  assert.deepEqual([kinds(moved), moved.selected], [["conv", "flatten", "max_pool", "dense"], 2]);
  assert.equal(moveLayer({ layers: STACK, selected: 0 }, -1), null);
  assert.equal(moveLayer({ layers: STACK, selected: 3 }, 1), null);
});

test("when any kind is new then its fields are right, and nothing is over", () => {
  for (const kind of Object.keys(KINDS)) assert.deepEqual(readLayer(newLayer(kind)), newLayer(kind));
});

test("when a kind changes then the fields both kinds have are kept", () => {
  const change = (layer, kind) => changeKind({ layers: [layer], selected: 0 }, kind).layers[0];
  assert.deepEqual(change({ ...CONV, kernel_size: [2, 5], padding: 1 }, "avg_pool"),
    { kind: "avg_pool", kernel_size: [2, 5], padding: 1 });
  assert.deepEqual(change(POOL, "conv"), { kind: "conv", out_channels: 32, kernel_size: 2 });
  assert.deepEqual(change(CONV, "flatten"), { kind: "flatten" });
});

test("when rows and columns of a stride differ then a kind with one stride takes the rows", () => {
  const conv = { ...CONV, stride: [2, 1] };
  const { layers } = changeKind({ layers: [conv], selected: 0 }, "residual");
  assert.deepEqual(readLayer(layers[0]), { kind: "residual", out_channels: 8, stride: 2 });
});

test("when a field returns to its default then the layer is as it was", () => {
  const change = (layer, name, value) => changeField({ layers: [layer], selected: 0 }, name, value).layers[0];
  assert.deepEqual(change(CONV, "stride", 2), { ...CONV, stride: 2 });
  assert.deepEqual(change({ ...CONV, stride: 2 }, "stride", 1), CONV);
  assert.deepEqual(change({ ...POOL, stride: 3 }, "stride", 2), POOL);
  assert.deepEqual(change({ ...CONV, bias: false }, "bias", true), CONV);
  assert.deepEqual(change(CONV, "out_channels", 9), { ...CONV, out_channels: 9 });
});

test("when a key is pressed then the next row follows and the ends stop", () => {
  const after = ["ArrowUp", "ArrowDown", "Home", "End", "Tab", "toString"].map((key) => rowAfterKey(key, 1, 4));
  assert.deepEqual(after, [0, 2, 0, 3, null, null]);
  assert.deepEqual([rowAfterKey("ArrowUp", 0, 4), rowAfterKey("ArrowDown", 3, 4)], [0, 3]);
});

test("when layers are drawn then convolutions, dense layers and the rest differ", () => {
  assert.deepEqual(["conv", "residual", "inception", "dense", "batch_norm"].map(groupOf), ["conv", "conv", "conv", "dense", "other"]);
});
