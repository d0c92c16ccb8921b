/** Sizes: how many positions a kernel has over an input. The same rules as convbook/arithmetic/shapes.py. */

import { range } from "./numbers.js";

/**
 * How many outputs one dimension of a convolution has:
 * floor((n + 2p − d(k − 1) − 1) / s) + 1, with padding p per side.
 *
 * @param {number} n input size in cells, at least 1
 * @param {number} kernelSize kernel size in cells, at least 1
 * @param {{ stride?: number, padding?: number, dilation?: number }} [options]
 * @returns {number} at least 1
 * @throws {RangeError} a value is out of its range, or the kernel fits nowhere
 * @example outputSize(28, 5) // 24
 */
export function outputSize(n, kernelSize, { stride = 1, padding = 0, dilation = 1 } = {}) {
  requireAtLeast("n", n, 1);
  requireAtLeast("kernel_size", kernelSize, 1);
  requireAtLeast("stride", stride, 1);
  requireAtLeast("padding", padding, 0);
  requireAtLeast("dilation", dilation, 1);
  const reach = kernelReach(kernelSize, dilation);
  const padded = n + 2 * padding;
  if (reach > padded) {
    throw new RangeError(
      `the kernel reaches over ${reach} cells (kernel_size=${kernelSize}, ` +
        `dilation=${dilation}) but the padded input has only ${padded} (n=${n}, ` +
        `padding=${padding}): use a smaller kernel, less dilation or more padding`,
    );
  }
  return Math.floor((padded - reach) / stride) + 1;
}

/**
 * Which cells of one dimension some position of the kernel touches. A cell that none touches never
 * reaches the output: it lies behind the last position, or in a gap that the stride or the
 * dilation leaves.
 *
 * @type {(...input: Parameters<typeof outputSize>) => boolean[]}
 * @throws {RangeError} as `outputSize`
 * @example covered(6, 3, { stride: 2 }) // [true, true, true, true, true, false]
 */
export function covered(n, kernelSize, options = {}) {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const positions = range(0, outputSize(n, kernelSize, options));
  const cells = range(0, kernelSize).map((cell) => dilation * cell - padding);
  const touched = new Set(positions.flatMap((position) => cells.map((cell) => stride * position + cell)));
  return range(0, n).map((cell) => touched.has(cell));
}

/**
 * How many cells at the end of the padded input lie behind the last position:
 * (n + 2p − d(k − 1) − 1) mod s. Up to `padding` of them, the last ones, are padding.
 *
 * @type {typeof outputSize}
 * @example leftover(16, 3, { stride: 2 }) // 1
 */
export function leftover(n, kernelSize, options = {}) {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const last = stride * (outputSize(n, kernelSize, options) - 1);
  return n + 2 * padding - kernelReach(kernelSize, dilation) - last;
}

/**
 * The padding per side with which the output is as large as the input, at stride 1.
 *
 * @param {number} kernelSize
 * @param {number} [dilation]
 * @returns {number}
 * @throws {RangeError} a value is out of its range, or d(k − 1) is odd
 * @example samePadding(5) // 2
 */
export function samePadding(kernelSize, dilation = 1) {
  requireAtLeast("kernel_size", kernelSize, 1);
  requireAtLeast("dilation", dilation, 1);
  const shrinkage = dilation * (kernelSize - 1);
  if (shrinkage % 2 === 1) {
    throw new RangeError(
      `dilation·(kernel_size − 1) (=${shrinkage}) must be even, since each side gets half ` +
        `of it (kernel_size=${kernelSize}, dilation=${dilation}): ` +
        "use an odd kernel_size or an even dilation",
    );
  }
  return shrinkage / 2;
}

/**
 * How many input cells a kernel spans from its first to its last cell.
 *
 * @param {number} kernelSize
 * @param {number} dilation
 * @returns {number}
 */
export function kernelReach(kernelSize, dilation) {
  return dilation * (kernelSize - 1) + 1;
}

/**
 * @param {string} name as Python spells it
 * @param {number} value
 * @param {number} least
 */
export function requireAtLeast(name, value, least) {
  if (value < least) throw new RangeError(`${name} (=${value}) must be at least ${least}`);
}
