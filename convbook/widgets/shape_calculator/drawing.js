/**
 * The padded input as a few paths in units of one cell, not as an element a cell: a change of all
 * its cells stays light.
 */

import { svgElement } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";

// What is drawn in a cell whose corner is (x, y).
const SQUARE = (x, y) => `M${x + 0.04} ${y + 0.04}h.92v.92h-.92z`;
const HATCH = (x, y) => `M${x + 0.04} ${y + 0.52}l.48 -.48m.44 .44l-.48 .48m-.48 -.04l.92 -.92`;
const CROSS = (x, y) => `M${x + 0.28} ${y + 0.28}l.44 .44m0 -.44l-.44 .44`;
const DOT = (x, y) => `M${x + 0.22} ${y + 0.5}a.28 .28 0 1 0 .56 0a.28 .28 0 1 0 -.56 0`;

/** @typedef {{ padding: boolean, state: "plain" | "covered" | "dropped" | "touched" }} Cell */

/** From back to front: a class name, which cells have it, and what is drawn there. */
const LAYERS = [
  ["cvb-shape-padding", ({ padding, state }) => padding && !isCovered(state), SQUARE],
  ["cvb-shape-padding cvb-shape-covered", ({ padding, state }) => padding && isCovered(state), SQUARE],
  ["cvb-shape-hatch", ({ padding }) => padding, HATCH],
  ["cvb-shape-plain", ({ padding, state }) => !padding && state === "plain", SQUARE],
  ["cvb-shape-covered", ({ padding, state }) => !padding && isCovered(state), SQUARE],
  ["cvb-shape-dropped", ({ padding, state }) => !padding && state === "dropped", SQUARE],
  ["cvb-shape-cross", ({ padding, state }) => !padding && state === "dropped", CROSS],
  ["cvb-shape-cross cvb-shape-muted", ({ padding, state }) => padding && state === "dropped", CROSS],
  ["cvb-shape-dot", ({ state }) => state === "touched", DOT],
];

const isCovered = (state) => state === "covered" || state === "touched";

/**
 * @param {Record<string, string>} attributes
 */
export function createDrawing(attributes) {
  const root = svgElement("svg", { class: "cvb-shape-drawing", ...attributes });
  const paths = LAYERS.map(([name]) => svgElement("path", { class: name }));
  const frame = svgElement("rect", { class: "cvb-shape-frame", rx: "0.12" });
  root.append(...paths, frame);

  /**
   * @param {Cell[][]} cells
   * @param {{ row: number, column: number, size: number } | null} [window] the square with a frame
   */
  function show(cells, window = null) {
    const drawn = LAYERS.map(([name, has, draw]) => [name, pathOf(cells, has, draw)]);
    showPaths(Object.fromEntries(drawn), { rows: cells.length, columns: cells[0].length }, window);
  }

  /**
   * @param {Record<string, string>} drawn paths by the names of the layers; the others are empty
   * @param {{ rows: number, columns: number }} size in cells
   * @param {{ row: number, column: number, size: number } | null} [window] the square with a frame
   */
  function showPaths(drawn, { rows, columns }, window = null) {
    set(root, { viewBox: `0 0 ${columns} ${rows}` });
    LAYERS.forEach(([name], i) => set(paths[i], { d: drawn[name] ?? "" }));
    set(frame, { visibility: window ? "visible" : "hidden" });
    if (window) set(frame, { x: window.column, y: window.row, width: window.size, height: window.size });
  }
  return { root, show, showPaths };
}

/**
 * The cell under the pointer.
 *
 * @param {MouseEvent} event
 * @param {Element} target the drawing
 * @param {number} rows
 * @param {number} columns
 * @returns {{ row: number, column: number }}
 */
export function placeUnder(event, target, rows, columns) {
  const box = target.getBoundingClientRect();
  const along = (at, size, count) => clamp(Math.floor((at / size) * count), 0, count - 1);
  return {
    row: along(event.clientY - box.top, box.height, rows),
    column: along(event.clientX - box.left, box.width, columns),
  };
}

function pathOf(cells, has, draw) {
  return cells.map((line, y) => line.map((cell, x) => (has(cell) ? draw(x, y) : "")).join("")).join("");
}

function set(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (target.getAttribute(name) !== String(value)) target.setAttribute(name, String(value));
  }
}
