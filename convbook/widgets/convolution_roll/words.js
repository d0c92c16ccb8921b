/** The convolution roll's sentences. */

import { equalsSign, formatNumber, productText } from "../shared/words.js";

const MOST_PRODUCTS_SAID = 9;

/**
 * What just happened: `Output 3: 2×1 + 3×10 = 32`. Outputs are said from 1.
 *
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 */
export function describeScene({ position, terms, sum }) {
  const all = terms.map(({ value, weight }) => productText(value, weight));
  const said = all.length > MOST_PRODUCTS_SAID ? [all[0], `… (${all.length} products)`, all.at(-1)] : all;
  const exact = [sum, ...terms.flatMap(({ value, weight }) => [value, weight])].every(isShort);
  return `Output ${position + 1}: ${said.join(" + ")} ${exact ? "=" : "≈"} ${formatNumber(sum)}`;
}

/**
 * How many outputs there are, worked out from the sizes.
 *
 * @param {import("./state.js").Traits} traits
 * @param {number} count
 * @returns {string}
 */
export function describeSize({ x, w, mode }, count) {
  const [n, k] = [x.length, w.length];
  const [less, more] = [Math.min(n, k), Math.max(n, k)];
  return {
    full: `every overlap: ${n} + ${k} − 1 = ${count}`,
    same: `as many as the longer signal: max(${n}, ${k}) = ${count}`,
    valid: `one wholly over the other: ${more} − ${less} + 1 = ${count}`,
    periodic: `as many as x, which repeats: ${count}`,
  }[mode];
}

/**
 * What a row of the matrix holds: `Row 3: 1 in column 2, 10 in column 3, 0 elsewhere.`
 *
 * @param {number[]} row
 * @param {number} index
 * @returns {string}
 */
export function describeRow(row, index) {
  const held = row.flatMap((value, j) => (value === 0 ? [] : [`${formatNumber(value)} in column ${j + 1}`]));
  const rest = held.length < row.length ? ["0 elsewhere"] : [];
  return `Row ${index + 1}: ${(held.length > 0 ? [...held, ...rest] : ["all 0"]).join(", ")}.`;
}

/**
 * What the matrix is.
 *
 * @param {import("./state.js").Traits} traits
 * @param {number[][]} matrix
 * @returns {string}
 */
export function describeMatrix({ mode }, matrix) {
  const kind = mode === "periodic" ? "circulant" : "banded (Toeplitz)";
  return `Matrix, ${kind}: ${matrix.length} × ${matrix[0].length}`;
}

/**
 * @param {string[]} texts
 * @returns {number} the length of the longest
 */
export function longest(texts) {
  return Math.max(...texts.map((text) => text.length));
}

// Whether two decimals say the number.
function isShort(value) {
  return equalsSign(value) === "=";
}
