/** Pooling: each window of an image becomes one number. The same meaning as convbook/arithmetic/pooling.py. */

import { range } from "./numbers.js";
import { outputSize } from "./shapes.js";
import { amount } from "./words.js";

/** @typedef {number[][]} Matrix rows of equal length, at least one row and one column */
/** @typedef {"max" | "average" | "l2" | "weighted" | "stochastic"} Kind */
/** @typedef {number | [number, number]} Size rows and columns, or one number for both */
/**
 * @typedef {object} Options
 * @property {Size} [size] of the window
 * @property {Size | null} [stride] cells between neighbouring windows; the size if not given
 * @property {number[] | null} [draws] for stochastic pooling: a number from 0 up to 1 for each
 *   window, in reading order
 */

const SUMMARIES = {
  max: (cells) => cells.reduce((most, value) => Math.max(most, value)),
  average: (cells) => total(cells) / cells.length,
  l2: (cells) => Math.sqrt(total(cells.map((value) => value * value))),
  weighted: (cells, { weights }) => total(cells.map((value, i) => value * weights[i])),
  stochastic: (cells, { draw }) => Math.max(cells[drawnCell(cells, draw)], 0),
};

export const KINDS = Object.keys(SUMMARIES);
const MOST_SEED = 2 ** 32 - 1;

/**
 * The image with each window replaced by one number.
 *
 * @param {Matrix} image
 * @param {Kind} kind
 * @param {Options} [options]
 * @returns {Matrix}
 * @throws {RangeError} an argument is out of its range, or the window is larger than the image
 * @example pool2d([[0, 10, 9, 3], [4, 3, 2, 1]], "average") // [[4.25, 3.75]]
 */
export function pool2d(image, kind, { size = 2, stride = null, draws = null } = {}) {
  if (!Object.hasOwn(SUMMARIES, kind)) {
    throw new RangeError(`kind (='${kind}') must be one of ${KINDS.join(", ")}`);
  }
  const [rows, columns] = pooledShape([image.length, image[0].length], size, stride);
  if (kind === "stochastic") requireOneAWindow(draws ?? [], rows * columns);
  const weights = kind === "weighted" ? distanceWeights(size).flat() : null;
  return range(0, rows).map((row) =>
    range(0, columns).map((column) => {
      const cells = windowAt(image, row, column, size, stride).flat();
      return SUMMARIES[kind](cells, { weights, draw: draws?.[row * columns + column] });
    }),
  );
}

/**
 * Rows and columns of the pooled image, by the rule of `outputSize`.
 *
 * @param {[number, number]} shape rows and columns of the image
 * @param {Size} [size]
 * @param {Size | null} [stride]
 * @returns {[number, number]}
 * @throws {RangeError} a number is below 1, or the window is larger than the image
 * @example pooledShape([5, 7], 2) // [2, 3]
 */
export function pooledShape([height, width], size = 2, stride = null) {
  const [rows, columns] = pair("size", size);
  const [down, right] = pair("stride", stride ?? size);
  if (rows > height || columns > width) {
    throw new RangeError(
      `size (=${rows}×${columns}) must fit into the image of ${height}×${width} cells: ` +
        `use at most ${amount(height, "row")} and ${amount(width, "column")}`,
    );
  }
  return [outputSize(height, rows, { stride: down }), outputSize(width, columns, { stride: right })];
}

/**
 * The cells of one output cell's window.
 *
 * @param {Matrix} image
 * @param {number} row of the output
 * @param {number} column
 * @param {Size} [size]
 * @param {Size | null} [stride]
 * @returns {Matrix} shape (K, L)
 */
export function windowAt(image, row, column, size = 2, stride = null) {
  const [rows, columns] = pair("size", size);
  const [down, right] = pair("stride", stride ?? size);
  const [top, left] = [row * down, column * right];
  return image.slice(top, top + rows).map((line) => line.slice(left, left + columns));
}

/**
 * Weights that fall with the distance d from the window's centre, 1 / (1 + d), with sum 1.
 *
 * @param {Size} size
 * @returns {Matrix} shape (K, L)
 * @example distanceWeights([1, 3]) // [[0.25, 0.5, 0.25]]
 */
export function distanceWeights(size) {
  const [rows, columns] = pair("size", size).map((n) => range(0, n).map((i) => i - (n - 1) / 2));
  const weights = rows.map((y) => columns.map((x) => 1 / (1 + Math.sqrt(y ** 2 + x ** 2))));
  const whole = total(weights.flat());
  return weights.map((line) => line.map((weight) => weight / whole));
}

/**
 * How likely stochastic pooling draws each cell: its share of the positive parts.
 *
 * @param {number[]} cells
 * @returns {number[]} all zero where no cell is positive
 * @example probabilities([3, -5, 1]) // [0.75, 0, 0.25]
 */
export function probabilities(cells) {
  const positive = positiveParts(cells);
  const whole = runningSums(positive).at(-1);
  return whole > 0 ? positive.map((value) => value / whole) : positive;
}

/**
 * Which cell stochastic pooling draws: the first whose running share passes `draw`.
 *
 * @param {number[]} cells
 * @param {number} draw from 0 up to 1
 * @returns {number} its index; 0 where no cell is positive
 * @example drawnCell([3, -5, 1], 0.8) // 2
 */
export function drawnCell(cells, draw) {
  const running = runningSums(positiveParts(cells));
  const whole = running.at(-1);
  // The second condition is for sums so small that a draw below 1 rounds up to the whole.
  return running.findIndex((sum) => sum > draw * whole || sum === whole);
}

/**
 * `count` numbers, uniform from 0 up to 1: the same for a seed here and in Python (mulberry32).
 *
 * @param {number} seed from 0 to 4294967295
 * @param {number} count
 * @returns {number[]} multiples of 2⁻³²
 * @throws {RangeError} the seed is out of its range
 */
export function uniformDraws(seed, count) {
  if (!(seed >= 0 && seed <= MOST_SEED)) {
    throw new RangeError(`seed (=${seed}) must be from 0 to ${MOST_SEED}`);
  }
  return range(1, count + 1).map((step) => mixed(seed + Math.imul(step, 0x6d2b79f5)) / 2 ** 32);
}

/**
 * The share of cells, 0 to 1, that are equal in two outputs.
 *
 * @param {Matrix} before
 * @param {Matrix} after
 * @returns {number}
 * @throws {RangeError} the shapes differ
 * @example unchangedFraction([[1, 1, 1, 0.2]], [[0.3, 1, 1, 1]]) // 0.5
 */
export function unchangedFraction(before, after) {
  const [old, fresh] = [before, after].map((one) => `(${one.length}, ${one[0].length})`);
  if (old !== fresh) {
    throw new RangeError(
      `before and after must have the same shape, not ${old} and ${fresh}: ` +
        "pool both with the same size and stride",
    );
  }
  const cells = after.flat();
  return before.flat().filter((value, i) => value === cells[i]).length / cells.length;
}

/**
 * The sum, exactly the same for the same numbers in another order.
 *
 * @param {number[]} cells
 * @returns {number}
 */
export function total(cells) {
  return Float64Array.from(cells).sort().reduce((sum, value) => sum + value);
}

// Where their sum would be infinite, all of them are scaled alike.
function positiveParts(cells) {
  const positive = cells.map((value) => Math.max(value, 0));
  const whole = positive.reduce((sum, value) => sum + value, 0);
  return whole === Infinity ? positive.map((value) => value / cells.length) : positive;
}

function runningSums(cells) {
  let sum = 0;
  return cells.map((value) => (sum += value));
}

function mixed(state) {
  let bits = Math.imul(state ^ (state >>> 15), state | 1);
  bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
  return (bits ^ (bits >>> 14)) >>> 0;
}

function requireOneAWindow(draws, windows) {
  if (draws.length !== windows) {
    throw new RangeError(
      `draws has ${draws.length} numbers, but there are ${windows} windows: ` +
        `give one a window, such as uniform_draws(seed, ${windows})`,
    );
  }
  const outside = draws.find((draw) => !(draw >= 0 && draw < 1));
  if (outside !== undefined) {
    throw new RangeError(
      `draws holds ${outside}, but each must be at least 0 and below 1: take them from uniform_draws`,
    );
  }
}

function pair(name, value) {
  const [rows, columns] = Array.isArray(value) ? value : [value, value];
  if (rows < 1 || columns < 1) {
    throw new RangeError(`${name} (=${rows}×${columns}) must be at least 1 along each side`);
  }
  return [rows, columns];
}
