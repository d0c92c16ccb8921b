/** A large input drawn to scale as a few rectangles: its cells would be too small and too many. */

import { rectangle, runs } from "../shared/rectangles.js";
import { inputCells } from "./state.js";
import LIMITS from "./limits.json" with { type: "json" };

/** @typedef {import("./state.js").Traits} Traits */
/** @typedef {import("./state.js").Scene} Scene */

/**
 * @param {Scene} scene
 * @returns {boolean} whether it is too large to be drawn cell by cell
 */
export function isSketched({ rows, columns }) {
  return Math.max(rows.padded, columns.padded) > LIMITS.drawn.most;
}

/**
 * The rectangles of the padded input, by the names of the drawing's paths. What is dropped are whole
 * rows and whole columns.
 *
 * @param {Traits} traits
 * @param {Scene} scene
 * @returns {Record<string, string>}
 */
export function sketchOf(traits, { problem, rows, columns }) {
  const { padding } = traits;
  const missed = (axis) => runs(inputCells(axis, traits, ({ covered }, cell) => !covered[cell]));
  const down = missed(rows).map(([at, size]) => rectangle(padding, at + padding, columns.n, size));
  const across = missed(columns).map(([at, size]) => rectangle(at + padding, padding, size, rows.n));
  return {
    "cvb-shape-padding": padding > 0 ? rectangle(0, 0, columns.padded, rows.padded) : "",
    [problem ? "cvb-shape-plain" : "cvb-shape-covered"]: rectangle(padding, padding, columns.n, rows.n),
    "cvb-shape-dropped": problem ? "" : [...down, ...across].join(""),
  };
}

/**
 * Why no cells are seen, and what is; nothing where they are.
 *
 * @param {Scene} scene
 * @returns {string}
 */
export function describeSketch(scene) {
  if (!isSketched(scene)) return "";
  const frame = scene.problem ? "" : " The frame is the kernel, a dark band is dropped.";
  const { rows, columns } = scene;
  return `A sketch to scale: ${rows.padded} × ${columns.padded} cells are too many to draw one by one.${frame}`;
}
