/** What a neuron reads of the map below, and how its field grows: as convbook/arithmetic/layer_windows.py. */

import { filled, pair, pools } from "./layer_kinds.js";
import { kernelReach, outputSize } from "./shapes.js";

/** @typedef {import("./layer_kinds.js").Layer} Layer */

/**
 * @typedef {object} Window that slides along one dimension
 * @property {number} kernel_size
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 */

/**
 * @typedef {object} Field of a level's neurons along one dimension, in input cells
 * @property {number} size from the first to the last cell
 * @property {number} jump from a neuron's field to its neighbour's
 * @property {number} start the middle of the first neuron's field
 */

const NAMES = ["kernel_size", "stride", "padding", "dilation"];

/** @type {Readonly<Field>} the input's own */
export const ITSELF = Object.freeze({ size: 1, jump: 1, start: 0 });

/**
 * The field of a neuron that reads a window of neurons with this one: r ← r + (k − 1)·d·j,
 * start ← start + (d(k − 1)/2 − p)·j, then j ← j·s (Araujo, Norris and Sim, "Computing Receptive
 * Fields of Convolutional Neural Networks", Distill 2019).
 *
 * @param {Field} field
 * @param {Window} window
 * @returns {Field}
 */
export function grown({ size, jump, start }, { kernel_size, stride, padding, dilation }) {
  const reach = kernelReach(kernel_size, dilation) - 1;
  return { size: size + reach * jump, jump: jump * stride, start: start + (reach / 2 - padding) * jump };
}

/**
 * @param {Window} window
 * @param {number} n
 * @returns {number} how many places it has over n cells
 * @throws {RangeError} it has none
 */
export function placesOf({ kernel_size, ...options }, n) {
  return outputSize(n, kernel_size, options);
}

/**
 * The windows of a layer, along rows and along columns. A block has several, one after the other
 * along its widest path; what works cell by cell has none.
 *
 * @param {Layer} layer as `readLayer` returns it
 * @param {[number, number] | null} sides of the map it reads, where they are known
 * @returns {[Window, Window][]}
 * @throws {RangeError} a pooling pads more than half its kernel, or a side is needed and not known
 */
export function windowsOf(layer, sides = null) {
  const full = filled(layer);
  if ("kernel_size" in full) return [ownWindow(full)];
  if (full.kind === "global_avg_pool") return [wholeMap(sides)];
  return (BLOCKS[full.kind]?.(full) ?? []).map((window) => [window, window]);
}

const BLOCKS = {
  residual: ({ stride }) => [slide(3, { stride, padding: 1 }), slide(3, { padding: 1 })],
  inception: () => [slide(5, { padding: 2 })],
};

function slide(kernel_size, more = {}) {
  return { kernel_size, stride: 1, padding: 0, dilation: 1, ...more };
}

function ownWindow(full) {
  const along = (at) => Object.fromEntries(NAMES.map((name) => [name, pair(full[name] ?? 1)[at]]));
  const windows = [along(0), along(1)];
  if (pools(full.kind)) windows.forEach(requireHalfPadding);
  return windows;
}

function requireHalfPadding({ kernel_size, padding }) {
  const most = Math.floor(kernel_size / 2);
  if (padding <= most) return;
  throw new RangeError(
    `padding (=${padding}) must be at most ${most}, half of kernel_size (=${kernel_size}): ` +
      "use less padding or a larger kernel",
  );
}

function wholeMap(sides) {
  if (sides) return sides.map((side) => slide(side));
  throw new RangeError(
    "it sees the whole map, whose size depends on the input's: give the input size n, or " +
      "leave out this layer and those after it",
  );
}
