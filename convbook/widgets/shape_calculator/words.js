/** The shape calculator in sentences. Rows and columns are said from 1. */

import { inside, range } from "../shared/numbers.js";
import { kernelReach, samePadding } from "../shared/shapes.js";
import { amount, thousands } from "../shared/words.js";
import { inputCells } from "./state.js";
import LIMITS from "./limits.json" with { type: "json" };

// More are not read any more.
const MOST_RUNS = 16;

/**
 * Everything about the present state: the output's shape, what is dropped, the chosen position.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 */
export function describeScene(traits, scene) {
  if (scene.problem) return `No output: ${scene.problem}.`;
  const shape = `Output ${scene.rows.outputs} × ${scene.columns.outputs}.`;
  return `${shape} ${describeDropped(traits, scene)} ${describePosition(traits, scene)}`;
}

/**
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 * @example "15 of 63 input cells are dropped: row 7 and column 9 are never covered."
 */
export function describeDropped(traits, scene) {
  if (scene.dropped === 0) return "Every input cell is covered.";
  const missed = (axis) => inputCells(axis, traits, ({ covered }, cell) => !covered[cell]);
  const [rows, columns] = [missed(scene.rows), missed(scene.columns)];
  const lines = [places("row", rows), places("column", columns)].filter(Boolean);
  const cells = `${thousands(scene.dropped)} of ${amount(scene.rows.n * scene.columns.n, "input cell")}`;
  const verb = (number) => (number === 1 ? "is" : "are");
  const never = `${lines.join(" and ")} ${verb(rows.length + columns.length)} never covered`;
  return `${cells} ${verb(scene.dropped)} dropped: ${never}.`;
}

/**
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 * @example "Output row 1, column 2 touches input rows 1–2 and columns 3–5, and 3 cells of padding."
 */
export function describePosition(traits, scene) {
  const touched = (axis) => inputCells(axis, traits, (one, cell) => one.touched[cell]);
  const [rows, columns] = [touched(scene.rows), touched(scene.columns)];
  const padding = traits.kernel_size ** 2 - rows.length * columns.length;
  const cells = `${amount(padding, "cell")} of padding`;
  const place = `Output row ${scene.row + 1}, column ${scene.column + 1}`;
  if (padding === traits.kernel_size ** 2) return `${place} touches ${cells} and no input.`;
  const input = `input ${places("row", rows)} and ${places("column", columns)}`;
  return `${place} touches ${input}${padding > 0 ? `, and ${cells}` : ""}.`;
}

/**
 * @param {string} name of one, such as "row"
 * @param {number[]} indices from 0, rising
 * @returns {string} "" where there are none
 * @example places("row", [1, 3, 4, 5]) // "rows 2 and 4–6"; of many, the first three and the last
 */
export function places(name, indices) {
  if (indices.length === 0) return "";
  const starts = indices.filter((index, i) => indices[i - 1] !== index - 1);
  const ends = indices.filter((index, i) => indices[i + 1] !== index + 1);
  const runs = starts.map((start, i) => (start === ends[i] ? `${start + 1}` : `${start + 1}–${ends[i] + 1}`));
  if (runs.length > MOST_RUNS) runs.splice(3, runs.length - 4, "…");
  const listed = runs.length > 1 ? `${runs.slice(0, -1).join(", ")} and ${runs.at(-1)}` : runs[0];
  return `${name}${indices.length > 1 ? "s" : ""} ${listed}`;
}

const NAMES = {
  rows: { title: "Rows", one: "row", size: "height", end: "at the bottom" },
  columns: { title: "Columns", one: "column", size: "width", end: "at the right" },
};

/**
 * What remains behind the last position and in gaps, with what would make the kernel fit.
 *
 * @param {"rows" | "columns"} name
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Axis} axis
 * @returns {string}
 */
export function remark(name, traits, axis) {
  const words = NAMES[name];
  if (axis.room < 0) return `${words.title}: ${tooLarge(words, traits, axis)}`;
  const fit = axis.left === 0 ? "the kernel fits exactly." : leftoverWords(words, traits, axis);
  return `${words.title}: ${fit}${gapWords(words, traits, axis)}`;
}

function tooLarge({ size }, { padding, dilation }, { n, padded, reach, room }) {
  const [least, around] = [reach - 2 * padding, Math.ceil((reach - n) / 2)];
  const most = Math.floor((padded - 1) / dilation) + 1;
  const ways = [
    least <= LIMITS.height.most && `${size} ${least} or more`,
    around <= LIMITS.padding.most && `padding ${around} or more`,
    `kernel size ${most} or less`,
  ];
  return `the kernel is ${amount(-room, "cell")} too long. It fits with ${ways.filter(Boolean).join(", or with ")}.`;
}

function leftoverWords(words, traits, axis) {
  const padding = Math.min(axis.left, traits.padding);
  const share = padding === 0 ? "" : padding === axis.left ? ", all padding" : `, ${padding} of them padding`;
  const { sizes, padding: better } = exactFits(traits, axis);
  const ways = [sizes.length > 0 && `${words.size} ${sizes.join(" or ")}`, better !== null && `padding ${better}`];
  const advice = ways.filter(Boolean).join(", or with ");
  return `${amount(axis.left, words.one)} ${axis.left === 1 ? "is" : "are"} left over ${words.end}${share}.${advice && ` It fits exactly with ${advice}.`}`;
}

/**
 * The nearest sizes and the nearest padding with which nothing is left over.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Axis} axis
 * @returns {{ sizes: number[], padding: number | null }}
 */
export function exactFits(traits, { n, left }) {
  const { kernel_size, stride, padding, dilation } = traits;
  const fits = (p) => {
    const room = n + 2 * p - kernelReach(kernel_size, dilation);
    return room >= 0 && room % stride === 0;
  };
  // The nearer first; of two as near, the larger.
  const paddings = range(LIMITS.padding.least, LIMITS.padding.most + 1).reverse().filter(fits);
  paddings.sort((a, b) => Math.abs(a - padding) - Math.abs(b - padding));
  const sizes = [n - left, n + stride - left].filter((size) => inside(LIMITS.height, size));
  return { sizes, padding: paddings[0] ?? null };
}

function gapWords(words, traits, axis) {
  const end = axis.padded - axis.left;
  const gaps = inputCells(axis, traits, ({ covered }, cell) => !covered[cell] && cell < end);
  if (gaps.length === 0) return "";
  const { stride, dilation, kernel_size } = traits;
  const reasons = [
    stride > axis.reach && `the stride (${stride}) is greater than the kernel's reach (${axis.reach})`,
    dilation > 1 && kernel_size > 1 && `the dilation (${dilation}) spreads the kernel's cells`,
  ];
  const fall = gaps.length === 1 ? "falls into a gap" : "fall into gaps";
  return ` ${capital(places(words.one, gaps))} ${fall}: ${reasons.filter(Boolean).join(", and ")}.`;
}

/**
 * The padding that keeps the size, or why there is none.
 *
 * @param {import("./state.js").Traits} traits
 * @returns {{ padding: number } | { problem: string }}
 */
export function sameSize({ kernel_size, dilation, stride }) {
  try {
    const padding = samePadding(kernel_size, dilation);
    if (stride > 1) {
      return { problem: `Padding ${padding} keeps the size only at stride 1: set the stride (=${stride}) to 1` };
    }
    const most = LIMITS.padding.most;
    if (padding <= most) return { padding };
    const advice = "use a smaller kernel or less dilation";
    return { problem: `Same size needs padding ${padding}, and this calculator ends at ${most}: ${advice}` };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { problem: capital(error.message) };
  }
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
