/** What the cells of the convolution roll say. No document here. */

import { modulo } from "../shared/convolution1d.js";
import { range } from "../shared/numbers.js";
import { cellText, formatNumber } from "../shared/words.js";

// The cells grow with their numbers up to here.
export const MOST_DIGITS = 9;

const shown = (value) => cellText(value, MOST_DIGITS);

/** @typedef {import("../shared/grid.js").GridCell} GridCell */

/**
 * The weights as they lie over x.
 *
 * @param {number[]} laid
 * @param {boolean} flip
 * @returns {GridCell[]}
 */
export function weightCells(laid, flip) {
  return laid.map((value, m) => {
    const cell = flip ? laid.length - m : m + 1;
    return { text: shown(value), label: `w cell ${cell}: ${formatNumber(value)}`, value };
  });
}

/**
 * The products under each weight; empty where there is no x.
 *
 * @param {import("./state.js").Moment & { laid: number[] }} scene
 * @returns {GridCell[]}
 */
export function productCells({ first, laid, terms }) {
  const byColumn = new Map(terms.map((term) => [term.column, term]));
  return laid.map((_, m) => {
    const term = byColumn.get(first + m);
    if (!term) return { text: "", label: "beside x: nothing", value: null, className: "cvb-roll-beside" };
    const product = term.value * term.weight;
    const factors = `${formatNumber(term.value)} × ${formatNumber(term.weight)}`;
    const place = `${term.column === term.index ? "" : "copy of "}x cell ${term.index + 1}`;
    return { text: shown(product), label: `${place}: ${factors} = ${formatNumber(product)}`, value: product };
  });
}

/**
 * @param {import("./state.js").Moment & { laid: number[] }} scene
 * @returns {(number | null)[]} the products by weight; null where there is no x
 */
export function productValues(scene) {
  return productCells(scene).map((cell) => cell.value);
}

/**
 * The output, filled in up to the chosen cell or all of it.
 *
 * @param {number[]} output
 * @param {number} position
 * @param {boolean} all
 * @param {number[] | null} [found] the outputs that are shown instead, where they are predicted
 * @returns {GridCell[]}
 */
export function outputCells(output, position, all, found = null) {
  return output.map((value, i) => {
    const known = found ? found.includes(i) : all || i <= position;
    return {
      text: known ? shown(value) : "",
      label: `output ${i + 1}: ${known ? formatNumber(value) : "not computed yet"}`,
      value: known ? value : null,
      className: i === position ? "cvb-roll-chosen" : "",
      data: { output: i },
    };
  });
}

/**
 * The columns beside x as they are drawn: a copy of a cell of x where x repeats, or null.
 *
 * @param {import("./state.js").Traits} traits
 * @param {number} from counted from the first cell of x
 * @param {number} to not included
 * @returns {(number | null)[]}
 */
export function copiesOf({ x, mode }, from, to) {
  const n = x.length;
  return range(from, to).map((column) => (mode === "periodic" ? x[modulo(column, n)] : null));
}

/**
 * The matrix, zeros blank; without numerals where they do not fit.
 *
 * @param {number[][]} matrix
 * @param {boolean} numerals
 * @returns {GridCell[][]}
 */
export function matrixCells(matrix, numerals) {
  return matrix.map((row, i) =>
    row.map((value, j) => ({
      text: numerals && value !== 0 ? shown(value) : "",
      label: `row ${i + 1}, column ${j + 1}: ${formatNumber(value)}`,
      value: value === 0 ? null : value,
      data: { row: i },
    })),
  );
}

/**
 * x or the output as a column.
 *
 * @param {string} name
 * @param {(number | null)[]} values null is not computed yet
 * @param {boolean} numerals
 * @returns {GridCell[][]}
 */
export function columnCells(name, values, numerals) {
  return values.map((value, i) => {
    const label = `${name} ${i + 1}: ${value === null ? "not computed yet" : formatNumber(value)}`;
    return [{ text: numerals && value !== null ? shown(value) : "", label, value }];
  });
}
