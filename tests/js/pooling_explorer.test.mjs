import assert from "node:assert/strict";
import { test } from "node:test";

import { explain } from "../../convbook/widgets/pooling_explorer/arithmetic.js";
import { presetOf } from "../../convbook/widgets/pooling_explorer/controls.js";
import { barLabel } from "../../convbook/widgets/pooling_explorer/draw_bar.js";
import { imageCells } from "../../convbook/widgets/pooling_explorer/image.js";
import { outputCells } from "../../convbook/widgets/pooling_explorer/output.js";
import { describeScene, describeShift, legendText } from "../../convbook/widgets/pooling_explorer/sentences.js";
import {
  cellUnder, columnBefore, computePooled, computeScene, keptInside, shiftImage, stepCell,
} from "../../convbook/widgets/pooling_explorer/state.js";
import { textLength } from "../../convbook/widgets/pooling_explorer/work.js";
import { counting } from "./golden.mjs";

const BLOCKS = [[0, 10, 9, 3], [4, 3, 2, 1], [10, 2, 10, 3], [3, -1, -3, -3]];
const ROW = [[0.3, 0.1, 1, 0.2, 0.1, 0]];
const traits = (changes) => ({
  image: BLOCKS, kind: "max", size: 2, stride: 2, shift: 0, seed: 0, row: 0, column: 0, ...changes,
});
const sentence = (changes) => describeScene(computeScene(traits(changes)));

test("when a cell is chosen then each kind's arithmetic is written out", () => {
  const at = { row: 1, column: 1 };
  assert.equal(sentence({}), "Output row 1, column 1: the largest of 0, 10, 4, 3 is 10, at row 1, column 2.");
  assert.equal(sentence({ kind: "average", ...at }), "Output row 2, column 2: (10 + 3 + (−3) + (−3)) / 4 = 7 / 4 = 1.75.");
  assert.equal(sentence({ kind: "l2" }), "Output row 1, column 1: √(0² + 10² + 4² + 3²) = √125 ≈ 11.18.");
  assert.equal(
    sentence({ kind: "weighted", image: [[4, 8, -2]], size: 3 }),
    "Output row 1, column 1: 4×0.25 + 8×0.5 + (−2)×0.25 = 4.5.",
  );
  assert.equal(
    sentence({ kind: "stochastic" }),
    "Output row 1, column 1: probabilities 0, 0.59, 0.24, 0.18; the draw 0.27 hits 10, at row 1, column 2.",
  );
});

test("when values are rounded for display then the sign before says so", () => {
  assert.match(sentence({ image: [[1.004, 2]], kind: "average" }), /\(1 \+ 2\) \/ 2 ≈ 3 \/ 2 ≈ 1\.5\.$/);
  assert.match(sentence({ image: counting([3, 3]), kind: "weighted", size: 3 }), / ≈ 4\.$/);
});

test("when the window is large then the sentence keeps the first and the last term", () => {
  const big = { image: counting([4, 4]), size: 4 };
  assert.equal(sentence({ ...big, kind: "average" }), "Output row 1, column 1: (0 + … (16 terms) + 15) / 16 = 120 / 16 = 7.5.");
  assert.match(sentence(big), /the largest of 16 values is 15, at row 4, column 4/);
  assert.match(sentence({ ...big, kind: "stochastic" }), /: 16 probabilities; the draw 0.27 hits /);
});

test("when largest cells are equal then the first is named", () => {
  assert.match(sentence({ image: [[5, 1], [5, 5]] }), /is 5, first at row 1, column 1\.$/);
});

test("when no cell is positive then stochastic pooling says that it gives zero", () => {
  const scene = computeScene(traits({ image: [[-1, 0], [0, -2]], kind: "stochastic" }));
  assert.equal(describeScene(scene), "Output row 1, column 1: no cell is positive, so the output is 0.");
  assert.deepEqual([scene.output, scene.work.value, scene.work.hit], [[[0]], 0, -1]);
  assert.equal(barLabel(scene.work), "A bar from 0 to 1: no cell is positive, none can be drawn");
});

test("when a cell is worked out then its result is the output's own number", () => {
  const image = counting([5, 7]).map((line) => line.map((value) => Math.sin(value)));
  for (const kind of ["max", "average", "l2", "weighted", "stochastic"]) {
    for (const [row, column] of [[0, 0], [1, 2], [2, 4]]) {
      const scene = computeScene(traits({ image, kind, size: 3, stride: 1, shift: 2, seed: 5, row, column }));
      assert.equal(scene.work.value, scene.output[row][column], `${kind} ${row} ${column}`);
    }
  }
});

test("when the row of the book is shifted then all inputs change and half of the maxima", () => {
  const shifted = traits({ image: ROW, size: 3, stride: 1, shift: 1 });
  const scene = computeScene(shifted);
  assert.deepEqual([scene.before, scene.output], [[[1, 1, 1, 0.2]], [[0.3, 1, 1, 1]]]);
  assert.equal(
    describeShift(shifted, scene),
    "Shifted 1 cell to the right: 6 of 6 input values changed, 2 of 4 pooled values did.",
  );
  const marked = outputCells(scene)[0].map(({ className }) => className.includes("cvb-pool-changed"));
  assert.deepEqual(marked, [true, false, false, true]);
  assert.equal(outputCells(scene)[0][0].label, "row 1, column 1: 0.3, was 1");
});

test("when the image is shifted then it wraps around, in both directions", () => {
  assert.deepEqual(shiftImage([[1, 2, 3, 4]], 1), [[4, 1, 2, 3]]);
  assert.deepEqual(shiftImage([[1, 2, 3, 4]], -3), [[4, 1, 2, 3]]);
  assert.deepEqual(shiftImage([[7], [8]], -3), [[7], [8]]);
  assert.equal(columnBefore(0, 3, 2), 1);
  assert.match(describeShift(traits({ shift: -2 }), computeScene(traits({ shift: -2 }))), /^Shifted 2 cells to the left: /);
  assert.equal(describeShift(traits({}), computeScene(traits({}))), "Not shifted.");
});

test("when equal cells change places within a window then no rounding makes the sum look changed", () => {
  const image = [[0.1, 0.2, 0.3]];
  const scene = computeScene(traits({ image, kind: "average", size: 3, shift: 1 }));
  assert.deepEqual(scene.output, scene.before);
});

test("when cells are shown then each says what there is to know", () => {
  const cells = imageCells(computeScene(traits({ image: counting([3, 5]), shift: 1 })));
  assert.equal(cells[0][0].label, "row 1, column 1: 4, was 0, in the window");
  assert.equal(cells[1][1].label, "row 2, column 2: 5, was 6, in the window");
  assert.equal(cells[1][0].label, "row 2, column 1: 9, was 5, in the window, taken");
  assert.equal(cells[2][4].label, "row 3, column 5: 13, was 14, in no window");
  assert.match(cells[2][4].className, /cvb-pool-changed cvb-pool-unused/);
});

test("when the stride leaves gaps then the cells between the windows are in none", () => {
  const { unused } = computePooled(traits({ image: counting([1, 8]), size: 2, stride: 3 }));
  assert.deepEqual(unused, [[false, false, true, false, false, true, false, false]]);
  assert.match(legendText(traits({ image: counting([1, 8]), size: 2, stride: 3 }), computeScene(traits({
    image: counting([1, 8]), size: 2, stride: 3,
  }))), /^Output size: rows ⌊\(1 − 1\) \/ 3⌋ \+ 1 = 1, columns ⌊\(8 − 2\) \/ 3⌋ \+ 1 = 3\. Round cell: in no window\.$/);
});

test("when the window does not fit then the scene says why and holds no output", () => {
  const scene = computeScene(traits({ size: 5, shift: 1 }));
  assert.equal(
    describeScene(scene),
    "No output: size (=5×5) must fit into the image of 4×4 cells: use at most 4 rows and 4 columns.",
  );
  assert.equal(describeShift(traits({ shift: 1 }), scene), "Shifted 1 cell to the right: 15 of 16 input values changed.");
  assert.deepEqual([scene.output, scene.work, stepCell(scene, 1)], [[], null, null]);
});

test("when the image is one row or one column then so is the window", () => {
  assert.deepEqual(computePooled(traits({ image: ROW, size: 3 })).windowShape, [1, 3]);
  assert.deepEqual(computePooled(traits({ image: [[1], [2], [3]], size: 3 })).output, [[3]]);
});

test("when stepping passes a row's end then the next row follows, and the ends stop", () => {
  const at = (row, column) => computeScene(traits({ row, column }));
  assert.deepEqual(stepCell(at(0, 1), 1), { row: 1, column: 0 });
  assert.equal(stepCell(at(0, 0), -1), null);
  assert.equal(stepCell(at(1, 1), 1), null);
});

test("when a cell of the image is pointed at then the nearest window is found", () => {
  const scene = computeScene(traits({}));
  assert.deepEqual(cellUnder(traits({}), scene, { row: 1, column: 3 }), { row: 0, column: 1 });
  assert.deepEqual(cellUnder(traits({}), scene, { row: 3, column: 0 }), { row: 1, column: 0 });
});

test("when the output shrinks then the chosen cell is brought along", () => {
  assert.deepEqual(keptInside(traits({ row: 1, column: 1, size: 3, stride: 1 })), { row: 1, column: 1 });
  assert.deepEqual(keptInside(traits({ row: 1, column: 1, size: 4 })), { row: 0, column: 0 });
  assert.deepEqual(keptInside(traits({ row: 1, column: 1, size: 8 })), { row: 0, column: 0 });
});

test("when a cell is drawn then the bar says in which part the draw lies", () => {
  assert.equal(
    barLabel(explain([[6, -1], [2, 2]], "stochastic", 0.7)),
    "A bar from 0 to 1, split by probability: the draw 0.7 lies in the part of 2, from 0.6 to 0.8",
  );
});

test("when an image equals a preset then its name is shown", () => {
  const presets = { Blocks: { image: BLOCKS, size: 2, stride: 2 } };
  assert.equal(presetOf(presets, shiftImage(BLOCKS, 0)), "Blocks");
  assert.equal(presetOf(presets, ROW), undefined);
});

test("when numbers are measured then the longest counts", () => {
  assert.equal(textLength([[1, -0.25]], [[12]]), 5);
  assert.equal(textLength([[1]], []), 1);
});
