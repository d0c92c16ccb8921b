import assert from "node:assert/strict";
import { test } from "node:test";

import { cellsOf } from "../../convbook/widgets/shape_calculator/board.js";
import { filledIn, STEPS } from "../../convbook/widgets/shape_calculator/formula.js";
import { countWords } from "../../convbook/widgets/shape_calculator/legend.js";
import { computeScene, outputNear, stepOutput } from "../../convbook/widgets/shape_calculator/state.js";
import { describeScene, exactFits, places, remark, sameSize } from "../../convbook/widgets/shape_calculator/words.js";
import { golden } from "./golden.mjs";

const traits = (changes) => ({
  height: 7, width: 9, kernel_size: 3, stride: 2, padding: 0, dilation: 1, row: 0, column: 0, ...changes,
});
const steps = (shape, name) => STEPS.map(({ numbers }) => numbers(shape, computeScene(shape)[name]));

test("when sizes vary then each axis has PyTorch's covered cells and leftover", () => {
  const left = golden("leftover_cells").map(({ expected }) => expected);
  golden("covered_cells").forEach(({ n, expected, ...options }, i) => {
    const shape = traits({ width: n, height: 32, ...options });
    const { columns } = computeScene(shape);
    assert.deepEqual(columns.covered.slice(shape.padding, shape.padding + n), expected);
    assert.equal(columns.left, left[i]);
  });
});

test("when the formula is written then it holds this calculator's numbers", () => {
  const shape = traits({ padding: 1, width: 10 });
  assert.equal(filledIn(shape, computeScene(shape).columns), "⌊(10 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 5");
  assert.deepEqual(steps(shape, "columns"), [
    "10 + 2·1 = 12", "1·(3 − 1) + 1 = 3", "12 − 3 = 9", "9 / 2 = 4.5", "⌊4.5⌋ = 4", "9 − 2·4 = 1", "4 + 1 = 5",
  ]);
});

test("when the quotient has no end then its sign says so", () => {
  assert.equal(steps(traits({ stride: 7 }), "columns")[3], "6 / 7 ≈ 0.857");
});

test("when only the columns cannot fit then the rows are still worked out", () => {
  const shape = traits({ width: 3, kernel_size: 5 });
  const scene = computeScene(shape);
  assert.match(describeScene(shape, scene), /^No output: the kernel reaches over 5 cells .* \(n=3, padding=0\): use a smaller/);
  assert.equal(steps(shape, "rows").at(-1), "1 + 1 = 2");
  assert.deepEqual(steps(shape, "columns").slice(2), ["3 − 5 = −2", "–", "–", "–", "does not fit"]);
  assert.equal(filledIn(shape, scene.columns), "⌊(3 + 2·0 − 1·(5 − 1) − 1) / 2⌋ + 1: does not fit");
  assert.equal(
    remark("columns", shape, scene.columns),
    "Columns: the kernel is 2 cells too long. It fits with width 5 or more, or with padding 1 or more, or with kernel size 3 or less.",
  );
  assert.equal(remark("rows", shape, scene.rows), "Rows: the kernel fits exactly.");
  assert.ok(cellsOf(shape, scene).flat().every(({ state }) => state === "plain"));
});

test("when everything is covered then the sentence says so, and where the kernel is", () => {
  const shape = traits({ row: 1, column: 2, padding: 1 });
  assert.equal(
    describeScene(shape, computeScene(shape)),
    "Output 4 × 5. Every input cell is covered. Output row 2, column 3 touches input rows 2–4 and columns 4–6.",
  );
});

test("when cells are dropped then the sentence counts them and names their rows and columns", () => {
  const shape = traits({ height: 8, width: 11, kernel_size: 2, stride: 3, padding: 1 });
  assert.match(
    describeScene(shape, computeScene(shape)),
    /53 of 88 input cells are dropped: rows 2, 5 and 8 and columns 2, 5, 8 and 11 are never covered\./,
  );
  const one = traits({ height: 1, width: 2, kernel_size: 1 });
  assert.match(describeScene(one, computeScene(one)), /1 of 2 input cells is dropped: column 2 is never covered\./);
});

test("when the kernel hangs over the edge then the cells of padding are counted", () => {
  const corner = traits({ padding: 1 });
  assert.match(describeScene(corner, computeScene(corner)), /touches input rows 1–2 and columns 1–2, and 5 cells of padding\.$/);
  const outside = traits({ kernel_size: 1, padding: 2 });
  assert.match(describeScene(outside, computeScene(outside)), /touches 1 cell of padding and no input\.$/);
});

test("when places are listed then runs are shortened", () => {
  assert.equal(places("row", []), "");
  assert.equal(places("row", [6]), "row 7");
  assert.equal(places("row", [0, 1, 4]), "rows 1–2 and 5");
  assert.equal(places("column", [0, 2, 4, 5, 6]), "columns 1, 3 and 5–7");
});

test("when something is left over then the remark says what would fit exactly", () => {
  const shape = traits({ height: 8, stride: 3, padding: 1 });
  const { rows, columns } = computeScene(shape);
  assert.equal(remark("rows", shape, rows), "Rows: 1 row is left over at the bottom, all padding. It fits exactly with height 7 or 10, or with padding 2.");
  assert.equal(remark("columns", shape, columns), "Columns: 2 columns are left over at the right, 1 of them padding. It fits exactly with width 7 or 10, or with padding 0.");
});

test("when a way to fit exactly is told then it does", () => {
  for (const { n, expected: left, ...options } of golden("leftover_cells")) {
    const shape = traits({ height: n, width: n, ...options });
    const { sizes, padding } = exactFits(shape, { n, left });
    for (const width of sizes) assert.equal(computeScene({ ...shape, width }).columns.left, 0);
    if (padding !== null) assert.equal(computeScene({ ...shape, padding }).columns.left, 0);
  }
});

test("when no padding makes it fit exactly then none is told", () => {
  assert.deepEqual(exactFits(traits({ width: 1024 }), { n: 1024, left: 1 }), { sizes: [1023], padding: null });
});

test("when cells lie in gaps then the remark says why", () => {
  const wide = traits({ kernel_size: 2, stride: 3 });
  assert.match(remark("columns", wide, computeScene(wide).columns), /Columns 3 and 6 fall into gaps: the stride \(3\) is greater than the kernel's reach \(2\)\.$/);
  const narrow = traits({ height: 5, kernel_size: 2, stride: 3 });
  assert.match(remark("rows", narrow, computeScene(narrow).rows), /fits exactly\. Row 3 falls into a gap: /);
  const spread = traits({ kernel_size: 2, dilation: 3 });
  assert.match(remark("rows", spread, computeScene(spread).rows), /Rows 2 and 5 fall into gaps: the dilation \(3\) spreads the kernel's cells\.$/);
});

test("when the same size is asked for then its padding or the obstacle is told", () => {
  assert.deepEqual(sameSize(traits({ stride: 1, dilation: 2 })), { padding: 2 });
  assert.deepEqual(sameSize(traits()), { problem: "Padding 1 keeps the size only at stride 1: set the stride (=2) to 1" });
  assert.match(sameSize(traits({ kernel_size: 2 })).problem, /^Dilation·\(kernel_size − 1\) \(=1\) must be even/);
  assert.match(sameSize(traits({ stride: 1, kernel_size: 11, dilation: 2 })).problem, /needs padding 10, and this calculator ends at 8/);
});

test("when cells are counted then every padded cell is in one kind", () => {
  const shape = traits({ height: 8, width: 11, kernel_size: 2, stride: 3, padding: 1, row: 1 });
  const scene = computeScene(shape);
  assert.deepEqual(countWords(shape, scene), ["4 touched now", "35 covered", "53 dropped", "42 padding, 29 of it never covered"]);
  const cells = cellsOf(shape, scene).flat();
  const count = (has) => cells.filter(has).length;
  assert.equal(count(({ padding, state }) => !padding && state === "dropped"), 53);
  assert.equal(count(({ padding, state }) => padding && state === "dropped"), 29);
  assert.equal(count(({ state }) => state === "touched"), 4);
});

test("when stepping passes a row's end then the next row follows, and the ends stop", () => {
  const at = (changes) => computeScene(traits(changes));
  assert.deepEqual(stepOutput(at({ column: 3 }), 1), { row: 1, column: 0 });
  assert.equal(stepOutput(at(), -1), null);
  assert.equal(stepOutput(at({ row: 2, column: 3 }), 1), null);
  assert.equal(stepOutput(at({ height: 1 }), 1), null);
});

test("when a cell is pointed at then the nearest position is found and kept inside", () => {
  const scene = computeScene(traits());
  assert.deepEqual(outputNear(traits(), scene, { row: 3, column: 5 }), { row: 1, column: 2 });
  assert.deepEqual(outputNear(traits(), scene, { row: 0, column: 8 }), { row: 0, column: 3 });
});

test("when the chosen output lies outside then the last one is shown", () => {
  const { row, column } = computeScene(traits({ row: 40, column: 40 }));
  assert.deepEqual({ row, column }, { row: 2, column: 3 });
});
