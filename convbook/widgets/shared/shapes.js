/** Sizes: how many positions a kernel has over an input. The same rules as convbook/shapes.py. */

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
