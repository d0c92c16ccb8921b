/** The matrix below the stage: its rows are the outputs, its columns the cells of x. */

import { element, setText, showColumns } from "../shared/dom.js";
import { createGrid } from "../shared/grid.js";
import { clamp, remembered } from "../shared/numbers.js";
import { cellText } from "../shared/words.js";
import { columnCells, matrixCells, MOST_DIGITS, outputCells } from "./cells.js";
import { limitOf, scaleOf } from "./state.js";
import { describeMatrix, describeRow, longest } from "./words.js";

// Up to here its cells hold numerals; above it, colours, and the row is said in words.
const MOST_COLUMNS = 16;
const MOST_ROWS = 20;
const MOST_IN_MATRIX = 6;

/**
 * @param {(changes: object) => void} send
 */
export function createMatrix(send) {
  let traits, scene;
  let column = 0;
  const plain = remembered((matrix) => matrixCells(matrix, hasNumerals(matrix)));
  const digits = remembered((...all) => longest(all.flat(2).map(shown)));
  const limit = remembered((matrix) => limitOf(scaleOf(matrix.flat())));
  const grid = createGrid({ label: "Matrix", onMove: (place) => moveTo(place) });
  const x = createGrid({ label: "x as a column" });
  const output = createGrid({ label: "Output as a column" });
  const title = element("div", { class: "cvb-roll-title" });
  const row = element("div", { class: "cvb-note" });
  const frame = element("div", { class: "cvb-roll-row" });
  const framed = element("div", { class: "cvb-roll-framed" }, grid.root, frame);
  const board = element(
    "div", { class: "cvb-roll-board cvb-roll-product" }, framed, sign("×"), x.root, sign("="), output.root,
  );
  const root = element("div", { class: "cvb-roll-matrix" }, title, board, row);
  grid.root.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-row]");
    if (cell) send({ position: Number(cell.dataset.row) });
  });

  function moveTo(place) {
    column = place.column;
    if (place.row === scene.position) show(traits, scene);
    else send({ position: place.row });
  }

  /**
   * @param {import("./state.js").Traits} newTraits
   * @param {import("./state.js").Scene} newScene
   */
  function show(newTraits, newScene) {
    [traits, scene] = [newTraits, newScene];
    const { matrix, position, scales } = scene;
    const numerals = hasNumerals(matrix);
    column = clamp(column, 0, matrix[0].length - 1);
    grid.show(plain(matrix), limit(matrix), { row: position, column });
    const met = scene.terms.map((term) => term.index);
    x.show(markedCells(columnCells("x", traits.x, numerals), met), limitOf(scales.x));
    const known = outputCells(scene.output, position, traits.show_all, traits.predict ? traits.known : null);
    output.show(markedCells(columnCells("output", known.map(({ value }) => value), numerals), [position]), limitOf(scales.output));
    setText(title, `${describeMatrix(traits, matrix)}; times x it is the output`);
    setText(row, describeRow(matrix[position], position));
    root.classList.toggle("cvb-roll-small", !numerals);
    root.style.setProperty("--cvb-roll-columns", String(matrix[0].length));
    frame.style.setProperty("--cvb-roll-position", String(position));
    root.style.setProperty("--cvb-roll-digits", String(digits(matrix, traits.x, scene.output)));
    follow(board, grid.at({ row: 0, column: 0 }), met);
  }
  return { root, show };
}

function sign(text) {
  return element("span", { class: "cvb-roll-sign", "aria-hidden": "true" }, text);
}

function shown(value) {
  return cellText(value, MOST_DIGITS);
}

function hasNumerals(matrix) {
  return matrix.length <= MOST_ROWS && matrix[0].length <= MOST_COLUMNS && longest(matrix.flat().map(shown)) <= MOST_IN_MATRIX;
}

function markedCells(lines, indices) {
  const marked = (cell) => ({ ...cell, className: "cvb-roll-marked" });
  return lines.map((line, i) => (indices.includes(i) ? line.map(marked) : line));
}

// The weights of the row stay in sight.
function follow(board, cell, columns) {
  if (board.scrollWidth <= board.clientWidth) return;
  showColumns(board, Math.min(...columns), Math.max(...columns) + 1, board.scrollWidth / (cell.offsetWidth + 2));
}
