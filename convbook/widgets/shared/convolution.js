/** Cross-correlation on arrays of rows. The same meaning as convbook/arithmetic/convolution.py. */

import { range } from "./numbers.js";
import { outputSize, requireAtLeast } from "./shapes.js";

/** @typedef {ArrayLike<number>[]} Matrix rows of equal length, at least one row and one column */
/** @typedef {"constant" | "nearest" | "mirror" | "wrap"} PaddingMode */
/** @typedef {{ stride?: number, padding?: number, dilation?: number, mode?: PaddingMode }} Options */
/** @typedef {{ value: number, row: number, column: number, padded: boolean }} PatchCell
 *  one input cell under the kernel; row and column count from the image's own corner, so they
 *  are negative or past the end where the cell is padding */

// What an index outside 0…n−1 means; −1 says that the cell holds zero.
const SOURCE_INDEX = {
  constant: () => -1,
  nearest: (index, n) => Math.min(Math.max(index, 0), n - 1),
  mirror: (index, n) => (index < 0 ? -index : 2 * (n - 1) - index),
  wrap: (index, n) => (index + n) % n,
};

export const PADDING_MODES = Object.keys(SOURCE_INDEX);

/**
 * The image with `padding` cells added on each of its four sides.
 *
 * @param {Matrix} image
 * @param {number} padding
 * @param {PaddingMode} [mode]
 * @returns {Matrix}
 * @throws {RangeError} padding is negative, the mode is unknown, or the image is too small
 * @example pad([[1, 2, 3]], 1, "nearest")[0] // [1, 1, 2, 3, 3]
 */
export function pad(image, padding, mode = "constant") {
  requirePadding(image, padding, mode);
  return padRows(image, padding, mode).map((line) => Array.from(line));
}

/**
 * `pad` for photographs: rows that are fast to compute with.
 *
 * @param {Matrix} image
 * @param {number} padding
 * @param {PaddingMode} mode which must allow this padding
 * @returns {Float64Array[]}
 */
export function padRows(image, padding, mode) {
  const width = image[0].length;
  const beside = [...range(-padding, 0), ...range(width, width + padding)].map((x) => [x, sourceIndex(x, width, mode)]);
  return range(-padding, image.length + padding).map((row) => {
    const line = new Float64Array(width + 2 * padding);
    const source = image[sourceIndex(row, image.length, mode)];
    if (!source) return line;
    line.set(source, padding);
    for (const [x, from] of beside) line[x + padding] = from < 0 ? 0 : source[from];
    return line;
  });
}

/**
 * The cross-correlation of `image` with `kernel`: the kernel is not flipped.
 *
 * @param {Matrix} image shape (H, W)
 * @param {Matrix} kernel shape (K, L)
 * @param {Options} [options]
 * @returns {Matrix}
 * @throws {RangeError} an argument is out of its range, or the kernel fits nowhere
 * @example correlate2d([[1, 2], [3, 4]], [[1, 10]]) // [[21], [43]]
 */
export function correlate2d(image, kernel, options = {}) {
  return correlateRows(image, kernel, options).map((line) => Array.from(line));
}

/**
 * `correlate2d` for photographs: rows that are fast to compute and to paint.
 *
 * @param {Matrix} image
 * @param {Matrix} kernel
 * @param {Options} [options]
 * @returns {Float64Array[]}
 */
export function correlateRows(image, kernel, options = {}) {
  const { stride = 1, padding = 0, dilation = 1, mode = "constant" } = options;
  const [rows, columns] = outputShape(image, kernel, options);
  const padded = padRows(image, padding, mode);
  return range(0, rows).map((row) => {
    const sums = new Float64Array(columns);
    kernel.forEach((weights, m) => {
      const line = padded[stride * row + dilation * m];
      Array.from(weights).forEach((weight, n) => addProducts(sums, line, weight, dilation * n, stride));
    });
    return sums;
  });
}

/**
 * The mathematical convolution: `correlate2d` with the kernel flipped both ways.
 *
 * @type {typeof correlate2d}
 */
export function convolve2d(image, kernel, options = {}) {
  return correlate2d(image, flip(kernel), options);
}

/**
 * The shape of the output, rows first.
 *
 * @param {Matrix} image
 * @param {Matrix} kernel
 * @param {Options} [options]
 * @returns {[number, number]}
 * @throws {RangeError} as `correlate2d`
 */
export function outputShape(image, kernel, options = {}) {
  const { padding = 0, mode = "constant" } = options;
  requirePadding(image, padding, mode);
  return [
    outputSize(image.length, kernel.length, options),
    outputSize(image[0].length, kernel[0].length, options),
  ];
}

/**
 * The kernel turned by half a turn: rows and columns reversed.
 *
 * @param {Matrix} kernel
 * @returns {Matrix}
 */
export function flip(kernel) {
  return kernel.map((row) => [...row].reverse()).reverse();
}

/**
 * The input cells under the kernel when it computes output `(row, column)`.
 *
 * @param {Matrix} image
 * @param {Matrix} kernel only its shape is used
 * @param {number} row
 * @param {number} column
 * @param {Options} [options]
 * @returns {PatchCell[][]} the kernel's shape
 */
export function patch(image, kernel, row, column, options = {}) {
  const { stride = 1, padding = 0, dilation = 1, mode = "constant" } = options;
  return kernel.map((weights, m) =>
    weights.map((_, n) => {
      const y = stride * row + dilation * m - padding;
      const x = stride * column + dilation * n - padding;
      const value = paddedValue(image, y, x, mode);
      return { value, row: y, column: x, padded: !contains(image, y, x) };
    }),
  );
}

/**
 * @param {PatchCell[][]} cells
 * @param {Matrix} kernel
 * @returns {number} the sum of the products
 */
export function weightedSum(cells, kernel) {
  const weights = kernel.flat();
  return cells.flat().reduce((sum, cell, i) => sum + cell.value * weights[i], 0);
}

// The inner loop of every response: a frame has room for half a million turns of it.
function addProducts(sums, line, weight, first, stride) {
  if (weight === 0) return;
  for (let x = 0, at = first; x < sums.length; x += 1, at += stride) sums[x] += line[at] * weight;
}

function paddedValue(image, row, column, mode) {
  const [y, x] = [sourceIndex(row, image.length, mode), sourceIndex(column, image[0].length, mode)];
  return y < 0 || x < 0 ? 0 : image[y][x];
}

function sourceIndex(index, n, mode) {
  return index < 0 || index >= n ? SOURCE_INDEX[mode](index, n) : index;
}

function contains(image, row, column) {
  return row >= 0 && column >= 0 && row < image.length && column < image[0].length;
}

function requirePadding(image, padding, mode) {
  if (!(mode in SOURCE_INDEX)) {
    throw new RangeError(`mode (='${mode}') must be one of ${PADDING_MODES.join(", ")}`);
  }
  requireAtLeast("padding", padding, 0);
  const [height, width] = [image.length, image[0].length];
  const least = Math.min(height, width);
  const room = { mirror: least - 1, wrap: least }[mode] ?? padding;
  if (padding > room) {
    throw new RangeError(
      `padding (=${padding}) reaches past the image of shape (${height}, ${width}): ` +
        `mode '${mode}' allows at most ${room} here`,
    );
  }
}
