import assert from "node:assert/strict";
import { test } from "node:test";

import { columnCells, copiesOf, matrixCells, outputCells, productCells, productValues, weightCells } from "../../convbook/widgets/convolution_roll/cells.js";
import { presetOf } from "../../convbook/widgets/convolution_roll/controls.js";
import { barOf, completed, computeScene, limitOf, scaleOf } from "../../convbook/widgets/convolution_roll/state.js";
import { describeMatrix, describeRow, describeScene, describeSize } from "../../convbook/widgets/convolution_roll/words.js";
import { fieldText } from "../../convbook/widgets/shared/words.js";

const traits = (changes) => ({
  x: [1, 2, 3], w: [10, 1], mode: "full", flip: true, position: 0, show_all: false, ...changes,
});
const scene = (changes) => computeScene(traits(changes));
const texts = (cells) => cells.map((cell) => cell.text);

test("when an output is chosen then the sentence writes its products and their sum out", () => {
  assert.equal(describeScene(scene({ position: 2 })), "Output 3: 2×1 + 3×10 = 32");
  assert.equal(describeScene(scene({ flip: false, position: 2 })), "Output 3: 2×10 + 3×1 = 23");
  assert.equal(describeScene(scene({ w: [10, -1], position: 3 })), "Output 4: 3×(−1) = −3");
});

test("when there are many products then the sentence says the first and the last", () => {
  const long = scene({ x: Array(10).fill(2), w: Array(10).fill(1), mode: "valid" });
  assert.equal(describeScene(long), "Output 1: 2×1 + … (10 products) + 2×1 = 20");
});

test("when two decimals do not say a number then no equals sign claims they do", () => {
  assert.equal(describeScene(scene({ x: [1 / 3], w: [3], mode: "full" })), "Output 1: 0.33×3 ≈ 1");
});

test("when w hangs over the edge then there is no product beside x", () => {
  const { first, left, columns, ...first0 } = scene({ position: 0 });
  assert.deepEqual([first, left, columns], [-1, -1, 5]);
  assert.deepEqual(texts(productCells({ first, ...first0 })), ["", "10"]);
  assert.deepEqual(productValues({ first, ...first0 }), [null, 10]);
});

test("when x repeats then the product names the copied cell", () => {
  const periodic = scene({ mode: "periodic" });
  assert.equal(productCells(periodic)[0].label, "copy of x cell 3: 3 × 1 = 3");
  assert.equal(productCells(periodic)[1].label, "x cell 1: 1 × 10 = 10");
  assert.deepEqual(copiesOf(traits({ mode: "periodic" }), -4, 0), [3, 1, 2, 3]);
  assert.deepEqual(copiesOf(traits(), 3, 5), [null, null]);
});

test("when flipped then each weight keeps its own number", () => {
  assert.deepEqual(weightCells([1, 10], true).map((cell) => cell.label), ["w cell 2: 1", "w cell 1: 10"]);
  assert.deepEqual(weightCells([10, 1], false).map((cell) => cell.label), ["w cell 1: 10", "w cell 2: 1"]);
});

test("when a mode keeps less then each output stands under w's first cell all the same", () => {
  const columns = (changes) => ["full", "same", "valid", "periodic"].map((mode) => scene({ mode, ...changes }).outputColumn);
  assert.deepEqual(columns({ w: [1, 2, 3] }), [0, 1, 2, 0]);
  assert.deepEqual(columns({ w: [1, 2, 3], flip: false }), [-2, -1, 0, 0]);
});

test("when rolling on then the outputs up to the chosen one are known", () => {
  assert.deepEqual(texts(outputCells([10, 21, 32, 3], 1, false)), ["10", "21", "", ""]);
  assert.deepEqual(texts(outputCells([10, 21, 32, 3], 1, true)), ["10", "21", "32", "3"]);
  assert.equal(outputCells([10, 21], 0, false)[1].label, "output 2: not computed yet");
});

test("when a cell of the matrix is 0 then it looks blank and is said", () => {
  const [[zero, ten]] = matrixCells([[0, 10]], true);
  assert.deepEqual([zero.text, zero.label, zero.value], ["", "row 1, column 1: 0", null]);
  assert.equal(ten.text, "10");
  assert.equal(matrixCells([[0, 10]], false)[0][1].text, "");
  assert.equal(columnCells("x", [4], false)[0][0].label, "x 1: 4");
});

test("when the operation is a correlation then its matrix gives it too", () => {
  const product = ({ matrix }, x) => matrix.map((row) => row.reduce((sum, value, j) => sum + value * x[j], 0));
  for (const mode of ["full", "same", "valid", "periodic"]) {
    for (const w of [[1, 2, -3], [1, 0, 2, 4]]) {
      const one = scene({ mode, w, flip: false });
      assert.deepEqual(product(one, [1, 2, 3]), one.output, mode);
    }
  }
});

test("when the row is said then its zeros are summed up", () => {
  assert.equal(describeRow([0, -1, 10], 2), "Row 3: −1 in column 2, 10 in column 3, 0 elsewhere.");
  assert.equal(describeRow([5], 0), "Row 1: 5 in column 1.");
  assert.equal(describeRow([0, 0], 0), "Row 1: all 0.");
});

test("when the mode changes then the size says how the outputs are counted", () => {
  const size = (mode, changes) => describeSize(traits({ mode, ...changes }), scene({ mode, ...changes }).output.length);
  assert.equal(size("full"), "every overlap: 3 + 2 − 1 = 4");
  assert.equal(size("same"), "as many as the longer signal: max(3, 2) = 3");
  assert.equal(size("valid", { w: [1, 2, 3, 4] }), "one wholly over the other: 4 − 3 + 1 = 2");
  assert.equal(size("periodic"), "as many as x, which repeats: 3");
  assert.equal(describeMatrix(traits({ mode: "periodic" }), [[1]]), "Matrix, circulant: 1 × 1");
});

test("when a bar is drawn then zero lies among the ends of its lane", () => {
  assert.deepEqual(scaleOf([3, -1]), { low: -1, high: 3 });
  assert.deepEqual(scaleOf([2, 5]), { low: 0, high: 5 });
  assert.deepEqual(barOf(-1, { low: -1, high: 3 }), { top: 75, size: 25 });
  assert.deepEqual(barOf(0, { low: 0, high: 0 }), { top: 0, size: 0 });
  assert.equal(limitOf({ low: -4, high: 3 }), 4);
});

test("when a change leaves fewer outputs then the position comes along", () => {
  assert.deepEqual(completed({ mode: "valid" }, traits({ position: 3 })), { mode: "valid", position: 1 });
  assert.deepEqual(completed({ x: [7] }, traits({ position: 3 })), { x: [7], position: 1 });
  assert.equal(scene({ position: 33 }).position, 3);
});

test("when the signals are a preset's then it is named", () => {
  const presets = { Echo: { x: [1, 0], w: [1] } };
  assert.equal(presetOf(presets, traits({ x: [1, 0], w: [1] })), "Echo");
  assert.equal(presetOf(presets, traits()), undefined);
  assert.equal(fieldText(-1 / 3), "-0.333");
});
