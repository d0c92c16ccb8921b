/** What the shape calculator shows, computed from its traits. No document here. */

import { clamp, range } from "../shared/numbers.js";
import { covered, kernelReach, leftover, outputSize } from "../shared/shapes.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const TRAITS = ["height", "width", "kernel_size", "stride", "padding", "dilation", "row", "column"];

/** @typedef {Record<"height" | "width" | "kernel_size" | "stride" | "padding" | "dilation" | "row" | "column", number>} Traits */

/**
 * @typedef {object} Axis what happens along the rows, or along the columns
 * @property {number} n cells of the input
 * @property {number} padded cells with the padding
 * @property {number} reach cells from the kernel's first to its last
 * @property {number} room by how many cells the kernel can be moved; negative where it does not fit
 * @property {number} outputs positions of the kernel; 0 where it does not fit
 * @property {number} left padded cells behind the last position
 * @property {boolean[]} covered for each padded cell
 * @property {boolean[]} touched for each padded cell, by the chosen position
 * @property {number} at the chosen position
 */

/**
 * @typedef {object} Scene
 * @property {string | null} problem why the kernel fits nowhere, or null
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {number} row the chosen output, kept inside
 * @property {number} column
 * @property {number} dropped input cells that no position touches, where there is no problem
 */

/**
 * @param {Traits} traits
 * @returns {Scene}
 */
export function computeScene(traits) {
  const problem = whyNot(traits);
  const rows = computeAxis(traits.height, traits.row, traits);
  const columns = computeAxis(traits.width, traits.column, traits);
  const kept = inputCells(rows, traits).length * inputCells(columns, traits).length;
  const dropped = traits.height * traits.width - kept;
  return { problem, rows, columns, row: rows.at, column: columns.at, dropped };
}

/** The shape of the output, rows first. @throws {RangeError} the kernel fits nowhere */
export function outputShape({ height, width, kernel_size, ...options }) {
  return [outputSize(height, kernel_size, options), outputSize(width, kernel_size, options)];
}

function whyNot(traits) {
  try {
    outputShape(traits);
    return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

// One axis may fit where the other does not.
function computeAxis(n, wanted, { kernel_size, stride, padding, dilation }) {
  const padded = n + 2 * padding;
  const reach = kernelReach(kernel_size, dilation);
  const axis = { n, padded, reach, room: padded - reach };
  const none = Array(padded).fill(false);
  if (reach > padded) return { ...axis, outputs: 0, left: 0, covered: none, touched: none, at: 0 };
  const shape = [padded, kernel_size, { stride, dilation }];
  const outputs = outputSize(...shape);
  const at = clamp(wanted, 0, outputs - 1);
  const under = new Set(range(0, kernel_size).map((cell) => stride * at + dilation * cell));
  const touched = range(0, padded).map((cell) => under.has(cell));
  return { ...axis, outputs, left: leftover(...shape), covered: covered(...shape), touched, at };
}

/**
 * The input cells of one dimension, padding aside, that are covered (or as `which` says).
 *
 * @param {Axis} axis
 * @param {{ padding: number }} traits
 * @param {(axis: Axis, cell: number) => boolean} [which]
 * @returns {number[]} counted from the input's own first cell
 */
export function inputCells(axis, { padding }, which = ({ covered }, cell) => covered[cell]) {
  return range(0, axis.n).filter((cell) => which(axis, cell + padding));
}

/**
 * The output `by` steps further in reading order, or null at either end.
 *
 * @param {Scene} scene
 * @param {number} by
 * @returns {{ row: number, column: number } | null}
 */
export function stepOutput({ problem, rows, columns, row, column }, by) {
  const index = row * columns.outputs + column + by;
  if (problem || index < 0 || index >= rows.outputs * columns.outputs) return null;
  return { row: Math.floor(index / columns.outputs), column: index % columns.outputs };
}

/**
 * The output whose kernel lies nearest around a cell of the padded input.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @param {{ row: number, column: number }} cell counted from the padded input's corner
 * @returns {{ row: number, column: number }}
 */
export function outputNear({ stride }, { rows, columns }, cell) {
  const nearest = ({ reach, outputs }, at) => clamp(Math.round((at - (reach - 1) / 2) / stride), 0, outputs - 1);
  return { row: nearest(rows, cell.row), column: nearest(columns, cell.column) };
}
