/** How one output cell is computed from its window, and the words for it. No document here. */

import { distanceWeights, drawnCell, probabilities, total } from "../shared/pooling.js";
import { cellText, equalsSign, factorText, formatNumber, productText } from "../shared/words.js";

const MOST_TERMS = 9;
// The boards grow with their numbers up to here.
const MOST_DIGITS = 9;

/**
 * A number as the boards show it.
 *
 * @param {number} value
 * @returns {string}
 */
export function shown(value) {
  return cellText(value, MOST_DIGITS);
}

/**
 * @typedef {object} Work
 * @property {number[][]} window
 * @property {number} value the output cell
 * @property {number} hit the index of the cell that is taken as it is, or −1
 * @property {number[][] | null} factors squares, weights or probabilities, in the window's shape
 * @property {number | null} draw
 * @property {(place: (index: number) => string) => string} tell the arithmetic in words;
 *   `place` says where a cell of the window lies in the image
 */

const EXPLAIN = { max, average, l2, weighted, stochastic };

/**
 * @param {number[][]} window
 * @param {import("../shared/pooling.js").Kind} kind
 * @param {number} [draw] for stochastic pooling
 * @returns {Work}
 */
export function explain(window, kind, draw) {
  const shape = [window.length, window[0].length];
  const { factors, ...work } = EXPLAIN[kind](window.flat(), shape, draw);
  const lines = factors ? window.map((line, m) => factors.slice(m * line.length, (m + 1) * line.length)) : null;
  return { window, hit: -1, draw: null, ...work, factors: lines };
}

function max(cells) {
  const value = Math.max(...cells);
  const hit = cells.indexOf(value);
  const first = cells.lastIndexOf(value) > hit ? "first " : "";
  const listed = cells.length > MOST_TERMS ? `${cells.length} values` : cells.map((cell) => formatNumber(cell)).join(", ");
  return {
    value,
    hit,
    tell: (place) => `the largest of ${listed} is ${formatNumber(value)}, ${first}at ${place(hit)}`,
  };
}

function average(cells) {
  const [whole, count] = [total(cells), cells.length];
  const value = whole / count;
  return {
    value,
    tell: () =>
      `(${joined(cells.map(factorText))}) / ${count} ${sign(...cells, whole)} ` +
      `${formatNumber(whole)} / ${count} ${sign(whole, value)} ${formatNumber(value)}`,
  };
}

function l2(cells) {
  const squares = cells.map((cell) => cell * cell);
  const whole = total(squares);
  const value = Math.sqrt(whole);
  return {
    value,
    factors: squares,
    tell: () =>
      `√(${joined(cells.map((cell) => `${factorText(cell)}²`))}) ${sign(...cells, whole)} ` +
      `√${formatNumber(whole)} ${sign(whole, value)} ${formatNumber(value)}`,
  };
}

function weighted(cells, shape) {
  const weights = distanceWeights(shape).flat();
  const value = total(cells.map((cell, i) => cell * weights[i]));
  const terms = cells.map((cell, i) => productText(cell, weights[i]));
  return {
    value,
    factors: weights,
    tell: () => `${joined(terms)} ${sign(...cells, ...weights, value)} ${formatNumber(value)}`,
  };
}

function stochastic(cells, _shape, draw) {
  const shares = probabilities(cells);
  if (!shares.some((share) => share > 0)) {
    return { value: 0, draw, factors: shares, tell: () => "no cell is positive, so the output is 0" };
  }
  const hit = drawnCell(cells, draw);
  const listed =
    cells.length > MOST_TERMS
      ? `${cells.length} probabilities`
      : `probabilities ${shares.map((share) => formatNumber(share)).join(", ")}`;
  return {
    value: cells[hit],
    hit,
    draw,
    factors: shares,
    tell: (place) => `${listed}; the draw ${formatNumber(draw)} hits ${formatNumber(cells[hit])}, at ${place(hit)}`,
  };
}

function joined(terms) {
  const shown = terms.length > MOST_TERMS ? [terms[0], `… (${terms.length} terms)`, terms.at(-1)] : terms;
  return shown.join(" + ");
}

// Equal only if no number beside the sign was rounded.
function sign(...values) {
  return values.every((value) => equalsSign(value) === "=") ? "=" : "≈";
}
