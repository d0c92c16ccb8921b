/** Convolution in one dimension and its matrices. The same meaning as convbook/arithmetic/convolution1d.py. */

import { range } from "./numbers.js";
import { requireAtLeast } from "./shapes.js";

/** @typedef {"full" | "same" | "valid"} Band */
/** @typedef {Band | "periodic"} Border */

export const BANDS = ["full", "same", "valid"];
export const BORDERS = [...BANDS, "periodic"];

/**
 * The convolution of `x` with `w`: `w` is flipped and rolls over `x`. The sum runs in the order
 * of `x`: out[i] = Σⱼ x[j]·w[i − j].
 *
 * @param {number[]} x n cells
 * @param {number[]} w k cells
 * @param {Border} [mode] which cells are kept, in NumPy's sense; "periodic" repeats `x`
 * @returns {number[]}
 * @throws {RangeError} `x` or `w` is empty, or the mode is unknown
 * @example convolve1d([1, 2, 3], [10, 1]) // [10, 21, 32, 3]
 */
export function convolve1d(x, w, mode = "full") {
  return rolled(x, w, mode, true);
}

/**
 * The cross-correlation of `x` with `w`: `w` rolls over `x` as it is, in the order of
 * numpy.correlate. The first cell of "full" is x[0]·w[k − 1].
 *
 * @type {typeof convolve1d}
 * @example correlate1d([1, 2, 3], [10, 1]) // [1, 12, 23, 30]
 */
export function correlate1d(x, w, mode = "full") {
  return rolled(x, w, mode, false);
}

/**
 * Which cells a mode keeps, counted in the full output. Cell i is computed where the last of the
 * rolling cells lies over x[i].
 *
 * @param {number} n cells of x
 * @param {number} kernelSize cells of w
 * @param {Border} [mode]
 * @param {boolean} [flip] whether `w` is flipped: `convolve1d`, or else `correlate1d`
 * @returns {{ start: number, count: number }}
 * @throws {RangeError} a size is below 1, or the mode is unknown
 * @example keptCells(5, 3, "same") // { start: 1, count: 5 }
 */
export function keptCells(n, kernelSize, mode = "full", flip = true) {
  requireAtLeast("n", n, 1);
  requireAtLeast("kernel_size", kernelSize, 1);
  requireMode(mode, BORDERS);
  const [shorter, longer] = [Math.min(n, kernelSize), Math.max(n, kernelSize)];
  // NumPy correlates the longer signal with the shorter one and turns the result round.
  const early = kernelSize > n && !flip ? Math.floor(shorter / 2) : Math.floor((shorter - 1) / 2);
  return {
    full: { start: 0, count: n + kernelSize - 1 },
    same: { start: early, count: longer },
    valid: { start: shorter - 1, count: longer - shorter + 1 },
    periodic: { start: flip ? 0 : kernelSize - 1, count: n },
  }[mode];
}

/**
 * The products of one output cell, in the order of x: which cell of `x` meets which weight.
 *
 * @typedef {{ column: number, index: number, value: number, weight: number }} Term
 *   `column` counts from the first cell of `x` and may lie outside; `index` is the cell it repeats
 * @param {number[]} x
 * @param {number[]} laid the weights as they lie over `x`, from left to right
 * @param {number} cell of the full output
 * @param {boolean} [periodic]
 * @returns {Term[]}
 * @example overlap([1, 2, 3], [1, 10], 0) // [{ column: 0, index: 0, value: 1, weight: 10 }]
 */
export function overlap(x, laid, cell, periodic = false) {
  const first = cell - laid.length + 1;
  const terms = laid.map((weight, m) => {
    const column = first + m;
    const index = periodic ? modulo(column, x.length) : column;
    return { column, index, value: x[index], weight };
  });
  return terms.filter((term) => term.value !== undefined);
}

/**
 * The banded matrix T with T·x = convolve1d(x, w, mode): T[i][j] = w[i − j].
 *
 * @param {number[]} w
 * @param {number} n cells of x
 * @param {Band} [mode]
 * @returns {number[][]}
 * @throws {RangeError} `w` is empty, `n` is below 1, or the mode is none of the three
 * @example toeplitz([10, 1], 3, "valid") // [[1, 10, 0], [0, 1, 10]]
 */
export function toeplitz(w, n, mode = "full") {
  requireCells("w", w);
  requireMode(mode, BANDS);
  const { start, count } = keptCells(n, w.length, mode);
  return range(start, start + count).map((i) => range(0, n).map((j) => w[i - j] ?? 0));
}

/**
 * The matrix C with C·x = convolve1d(x, w, "periodic").
 *
 * @param {number[]} w
 * @param {number} n cells of x
 * @returns {number[][]}
 * @throws {RangeError} `w` is empty, or `n` is below 1
 * @example circulant([10, 1], 3) // [[10, 0, 1], [1, 10, 0], [0, 1, 10]]
 */
export function circulant(w, n) {
  requireCells("w", w);
  requireAtLeast("n", n, 1);
  const column = Array(n).fill(0);
  w.forEach((weight, lag) => (column[lag % n] += weight));
  return range(0, n).map((i) => range(0, n).map((j) => column[modulo(i - j, n)]));
}

function rolled(x, w, mode, flip) {
  requireCells("x", x);
  requireCells("w", w);
  const { start, count } = keptCells(x.length, w.length, mode, flip);
  const laid = flip ? [...w].reverse() : w;
  return range(start, start + count).map((cell) =>
    overlap(x, laid, cell, mode === "periodic").reduce((sum, { value, weight }) => sum + value * weight, 0),
  );
}

/**
 * @param {number} index
 * @param {number} n
 * @returns {number} the cell that an index outside 0…n−1 repeats
 */
export function modulo(index, n) {
  return ((index % n) + n) % n;
}

function requireCells(name, values) {
  if (values.length === 0) throw new RangeError(`${name} must have shape (n,) with n at least 1, not (0,)`);
}

function requireMode(mode, modes) {
  if (!modes.includes(mode)) throw new RangeError(`mode (='${mode}') must be one of ${modes.join(", ")}`);
}
