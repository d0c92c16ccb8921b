import assert from "node:assert/strict";
import { test } from "node:test";

import { barOf, scaleOf } from "../../convbook/widgets/convolution_roll/state.js";
import { fieldPaths } from "../../convbook/widgets/receptive_field/map.js";
import { computeScene } from "../../convbook/widgets/shape_calculator/state.js";
import { describeSketch, isSketched, sketchOf } from "../../convbook/widgets/shape_calculator/sketch.js";
import { places } from "../../convbook/widgets/shape_calculator/words.js";
import { ruleText } from "../../convbook/widgets/shared/number_field.js";
import { divergingColor } from "../../convbook/widgets/shared/palette.js";
import { cellText, amount, equalsSign, factorText, fieldText, formatNumber } from "../../convbook/widgets/shared/words.js";

const EXTREMES = [1e308, -1e308, 1e-308, -1e-308, 12345.678, -99999.5, 1e15, 123456789012, 0, -0, 0.5, Infinity, -Infinity, NaN];

test("when a number is in a cell then it has six characters at most, or as many as asked", () => {
  assert.deepEqual([1e308, -1e308, -12345.678, 1234.567, 123456789, -1 / 9].map((value) => cellText(value)),
    ["1e308", "−1e308", "−12346", "1234.6", "1.23e8", "−0.11"]);
  for (const value of EXTREMES) {
    assert.ok(cellText(value).length <= 6, cellText(value));
    assert.ok(cellText(value, 9).length <= 9, cellText(value, 9));
  }
});

test("when a number is in a field then it is a number of eight characters at most, and 0 only for 0", () => {
  for (const value of EXTREMES.filter(Number.isFinite)) {
    const text = fieldText(value);
    assert.ok(text.length <= 8, text);
    assert.ok(Number.isFinite(Number(text)), text);
    assert.equal(Number(text) === 0, value === 0);
  }
});

test("when a number is long or none then it is written short, and its sign says what is left out", () => {
  assert.deepEqual([1e308, -1.5e300, Infinity, -Infinity, NaN].map((value) => formatNumber(value)),
    ["1e308", "−1.5e300", "∞", "−∞", "NaN"]);
  assert.deepEqual([1e308, 1.23456e300, Infinity, NaN, 2.5, 1 / 3].map((value) => equalsSign(value)), ["=", "≈", "≈", "≈", "=", "≈"]);
  assert.deepEqual([-2, -1e-9, 3].map(factorText), ["(−2)", "0", "3"]);
});

test("when the scale is infinite then colours and bars stay on it", () => {
  assert.deepEqual(divergingColor(Infinity, Infinity), divergingColor(1, 1));
  assert.deepEqual(divergingColor(1e308, Infinity), divergingColor(0, 1));
  assert.deepEqual(divergingColor(NaN, 1), divergingColor(0, 1));
  assert.deepEqual(barOf(1e308, { low: -1e308, high: 1e308 }), { top: 0, size: 50 });
  assert.deepEqual(scaleOf([NaN, 2]), { low: 0, high: 2 });
});

test("when things are counted or limited then the words fit the number", () => {
  assert.deepEqual([amount(1, "row"), amount(0, "row"), amount(2048, "cell")], ["1 row", "0 rows", "2,048 cells"]);
  assert.equal(ruleText({ least: 1, most: 1024 }), "1 to 1,024, whole");
});

test("when many runs are listed then the first three and the last are said", () => {
  const odd = Array.from({ length: 100 }, (_, i) => 2 * i);
  assert.equal(places("row", odd), "rows 1, 3, 5, … and 199");
});

test("when an input is large then it is drawn to scale, its dropped rows and columns as bands", () => {
  const traits = { height: 443, width: 592, kernel_size: 3, stride: 4, padding: 2, dilation: 1, row: 0, column: 0 };
  const scene = computeScene(traits);
  assert.ok(isSketched(scene));
  assert.match(describeSketch(scene), /^A sketch to scale: 447 × 596 cells/);
  const paths = sketchOf(traits, scene);
  assert.equal(paths["cvb-shape-padding"], "M0 0h596v447h-596z");
  assert.equal(paths["cvb-shape-covered"], "M2 2h592v443h-592z");
  const missed = ({ n, covered }) => covered.slice(2, 2 + n).filter((one) => !one).length;
  assert.equal(paths["cvb-shape-dropped"].match(/M/g).length, missed(scene.rows) + missed(scene.columns));
  assert.equal(describeSketch(computeScene({ ...traits, height: 7, width: 9 })), "");
});

test("when a field has very many holes then it is drawn with as many rectangles as it has runs", () => {
  const cells = Array.from({ length: 500 }, (_, i) => 2 * i);
  const span = { cells, padding: [] };
  const { lit, gaps } = fieldPaths({ rows: span, columns: span, size: 1024 });
  assert.equal(lit, "M0 0h999v999h-999z");
  assert.equal(gaps.match(/M/g).length, 2 * 499);
});
