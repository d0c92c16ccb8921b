/** One level drawn as a square: its cells, the padding around it, the lit field in it. */

import { svgElement } from "../shared/dom.js";
import { clamp, range } from "../shared/numbers.js";

// With more cells than this the lines between them would hide them.
const MOST_LINES = 40;

/**
 * @typedef {object} MapView
 * @property {number} size cells a side
 * @property {number} ring cells of padding that the next layer adds on each side
 * @property {import("../shared/receptive.js").Span | null} rows null above the chosen neuron
 * @property {import("../shared/receptive.js").Span | null} columns
 * @property {boolean} chosen whether the field is the neuron itself
 * @property {string} label what the picture shows
 */

/**
 * A map as one drawing of a few shapes, whatever its size.
 */
export function createMap() {
  const shapes = Object.fromEntries(
    ["ring", "board", "lit", "padding", "lines", "frame"].map((name) => [name, svgElement("path", { class: `cvb-rf-${name}` })]),
  );
  const root = svgElement("svg", { class: "cvb-rf-drawing", role: "img" });
  root.append(...Object.values(shapes));

  /** @param {MapView} view */
  function show(view) {
    const { size, ring } = view;
    const rest = [-ring, -ring, size + 2 * ring, size + 2 * ring];
    const paths = {
      ring: ring > 0 ? rectangle(...rest) : "",
      board: rectangle(0, 0, size, size),
      lines: size <= MOST_LINES ? gridLines(size) : "",
      ...fieldPaths(view),
    };
    setAttribute(root, "viewBox", rest.join(" "));
    setAttribute(root, "aria-label", view.label);
    for (const [name, path] of Object.entries(paths)) setAttribute(shapes[name], "d", path);
    root.classList.toggle("cvb-rf-here", view.chosen);
  }
  return { root, show };
}

/**
 * The cell of a map at a place in its drawing, padding counted as the nearest cell.
 *
 * @param {{ left: number, top: number, width: number, height: number }} box of the drawing
 * @param {number} x
 * @param {number} y
 * @param {{ size: number, ring: number }} view
 * @returns {{ row: number, column: number }}
 */
export function cellAt(box, x, y, { size, ring }) {
  const along = (share) => clamp(Math.floor(share * (size + 2 * ring)) - ring, 0, size - 1);
  return { row: along((y - box.top) / box.height), column: along((x - box.left) / box.width) };
}

/**
 * First cell and length of each run of neighbours.
 *
 * @param {number[]} cells ascending
 * @returns {[number, number][]}
 * @example runs([0, 1, 4]) // [[0, 2], [4, 1]]
 */
export function runs(cells) {
  const found = [];
  for (const cell of cells) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === cell) last[1] += 1;
    else found.push([cell, 1]);
  }
  return found;
}

/**
 * The lit cells, the padding that is read, and the frame around the real cells.
 *
 * @param {MapView} view
 * @returns {{ lit: string, padding: string, frame: string }}
 */
export function fieldPaths({ rows, columns }) {
  if (!rows || !columns) return { lit: "", padding: "", frame: "" };
  return {
    lit: blocks(rows.cells, columns.cells),
    padding: strokes(rows.padding, [...columns.padding, ...columns.cells]) + strokes(rows.cells, columns.padding),
    frame: frameAround(rows.cells, columns.cells),
  };
}

function blocks(rows, columns) {
  const across = runs(columns);
  return runs(rows)
    .flatMap(([top, height]) => across.map(([left, width]) => rectangle(left, top, width, height)))
    .join("");
}

// Padding is told from real cells by its pattern: one stroke through each cell.
function strokes(rows, columns) {
  return rows.flatMap((y) => columns.map((x) => `M${x + 0.1} ${y + 0.9}l.8-.8`)).join("");
}

function frameAround(rows, columns) {
  if (rows.length === 0 || columns.length === 0) return "";
  const span = (cells) => cells.at(-1) - cells[0] + 1;
  return rectangle(columns[0], rows[0], span(columns), span(rows));
}

function gridLines(size) {
  return range(1, size).map((at) => `M${at} 0v${size}M0 ${at}h${size}`).join("");
}

function rectangle(x, y, width, height) {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}

function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
