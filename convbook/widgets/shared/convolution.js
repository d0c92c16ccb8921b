/** Cross-correlation on arrays of rows. The same meaning as convbook/arithmetic/convolution.py. */

import { range } from "./numbers.js";
import { outputSize, requireAtLeast } from "./shapes.js";

/** @typedef {number[][]} Matrix rows of equal length, at least one row and one column */
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
  const rows = range(-padding, image.length + padding);
  const columns = range(-padding, image[0].length + padding);
  return rows.map((row) => columns.map((column) => paddedValue(image, row, column, mode)));
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
  const [rows, columns] = outputShape(image, kernel, options);
  return range(0, rows).map((row) =>
    range(0, columns).map((column) => weightedSum(patch(image, kernel, row, column, options), kernel)),
  );
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

function paddedValue(image, row, column, mode) {
  if (contains(image, row, column)) return image[row][column];
  const y = row < 0 || row >= image.length ? SOURCE_INDEX[mode](row, image.length) : row;
  const width = image[0].length;
  const x = column < 0 || column >= width ? SOURCE_INDEX[mode](column, width) : column;
  return y < 0 || x < 0 ? 0 : image[y][x];
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
