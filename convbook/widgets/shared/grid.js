/** An accessible grid of numerals: one tab stop, arrow keys inside. */

import { cssColor, divergingColor, textColor } from "./palette.js";
import { element, setText } from "./dom.js";
import { restoreFields } from "./judged.js";

/** @typedef {{ row: number, column: number }} Place */

/**
 * @typedef {object} GridCell
 * @property {string} text the numeral shown
 * @property {string} label what a screen reader says
 * @property {number | null} value what the colour stands for; null leaves the cell uncoloured
 * @property {string} [className]
 * @property {Record<string, string | number>} [data] `data-…` attributes
 */

/**
 * Where a key leads from a cell, or null if the key does not move.
 *
 * @param {{ key: string, ctrlKey?: boolean, metaKey?: boolean }} event
 * @param {Place} from
 * @param {number} rows
 * @param {number} columns
 * @returns {Place | null}
 */
export function placeAfterKey(event, { row, column }, rows, columns) {
  const whole = event.ctrlKey || event.metaKey;
  const places = {
    ArrowUp: { row: Math.max(row - 1, 0), column },
    ArrowDown: { row: Math.min(row + 1, rows - 1), column },
    ArrowLeft: { row, column: Math.max(column - 1, 0) },
    ArrowRight: { row, column: Math.min(column + 1, columns - 1) },
    Home: { row: whole ? 0 : row, column: 0 },
    End: { row: whole ? rows - 1 : row, column: columns - 1 },
  };
  return Object.hasOwn(places, event.key) ? places[event.key] : null;
}

/**
 * A grid whose cells are shown with `show`. With `onMove` it takes the focus and reports where
 * keys lead; without, it is a table to read.
 *
 * @param {{ label: string, onMove?: (place: Place) => void }} options
 */
export function createGrid({ label, onMove }) {
  const root = element("div", { class: "cvb-grid", role: onMove ? "grid" : "table", "aria-label": label });
  /** @type {HTMLElement[][]} */
  let cells = [];
  /** @type {GridCell[][]} what each cell shows; a cell or line that comes again is left alone */
  let shown = [];
  let shownLimit = NaN;
  let active = { row: 0, column: 0 };
  if (onMove) root.addEventListener("keydown", moveByKey);

  function moveByKey(event) {
    if (event.target.getAttribute("role") !== "gridcell") return;
    const place = placeAfterKey(event, active, cells.length, cells[0].length);
    if (!place) return;
    event.preventDefault();
    onMove(place);
  }

  /**
   * @param {GridCell[][]} content
   * @param {number} limit the end of the colour scale
   * @param {Place} [place] the cell that holds the tab stop
   */
  function show(content, limit, place = active) {
    const hadFocus = root.contains(root.getRootNode().activeElement);
    if (content.length !== cells.length || content[0]?.length !== cells[0]?.length) rebuild(content);
    if (limit !== shownLimit) shown = [];
    content.forEach((line, row) => line === shown[row] || paintLine(line, row, limit));
    // What could not be painted while it was being edited is painted next time.
    shown = root.querySelector(".cvb-cell > input") ? [] : [...content];
    shownLimit = limit;
    if (onMove) moveActive(place);
    if (hadFocus && onMove) cells[place.row]?.[place.column]?.focus();
  }

  function paintLine(line, row, limit) {
    line.forEach((cell, column) => {
      if (cell !== shown[row]?.[column]) paintCell(cells[row][column], cell, limit);
    });
  }

  function moveActive(place) {
    markActive(cells[active.row]?.[active.column], false);
    markActive(cells[place.row]?.[place.column], true);
    active = place;
  }

  function rebuild(content) {
    restoreFields(root);
    const role = onMove ? "gridcell" : "cell";
    const made = () => element("div", { class: "cvb-cell", role, ...(onMove && { tabindex: -1, "aria-selected": "false" }) });
    cells = content.map((line) => line.map(made));
    root.replaceChildren(...cells.map((line) => element("div", { class: "cvb-row", role: "row" }, ...line)));
    root.style.setProperty("--cvb-columns", String(content[0]?.length ?? 0));
    shown = [];
  }

  return { root, show, at: (place) => cells[place.row]?.[place.column] };
}

function markActive(cell, isActive) {
  if (!cell) return;
  cell.tabIndex = isActive ? 0 : -1;
  cell.setAttribute("aria-selected", String(isActive));
  cell.parentElement.classList.toggle("cvb-active-row", isActive);
}

function paintCell(target, { text, label, value, className = "", data = {} }, limit) {
  if (target.querySelector("input")) return; // being edited
  setText(target, text);
  target.className = `cvb-cell ${className}`;
  fitDigits(target, text.length);
  target.setAttribute("aria-label", label);
  Object.assign(target.dataset, data);
  colorCell(target, value, limit);
}

/**
 * Makes the figures of a cell as small as so many of them need to be.
 *
 * @param {HTMLElement} target
 * @param {number} length
 */
export function fitDigits(target, length) {
  target.classList.toggle("cvb-long", length > 3);
  target.classList.toggle("cvb-longer", length > 4);
  if (length > 4) target.style.setProperty("--cvb-digits", String(length));
}

/**
 * @param {HTMLElement} target
 * @param {number | null} value
 * @param {number} limit
 */
export function colorCell(target, value, limit) {
  const color = value === null ? null : divergingColor(value, limit);
  target.style.backgroundColor = color ? cssColor(color) : "";
  target.style.color = color ? textColor(color) : "";
}
