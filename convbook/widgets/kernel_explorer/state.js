/** What the kernel explorer shows, computed from its traits. No document here. */

import { correlate2d, correlateRows, flip, patch, weightedSum } from "../shared/convolution.js";
import { asksFor, PREDICTION } from "../predicting/asking.js";
import { clamp } from "../shared/numbers.js";
import { kernelReach } from "../shared/shapes.js";
import { formatNumber, sumSentence } from "../shared/words.js";
import { isPhotograph } from "./photograph.js";
import { slipsOf } from "./slips.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const MAKERS = ["image", "kernel", "stride", "padding", "dilation", "mode", "flip"];
export const TRAITS = [...MAKERS, "row", "column", "show_all", ...PREDICTION];

/**
 * @typedef {object} Traits
 * @property {import("./photograph.js").Rows} image
 * @property {number[][]} kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 * @property {import("../shared/convolution.js").PaddingMode} mode
 * @property {boolean} flip
 * @property {number} row
 * @property {number} column
 * @property {boolean} show_all
 * @property {boolean} predict
 * @property {number[]} known
 * @property {string} typed
 * @property {boolean} checked
 */

/**
 * @typedef {object} Scene
 * @property {string | null} problem why the kernel fits nowhere, or null
 * @property {number[][]} weights the kernel as applied, flipped where asked
 * @property {import("./photograph.js").Rows} output empty where there is a problem
 * @property {number} row the chosen output cell, kept inside the output
 * @property {number} column
 * @property {import("../shared/convolution.js").PatchCell[][]} patch
 * @property {number[][]} products
 * @property {number} sum
 * @property {boolean} isAsked whether the chosen cell is yet to be predicted
 */

/**
 * @param {Traits} traits
 * @param {typeof correlateAll} [correlate]
 * @returns {Scene}
 */
export function computeScene(traits, correlate = correlateAll) {
  const weights = traits.flip ? flip(traits.kernel) : traits.kernel;
  try {
    const cell = computeCell(traits, weights, correlate);
    return { problem: null, weights, ...cell, isAsked: asksAt(traits, cell) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const none = { output: [], row: 0, column: 0, patch: [], products: [], sum: NaN, isAsked: false };
    return { problem: error.message, weights, ...none };
  }
}

/** @returns {import("./photograph.js").Rows} the whole output, which a step does not change */
export function correlateAll(image, kernel, flipped, stride, padding, dilation, mode) {
  const correlate = isPhotograph(image) ? correlateRows : correlate2d;
  return correlate(image, flipped ? flip(kernel) : kernel, { stride, padding, dilation, mode });
}

// A photograph's response is seen as a whole: there is nothing to predict.
function asksAt(traits, { output, row, column }) {
  return !isPhotograph(traits.image) && asksFor(traits, row * output[0].length + column);
}

/**
 * What a prediction asks, or null where there is nothing to predict.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @returns {import("../predicting/asking.js").Question | null}
 */
export function questionOf(traits, scene) {
  if (scene.problem || isPhotograph(traits.image)) return null;
  const { output, row, column, sum } = scene;
  const columns = output[0].length;
  return {
    index: row * columns + column,
    count: output.length * columns,
    place: `output row ${row + 1}, column ${column + 1}`,
    choose: (at) => ({ row: Math.floor(at / columns), column: at % columns }),
    answer: sum,
    explanation: describeScene(scene),
    slips: () => slipsOf(traits, scene),
  };
}

function computeCell(traits, weights, correlate) {
  const { image, kernel, flip: flipped, stride, padding, dilation, mode } = traits;
  const output = correlate(image, kernel, flipped, stride, padding, dilation, mode);
  const row = clamp(traits.row, 0, output.length - 1);
  const column = clamp(traits.column, 0, output[0].length - 1);
  const cells = patch(traits.image, weights, row, column, traits);
  const products = cells.map((line, m) => line.map((cell, n) => cell.value * weights[m][n]));
  return { output, row, column, patch: cells, products, sum: weightedSum(cells, weights) };
}

/**
 * The output cell `by` steps further in reading order, or null at either end.
 *
 * @param {Scene} scene
 * @param {number} by
 * @returns {{ row: number, column: number } | null}
 */
export function stepCell(scene, by) {
  const width = scene.output[0]?.length ?? 0;
  const index = scene.row * width + scene.column + by;
  if (index < 0 || index >= scene.output.length * width) return null;
  return { row: Math.floor(index / width), column: index % width };
}

/**
 * The output cell whose window lies nearest around a cell of the padded image.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @param {number} row counted from the padded image's corner
 * @param {number} column
 * @returns {{ row: number, column: number }}
 */
export function cellUnder(traits, scene, row, column) {
  const nearest = (at, kernelSize, count) => {
    const half = (kernelReach(kernelSize, traits.dilation) - 1) / 2;
    return clamp(Math.round((at - half) / traits.stride), 0, count - 1);
  };
  return {
    row: nearest(row, traits.kernel.length, scene.output.length),
    column: nearest(column, traits.kernel[0].length, scene.output[0].length),
  };
}

/**
 * What just happened, as a sentence. Rows and columns are said from 1.
 *
 * @param {Scene} scene
 * @returns {string}
 */
export function describeScene(scene) {
  if (scene.problem) return `No output: ${scene.problem}.`;
  const values = scene.patch.flat().map((cell) => cell.value);
  const sum = sumSentence(values, scene.weights.flat(), scene.sum);
  return `Output row ${scene.row + 1}, column ${scene.column + 1}: ${sum}`;
}

/**
 * The output size rule with this explorer's numbers filled in, for one dimension.
 *
 * @param {Traits} traits
 * @param {number} n
 * @param {number} kernelSize
 * @returns {string}
 * @example "⌊(5 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 3"
 */
export function sizeFormula({ stride, padding, dilation }, n, kernelSize) {
  const positions = Math.floor((n + 2 * padding - kernelReach(kernelSize, dilation)) / stride) + 1;
  const inside = `${n} + 2·${padding} − ${dilation}·(${kernelSize} − 1) − 1`;
  return `⌊(${inside}) / ${stride}⌋ + 1 = ${formatNumber(positions)}`;
}
