/** What misconceptions would make of one pooled window. No document here. */

import { slip, slipIf } from "../predicting/slips.js";
import { pool2d, probabilities, total, windowAt } from "../shared/pooling.js";

const NEIGHBOURS = [[0, 1], [0, -1], [1, 0], [-1, 0]];
// What else is made of a window's cells, by what should be.
const OF_CELLS = { max, average, l2, weighted, stochastic };

/**
 * The likelier first.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("../predicting/slips.js").Slip[]}
 */
export function slipsOf(traits, { row, column, top, left, work, before, windowShape, shifted, draws, output }) {
  const { kind, stride, shift, image } = traits;
  const draw = draws?.[row * output[0].length + column];
  const at = (down, right, from = shifted) => pooledAt(from, down, right, windowShape, kind, draw);
  return [
    ...OF_CELLS[kind](work.window.flat(), Math.max(...windowShape)),
    ...slipIf("shift-forgotten", () => (shift !== 0 ? before[row][column] : null)),
    ...slipIf("stride-ignored", () => (stride > 1 ? at(row, column) : null)),
    ...NEIGHBOURS.flatMap(([down, right]) => slipIf("place-off-by-one", () => at(top + down, left + right))),
    ...slipIf("place-transposed", () => (image.length > 1 ? at(stride * column, stride * row) : null)),
  ];
}

function pooledAt(image, top, left, [rows, columns], kind, draw) {
  if (top < 0 || left < 0 || top + rows > image.length || left + columns > image[0].length) return null;
  const cells = windowAt(image, top, left, [rows, columns], 1);
  return pool2d(cells, kind, { size: [rows, columns], draws: [draw] })[0][0];
}

function max(cells) {
  const furthest = cells.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
  return [slip("mean-for-max", mean(cells)), slip("size-without-sign", furthest), slip("size-without-sign", Math.abs(furthest))];
}

function average(cells, side) {
  const whole = total(cells);
  return [slip("max-for-mean", Math.max(...cells)), slip("sum-for-mean", whole), slip("by-the-side", whole / side)];
}

function l2(cells) {
  const squares = total(cells.map((value) => value * value));
  return [
    slip("root-forgotten", squares),
    slip("mean-under-the-root", Math.sqrt(squares / cells.length)),
    slip("magnitudes-added", total(cells.map(Math.abs))),
  ];
}

function weighted(cells) {
  return [slip("weights-forgotten", mean(cells)), slip("max-for-mean", Math.max(...cells))];
}

function stochastic(cells) {
  const shares = probabilities(cells);
  return [
    slip("always-the-likeliest", Math.max(...cells)),
    slip("expectation-for-draw", total(cells.map((value, i) => value * shares[i]))),
  ];
}

function mean(cells) {
  return total(cells) / cells.length;
}
