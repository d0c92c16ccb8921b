/** One level drawn as a square: its cells, the padding around it, the lit field in it. */

import { svgElement } from "../shared/dom.js";
import { clamp, range } from "../shared/numbers.js";
import { rectangle, runs } from "../shared/rectangles.js";

/** With more cells than this the lines between them, and a stroke in each of padding, would hide them. */
export const MOST_LINES = 40;
// From here on the gaps are drawn over the field: as many as there are runs, not their product.
const MOST_BLOCKS = 1000;

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
    ["ring", "board", "lit", "gaps", "padding", "lines", "frame"].map((name) => [name, svgElement("path", { class: `cvb-rf-${name}` })]),
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
 * The lit cells, gaps to draw over them, the padding that is read, and the frame around the real cells.
 *
 * @param {MapView} view
 * @returns {{ lit: string, gaps: string, padding: string, frame: string }}
 */
export function fieldPaths({ rows, columns, size }) {
  if (!rows || !columns) return { lit: "", gaps: "", padding: "", frame: "" };
  const fill = size > MOST_LINES ? blocks : strokes;
  const across = [...columns.padding, ...columns.cells].sort((a, b) => a - b);
  return {
    ...litPaths(rows.cells, columns.cells),
    padding: fill(rows.padding, across) + fill(rows.cells, columns.padding),
    frame: frameAround(rows.cells, columns.cells),
  };
}

function litPaths(rows, columns) {
  const [down, across] = [runs(rows), runs(columns)];
  if (down.length * across.length <= MOST_BLOCKS) return { lit: blocks(rows, columns), gaps: "" };
  const [height, width] = [spanOf(rows), spanOf(columns)];
  const gaps = [
    ...between(down).map(([at, size]) => rectangle(columns[0], at, width, size)),
    ...between(across).map(([at, size]) => rectangle(at, rows[0], size, height)),
  ];
  return { lit: frameAround(rows, columns), gaps: gaps.join("") };
}

// First cell and length of what lies between runs.
function between(found) {
  const ends = found.map(([first, length]) => first + length);
  return found.slice(1).map(([next], i) => [ends[i], next - ends[i]]);
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
  return rectangle(columns[0], rows[0], spanOf(columns), spanOf(rows));
}

function spanOf(cells) {
  return cells.at(-1) - cells[0] + 1;
}

function gridLines(size) {
  return range(1, size).map((at) => `M${at} 0v${size}M0 ${at}h${size}`).join("");
}

function setAttribute(target, name, value) {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
