/** What the pooling explorer shows, computed from its traits. No document here. */

import { asksFor, PREDICTION } from "../predicting/asking.js";
import { clamp } from "../shared/numbers.js";
import { scaleLimit } from "../shared/palette.js";
import { pool2d, pooledShape, uniformDraws, windowAt } from "../shared/pooling.js";
import { covered } from "../shared/shapes.js";
import { formatNumber } from "../shared/words.js";
import { explain } from "./arithmetic.js";
import { describeScene, placeText } from "./sentences.js";
import { slipsOf } from "./slips.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const MAKERS = ["image", "kind", "size", "stride", "shift", "seed"];
export const TRAITS = [...MAKERS, "row", "column", ...PREDICTION];

/**
 * @typedef {object} Traits
 * @property {number[][]} image before the shift
 * @property {import("../shared/pooling.js").Kind} kind
 * @property {number} size
 * @property {number} stride
 * @property {number} shift cells to the right; to the left if negative
 * @property {number} seed
 * @property {number} row
 * @property {number} column
 * @property {boolean} predict
 * @property {number[]} known
 * @property {string} typed
 * @property {boolean} checked
 */

/**
 * @typedef {object} Pooled what does not depend on the chosen cell: a step keeps the same object
 * @property {string | null} problem why no window fits, or null
 * @property {[number, number]} windowShape
 * @property {number[][]} image before the shift
 * @property {number[][]} shifted
 * @property {number[][]} output of the shifted image; empty where there is a problem
 * @property {number[][]} before the output without the shift
 * @property {number[] | null} draws
 * @property {boolean[][]} unused the cells that no window reaches
 * @property {number} limit the end of the colour scale of all boards
 */

/**
 * @typedef {Pooled & { pooled: Pooled, row: number, column: number, top: number, left: number,
 *   work: import("./arithmetic.js").Work | null, isAsked: boolean }} Scene the chosen cell, kept
 *   inside the output; the corner of its window; how it is computed, and whether that is asked for
 */

/**
 * @param {Traits} traits
 * @param {Pooled} [pooled] from `computePooled`, where it is known already
 * @returns {Scene}
 */
export function computeScene(traits, pooled = computePooled(traits)) {
  if (pooled.problem) return { ...pooled, pooled, row: 0, column: 0, top: 0, left: 0, work: null, isAsked: false };
  const { output, shifted, windowShape, draws } = pooled;
  const row = clamp(traits.row, 0, output.length - 1);
  const column = clamp(traits.column, 0, output[0].length - 1);
  const cells = windowAt(shifted, row, column, windowShape, traits.stride);
  const draw = draws?.[row * output[0].length + column];
  const [top, left] = [row * traits.stride, column * traits.stride];
  const isAsked = asksFor(traits, row * output[0].length + column);
  return { ...pooled, pooled, row, column, top, left, work: explain(cells, traits.kind, draw), isAsked };
}

/**
 * What a prediction asks, or null where there is nothing to predict.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @returns {import("../predicting/asking.js").Question | null}
 */
export function questionOf(traits, scene) {
  if (scene.problem) return null;
  const { output, row, column, work } = scene;
  const columns = output[0].length;
  return {
    index: row * columns + column,
    count: output.length * columns,
    place: `output ${placeText(row, column)}`,
    given: work.draw === null ? "" : `The draw is ${formatNumber(work.draw, 4)}.`,
    choose: (at) => ({ row: Math.floor(at / columns), column: at % columns }),
    answer: work.value,
    explanation: describeScene(scene),
    slips: () => slipsOf(traits, scene),
  };
}

/**
 * Both outputs, with and without the shift.
 *
 * @param {Traits} traits
 * @returns {Pooled}
 */
export function computePooled(traits) {
  const { image } = traits;
  const known = { image, shifted: shiftImage(image, traits.shift), windowShape: windowShape(traits) };
  try {
    return { problem: null, ...known, ...poolBoth(traits, known) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const unused = image.map((line) => line.map(() => false));
    const limit = scaleLimit(image);
    return { problem: error.message, ...known, output: [], before: [], draws: null, unused, limit };
  }
}

function poolBoth({ image, kind, stride, seed }, { shifted, windowShape: size }) {
  const [rows, columns] = pooledShape([image.length, image[0].length], size, stride);
  const draws = kind === "stochastic" ? uniformDraws(seed, rows * columns) : null;
  const output = pool2d(shifted, kind, { size, stride, draws });
  const before = pool2d(image, kind, { size, stride, draws });
  const [down, right] = [image.length, image[0].length].map((n, side) => covered(n, size[side], { stride }));
  const unused = down.map((rowUsed) => right.map((columnUsed) => !(rowUsed && columnUsed)));
  return { output, before, draws, unused, limit: Math.max(...[image, output, before].map(scaleLimit)) };
}

/**
 * Rows and columns of the window: the size, or 1 along a side on which the image has one cell.
 *
 * @param {{ image: number[][], size: number }} traits
 * @returns {[number, number]}
 */
export function windowShape({ image, size }) {
  return [image.length === 1 ? 1 : size, image[0].length === 1 ? 1 : size];
}

/**
 * The image moved sideways; what leaves at one side comes in at the other.
 *
 * @param {number[][]} image
 * @param {number} shift cells to the right
 * @returns {number[][]}
 */
export function shiftImage(image, shift) {
  return image.map((line) => line.map((_, x) => line[columnBefore(x, shift, line.length)]));
}

/**
 * The column that a cell of the shifted image came from.
 *
 * @param {number} column
 * @param {number} shift
 * @param {number} width
 * @returns {number}
 */
export function columnBefore(column, shift, width) {
  return (((column - shift) % width) + width) % width;
}

/**
 * The output cell `by` steps further in reading order, or null at either end.
 *
 * @param {Scene} scene
 * @param {number} by
 * @returns {{ row: number, column: number } | null}
 */
export function stepCell({ output, row, column }, by) {
  const width = output[0]?.length ?? 0;
  const index = row * width + column + by;
  if (index < 0 || index >= output.length * width) return null;
  return { row: Math.floor(index / width), column: index % width };
}

/**
 * The output cell whose window lies nearest around a cell of the image.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @param {{ row: number, column: number }} place
 * @returns {{ row: number, column: number }}
 */
export function cellUnder({ stride }, { output, windowShape: [rows, columns] }, place) {
  const nearest = (at, length, count) => clamp(Math.round((at - (length - 1) / 2) / stride), 0, count - 1);
  return {
    row: nearest(place.row, rows, output.length),
    column: nearest(place.column, columns, output[0].length),
  };
}

/**
 * What a change brings along, since Python refuses a cell outside the output.
 *
 * @param {Traits} traits as they will be
 * @returns {{ row: number, column: number }}
 */
export function keptInside({ row, column, ...traits }) {
  try {
    const { image, stride } = traits;
    const [rows, columns] = pooledShape([image.length, image[0].length], windowShape(traits), stride);
    return { row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
  } catch {
    return { row: 0, column: 0 };
  }
}
