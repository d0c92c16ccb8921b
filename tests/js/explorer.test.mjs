import assert from "node:assert/strict";
import { test } from "node:test";

import { presetOf } from "../../convbook/widgets/kernel_explorer/controls.js";
import { imageCells } from "../../convbook/widgets/kernel_explorer/image.js";
import { cellUnder, computeScene, describeScene, sizeFormula, stepCell } from "../../convbook/widgets/kernel_explorer/state.js";
import { brightness } from "../../convbook/widgets/kernel_explorer/tools.js";
import { placeAfterKey } from "../../convbook/widgets/shared/grid.js";
import { equalsSign, formatNumber, sumSentence } from "../../convbook/widgets/shared/words.js";
import { counting } from "./golden.mjs";

const traits = (changes) => ({
  image: counting([4, 5]), kernel: [[1, 0], [0, -1]], stride: 1, padding: 0, dilation: 1,
  mode: "constant", flip: false, row: 0, column: 0, show_all: false, ...changes,
});

test("when a cell is chosen then the sentence writes its products and their sum out", () => {
  const scene = computeScene(traits({ row: 1, column: 2 }));
  assert.equal(describeScene(scene), "Output row 2, column 3: 7×1 + 8×0 + 12×0 + 13×(−1) = −6");
  assert.deepEqual(scene.products, [[7, 0], [0, -13]]);
});

test("when the kernel is flipped then products use the flipped weights", () => {
  assert.equal(computeScene(traits({ flip: true })).sum, 6);
});

test("when the kernel fits nowhere then the scene says why and holds no output", () => {
  const scene = computeScene(traits({ dilation: 8 }));
  assert.deepEqual(scene.output, []);
  assert.match(describeScene(scene), /^No output: the kernel reaches over 9 cells .* more padding\.$/);
});

test("when the chosen cell lies outside then the last cell is shown", () => {
  const { row, column } = computeScene(traits({ row: 9, column: 9 }));
  assert.deepEqual({ row, column }, { row: 2, column: 3 });
});

test("when stepping passes a row's end then the next row follows, and the ends stop", () => {
  const at = (row, column) => computeScene(traits({ row, column }));
  assert.deepEqual(stepCell(at(0, 3), 1), { row: 1, column: 0 });
  assert.equal(stepCell(at(0, 0), -1), null);
  assert.equal(stepCell(at(2, 3), 1), null);
});

test("when a cell is pointed at then the nearest window is found and kept inside", () => {
  const wide = traits({ image: counting([9, 9]), kernel: counting([3, 3]), stride: 2 });
  const scene = computeScene(wide);
  assert.deepEqual(cellUnder(wide, scene, 5, 3), { row: 2, column: 1 });
  assert.deepEqual(cellUnder(wide, scene, -4, 99), { row: 0, column: 3 });
});

test("when there is padding then its cells are told apart in class and label", () => {
  const padded = traits({ padding: 1, mode: "nearest" });
  const [[corner], [, first]] = imageCells(padded, computeScene(padded));
  assert.equal(corner.label, "padding: 0, under the kernel");
  assert.match(corner.className, /cvb-padding/);
  assert.equal(first.label, "row 1, column 1: 0, under the kernel");
  assert.equal(first.data.term, "1,1");
});

test("when the formula is written then it holds this explorer's numbers", () => {
  assert.equal(sizeFormula(traits({ stride: 2, padding: 1 }), 5, 3), "⌊(5 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3");
});

test("when a key is pressed then the place moves and stays inside the grid", () => {
  const from = { row: 1, column: 1 };
  const after = (key, options) => placeAfterKey({ key, ...options }, from, 3, 4);
  assert.deepEqual(after("ArrowUp"), { row: 0, column: 1 });
  assert.deepEqual(after("ArrowRight"), { row: 1, column: 2 });
  assert.deepEqual(after("Home"), { row: 1, column: 0 });
  assert.deepEqual(after("End", { ctrlKey: true }), { row: 2, column: 3 });
  assert.deepEqual(placeAfterKey({ key: "ArrowUp" }, { row: 0, column: 0 }, 3, 4), { row: 0, column: 0 });
  assert.equal(after("Tab"), null);
  assert.equal(after("toString"), null);
});

test("when a number is rounded then the sign before it says so", () => {
  assert.deepEqual([formatNumber(-1 / 9), equalsSign(1 / 9)], ["−0.11", "≈"]);
  assert.deepEqual([formatNumber(-0.001), equalsSign(1.25)], ["0", "="]);
});

test("when there are many products then the sentence keeps the first and the last", () => {
  assert.equal(sumSentence(Array(25).fill(1), Array(25).fill(2), 50), "1×2 + … (25 products) + 1×2 = 50");
});

test("when a kernel equals a preset then its name is shown", () => {
  const presets = { Identity: [[1]], Difference: [[-1, 1]] };
  assert.equal(presetOf(presets, [[-1, 1]]), "Difference");
  assert.equal(presetOf(presets, [[2]]), undefined);
});

test("when a picture is read then its brightness runs from 0 to 9", () => {
  assert.deepEqual(brightness([0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255], 2), [[0, 9], [2, 6]]);
});
