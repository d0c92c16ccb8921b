/** What the convolution roll shows, computed from its traits. No document here. */

import { circulant, convolve1d, correlate1d, keptCells, overlap, toeplitz } from "../shared/convolution1d.js";
import { asksFor, PREDICTION } from "../predicting/asking.js";
import { clamp } from "../shared/numbers.js";
import { shareOf } from "../shared/palette.js";
import { slipsOf } from "./slips.js";
import { describeScene } from "./words.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const MAKERS = ["x", "w", "mode", "flip"];
export const TRAITS = [...MAKERS, "position", "show_all", ...PREDICTION];

/**
 * @typedef {object} Traits
 * @property {number[]} x
 * @property {number[]} w
 * @property {import("../shared/convolution1d.js").Border} mode
 * @property {boolean} flip
 * @property {number} position
 * @property {boolean} show_all
 * @property {boolean} predict
 * @property {number[]} known
 * @property {string} typed
 * @property {boolean} checked
 */

/**
 * What does not change while `w` rolls.
 *
 * @typedef {object} Setting
 * @property {number[]} laid the weights as they lie over x, from left to right
 * @property {number[]} output
 * @property {number[][]} matrix
 * @property {number} start the first kept cell of the full output
 * @property {number} outputColumn under which cell of x the first output stands: under w[0]
 * @property {number} left the first column drawn, counted from the first cell of x
 * @property {number} columns how many are drawn
 * @property {{ x: Scale, w: Scale, products: Scale, output: Scale }} scales
 */

/** @typedef {{ low: number, high: number }} Scale the ends of the bars, zero among them */

/**
 * @typedef {object} Moment
 * @property {number} position the output that is worked out, kept inside
 * @property {number} first over which cell of x the first weight lies; it may lie before x
 * @property {import("../shared/convolution1d.js").Term[]} terms its products, in the order of x
 * @property {number} sum
 * @property {boolean} isAsked whether the chosen output is yet to be predicted
 */

/** @typedef {Setting & Moment} Scene */

/**
 * @param {Traits} traits
 * @param {typeof computeSetting} [settingOf]
 * @returns {Scene}
 */
export function computeScene(traits, settingOf = computeSetting) {
  const { x, w, mode, flip } = traits;
  const setting = settingOf(x, w, mode, flip);
  const position = clamp(traits.position, 0, setting.output.length - 1);
  const cell = setting.start + position;
  return {
    ...setting,
    position,
    first: cell - w.length + 1,
    terms: overlap(x, setting.laid, cell, mode === "periodic"),
    sum: setting.output[position],
    isAsked: asksFor(traits, position),
  };
}

/**
 * What a prediction asks.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @returns {import("../predicting/asking.js").Question}
 */
export function questionOf(traits, scene) {
  return {
    index: scene.position,
    count: scene.output.length,
    place: `output ${scene.position + 1}`,
    choose: (position) => ({ position }),
    answer: scene.sum,
    explanation: describeScene(scene),
    slips: () => slipsOf(traits, scene),
  };
}

/**
 * @param {number[]} x
 * @param {number[]} w
 * @param {Traits["mode"]} mode
 * @param {boolean} flip
 * @returns {Setting}
 */
export function computeSetting(x, w, mode, flip) {
  const { start, count } = keptCells(x.length, w.length, mode, flip);
  const left = Math.min(0, start - w.length + 1);
  const output = (flip ? convolve1d : correlate1d)(x, w, mode);
  return {
    laid: flip ? [...w].reverse() : w,
    output,
    matrix: matrixOf(x.length, w, mode, flip),
    start,
    outputColumn: start - (flip ? 0 : w.length - 1),
    left,
    columns: Math.max(x.length, start + count) - left,
    scales: {
      x: scaleOf(x),
      w: scaleOf(w),
      products: scaleOf(x.flatMap((value) => w.map((weight) => value * weight))),
      output: scaleOf(output),
    },
  };
}

function matrixOf(n, w, mode, flip) {
  if (mode === "periodic") {
    const matrix = circulant(w, n);
    // Correlation is the transposed convolution.
    return flip ? matrix : matrix.map((_, i) => matrix.map((row) => row[i]));
  }
  const { start, count } = keptCells(n, w.length, mode, flip);
  return toeplitz(flip ? w : [...w].reverse(), n).slice(start, start + count);
}

/**
 * @param {number[]} values
 * @returns {Scale}
 */
export function scaleOf(values) {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return { low: Math.min(0, ...numbers), high: Math.max(0, ...numbers) };
}

/**
 * Where a bar begins and how long it is, in percent of its lane, from the top.
 *
 * @param {number} value
 * @param {Scale} scale
 * @returns {{ top: number, size: number }}
 * @example barOf(5, { low: -5, high: 5 }) // { top: 0, size: 50 }
 */
export function barOf(value, { low, high }) {
  // Between the largest numbers there is no finite span.
  if (!Number.isFinite(high - low)) {
    const [bar, above, below] = [value, high, low].map((one) => shareOf(one, Math.max(high, -low)));
    return barOf(bar, { low: below, high: above });
  }
  const span = high - low || 1;
  return { top: (100 * (high - Math.max(value, 0))) / span, size: (100 * Math.abs(value)) / span };
}

/**
 * The change with which Python accepts what a reader changed: the position stays inside.
 *
 * @param {Partial<Traits>} changes
 * @param {Traits} traits
 * @returns {Partial<Traits>}
 */
export function completed(changes, traits) {
  const { x, w, mode, flip, position } = { ...traits, ...changes };
  const { count } = keptCells(x.length, w.length, mode, flip);
  return { ...changes, position: clamp(position, 0, count - 1) };
}

/**
 * @param {Scale} scale
 * @returns {number} the end of the colour scale
 */
export function limitOf({ low, high }) {
  return Math.max(high, -low);
}
