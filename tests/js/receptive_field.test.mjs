import assert from "node:assert/strict";
import { test } from "node:test";

import { ofKind } from "../../convbook/widgets/receptive_field/layers.js";
import { cellAt, fieldPaths } from "../../convbook/widgets/receptive_field/map.js";
import { completed, computeScene, middleOf, sceneWithoutPooling } from "../../convbook/widgets/receptive_field/state.js";
import { placeAfter } from "../../convbook/widgets/receptive_field/strip.js";
import { tableRows } from "../../convbook/widgets/receptive_field/table.js";
import { describeMap, describeProblem, describeScene, formatPercent } from "../../convbook/widgets/receptive_field/words.js";
import { runs } from "../../convbook/widgets/shared/rectangles.js";

const CONV3 = { kind: "conv", kernel_size: 3, stride: 1, padding: 0, dilation: 1 };
const POOL2 = { kind: "max_pool", kernel_size: 2, stride: 2, padding: 0, dilation: 1 };
const SMALL = [CONV3, POOL2, CONV3, POOL2, CONV3];
const PADDED = { ...CONV3, padding: 1 };
const traits = (changes) => ({ layers: SMALL, input_size: 28, level: 5, row: 1, column: 1, compare: false, ...changes });
const said = (changes) => describeScene(computeScene(traits(changes)), null).replaceAll("\u00a0", " ");
const at = ({ level, row, column }) => [level, row, column];

test("when a neuron is chosen then the sentence counts the cells it sees", () => {
  assert.equal(said(), "Neuron row 2, column 2 of layer 5 sees 18 × 18 = 324 of 784 input cells (41.3 %).");
  assert.equal(said({ level: 0 }), "Cell row 2, column 2 of the input sees 1 × 1 = 1 of 784 input cells (0.13 %).");
});

test("when the field passes the border then the sentence says by how much and where", () => {
  const sentence = said({ layers: [PADDED, PADDED], level: 2, row: 0, column: 27 });
  assert.match(sentence, /sees 3 × 3 = 9 .* Its 5 × 5 field reaches 2 rows above and 2 columns to the right of the input/);
  assert.match(said({ layers: [PADDED], level: 1, row: 5, column: 0 }), /3 × 2 = 6 .* reaches 1 column to the left of the input/);
});

test("when a field has gaps then the sentence says how far they spread", () => {
  const dilated = [{ ...CONV3, dilation: 4 }];
  assert.match(said({ layers: dilated, level: 1 }), /sees 3 × 3 = 9 of 784 input cells \(1.15 %\), spread with gaps over 9 × 9\.$/);
});

test("when a neuron reads padding alone then the sentence says so", () => {
  const layers = [{ ...CONV3, kernel_size: 1, padding: 2 }];
  assert.match(said({ layers, level: 1, row: 0 }), /^Neuron row 1, column 2 of layer 1 sees no input cell, only padding\./);
  const scene = computeScene(traits({ layers, level: 1, row: 0 }));
  assert.equal(describeMap(scene, 0), "Input, 28 × 28 cells: only padding is read");
});

test("when pooling is left out then the neuron at the same place is compared", () => {
  const scene = computeScene(traits());
  const without = sceneWithoutPooling(scene);
  assert.deepEqual([without.numbers, without.sizes, at(without)], [[0, 1, 3, 5], [28, 26, 24, 22], [3, 10, 10]]);
  assert.match(describeScene(scene, without), /Without pooling, row 11, column 11 of layer 5 sees 7 × 7 = 49 \(6.25.%\)\.$/);
  const low = computeScene(traits({ level: 1 }));
  assert.match(describeScene(low, sceneWithoutPooling(low)), /nothing pools: without pooling it sees the same\.$/);
});

test("when the stack does not fit without its pooling then that is said with the layer's own number", () => {
  const widening = { ...POOL2, stride: 1, padding: 1 };
  const scene = computeScene(traits({ layers: [widening, { ...CONV3, kernel_size: 5 }], input_size: 4, level: 2 }));
  const without = sceneWithoutPooling(scene);
  assert.equal(without.rows.length, 0);
  assert.match(describeScene(scene, without), /Without pooling, layer 2 \(conv\) does not fit: the kernel reaches over 5/);
  assert.deepEqual(tableRows(scene, without).map((row) => row.slice(5)), [["1 × 1", "6.25\u00a0%"], ["left out", "–"], ["none", "–"]]);
});

test("when a layer does not fit then the rest is kept and the layer is named", () => {
  const scene = computeScene(traits({ layers: [...SMALL, { ...CONV3, kernel_size: 5 }, POOL2] }));
  assert.deepEqual(scene.sizes, [28, 26, 13, 11, 5, 3]);
  assert.match(describeProblem(scene), /^Layer 6 \(conv\) does not fit: .* Layer 6 and the layers above it have no map\.$/);
  assert.deepEqual(tableRows(scene, null)[6], ["6 conv 5×5", "none", "–", "–", "–"]);
  assert.match(describeProblem(computeScene(traits({ input_size: 17, level: 3 }))), /Layer 5 has no map\.$/);
  assert.equal(describeProblem(computeScene(traits())), "");
});

test("when a change makes maps smaller then level and neuron are sent along", () => {
  const { level, row, column } = completed({ input_size: 17 }, traits({ row: 2 }));
  assert.deepEqual([level, row, column], [4, 0, 0]);
  assert.deepEqual(at(completed({ input_size: 20 }, traits({ row: 2, column: 0 }))), [5, 0, 0]);
});

test("when a layer is added then the last level is followed, and its middle", () => {
  assert.deepEqual(at(completed({ layers: [...SMALL, CONV3] }, traits())), [6, 0, 0]);
  assert.deepEqual(at(completed({ layers: SMALL.slice(1) }, traits({ level: 2, row: 3, column: 5 }))), [2, 3, 5]);
  assert.deepEqual(at(completed({ input_size: 32 }, traits())), [5, 1, 1]);
  assert.deepEqual(at(completed({ level: 1 }, traits())), [1, 12, 12]);
  assert.deepEqual(at(completed({ level: 1, row: 99, column: 0 }, traits())), [1, 25, 0]);
});

test("when a key is pressed in another level's map then its lit middle is chosen first", () => {
  const scene = computeScene(traits());
  assert.deepEqual(placeAfter({ key: "ArrowUp" }, scene, 5), { row: 0, column: 1 });
  assert.deepEqual(placeAfter({ key: "ArrowUp" }, scene, 0), { row: 12, column: 12 });
  assert.deepEqual(placeAfter({ key: "Enter" }, computeScene(traits({ level: 0 })), 5), { row: 1, column: 1 });
  assert.equal(placeAfter({ key: "Tab" }, scene, 0), null);
});

test("when a place in a drawing is pointed at then padding counts as the nearest cell", () => {
  const box = { left: 10, top: 20, width: 100, height: 100 };
  assert.deepEqual(cellAt(box, 10, 119, { size: 8, ring: 1 }), { row: 7, column: 0 });
  assert.deepEqual(cellAt(box, 55, 45, { size: 8, ring: 1 }), { row: 1, column: 3 });
});

test("when a field has holes then each run is drawn, and one frame around all", () => {
  assert.deepEqual(runs([0, 1, 4, 6, 7]), [[0, 2], [4, 1], [6, 2]]);
  const span = { first: -1, last: 3, cells: [1, 3], padding: [-1] };
  const { lit, padding, frame } = fieldPaths({ rows: span, columns: span });
  assert.deepEqual([lit, padding].map((path) => path.match(/M/g).length), [4, 5]);
  assert.equal(frame, "M1 1h3v3h-3z");
});

test("when numbers are rounded then halves go up as in Python", () => {
  assert.deepEqual([[324, 784], [49, 784], [5, 16], [1, 1]].map((pair) => formatPercent(...pair)),
    ["41.3\u00a0%", "6.25\u00a0%", "31.3\u00a0%", "100\u00a0%"]);
  assert.deepEqual([middleOf(3), middleOf(22)], [1, 10]);
});

test("when a layer becomes another kind then its stride is that kind's, and only its own fields stay", () => {
  const dilated = { ...CONV3, padding: 1, dilation: 2 };
  assert.deepEqual(ofKind("max_pool", dilated), { kind: "max_pool", kernel_size: 3, stride: 3, padding: 1, dilation: 2 });
  assert.deepEqual(ofKind("avg_pool", dilated), { kind: "avg_pool", kernel_size: 3, stride: 3, padding: 1 });
  assert.deepEqual(ofKind("conv", ofKind("avg_pool", POOL2)), { ...CONV3, kernel_size: 2 });
});
