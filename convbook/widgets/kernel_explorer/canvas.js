/** A painted board: a photograph or a response, and on it the place that is worked out. */

import { element } from "../shared/dom.js";
import { placeAfterKey } from "../shared/grid.js";
import { clamp, remembered } from "../shared/numbers.js";

/** @typedef {{ row: number, column: number }} Place */
/** @typedef {{ row: number, column: number, rows: number, columns: number }} Box */
/**
 * @typedef {object} View
 * @property {ArrayLike<number>[]} rows what is painted, a pixel each
 * @property {Box} box the pixels that are marked
 * @property {string} label
 * @property {(row: number, column: number) => Place} cellAt the output cell for a pixel
 * @property {Place & { rows: number, columns: number }} output the chosen output cell; the size
 */

const LEAP = 16; // cells, with the Shift key

/**
 * @param {object} options
 * @param {(canvas: HTMLCanvasElement, rows: ArrayLike<number>[]) => void} options.paint
 * @param {(place: Place | null) => void} options.onHover the mouse is over a place, or left
 * @param {(place: Place) => void} options.onPick
 */
export function createCanvas({ paint, onHover, onPick }) {
  const canvas = element("canvas", { class: "cvb-canvas" });
  const frame = element("div", { class: "cvb-lens", "aria-hidden": "true" });
  // What a finger drags: larger than a frame of a few pixels.
  const handle = element("div", { class: "cvb-handle", "aria-hidden": "true" });
  const root = element("div", {
    class: "cvb-painted", role: "group", tabindex: 0, "aria-roledescription": "pixels to choose from",
  }, canvas, frame, handle);
  const painted = remembered((rows) => paint(canvas, rows));
  let view;

  const pixelAt = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const along = (share, count) => clamp(Math.floor(share * count), 0, count - 1);
    return {
      row: along((clientY - box.top) / box.height, view.rows.length),
      column: along((clientX - box.left) / box.width, view.rows[0].length),
    };
  };
  const cellUnder = (event, grip = { row: 0, column: 0 }) => {
    const { row, column } = pixelAt(event);
    return view.cellAt(row - grip.row, column - grip.column);
  };

  root.addEventListener("pointermove", (event) => event.pointerType === "mouse" && onHover(cellUnder(event)));
  root.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && onHover(null));
  root.addEventListener("click", (event) => onPick(cellUnder(event)));
  root.addEventListener("keydown", (event) => {
    const place = placeAfterKeys(event, view.output);
    if (!place) return;
    event.preventDefault();
    onPick(place);
  });
  dragByFinger(handle, {
    grip: (event) => {
      const { row, column } = pixelAt(event);
      return { row: row - view.box.row - (view.box.rows - 1) / 2, column: column - view.box.column - (view.box.columns - 1) / 2 };
    },
    move: (event, grip) => onPick(cellUnder(event, grip)),
  });

  /** @param {View} newView */
  function show(newView) {
    view = newView;
    painted(view.rows);
    root.setAttribute("aria-label", view.label);
    const [height, width] = [view.rows.length, view.rows[0].length];
    const sizes = {
      top: (view.box.row + view.box.rows / 2) / height, left: (view.box.column + view.box.columns / 2) / width,
      height: view.box.rows / height, width: view.box.columns / width,
    };
    for (const [name, share] of Object.entries(sizes)) root.style.setProperty(`--cvb-lens-${name}`, String(share));
    root.style.setProperty("--cvb-canvas-ratio", String(width / height));
  }
  return { root, show };
}

/**
 * Where a key leads; with Shift, sixteen cells at once.
 *
 * @param {{ key: string, shiftKey?: boolean, ctrlKey?: boolean, metaKey?: boolean }} event
 * @param {View["output"]} output
 * @returns {Place | null}
 */
export function placeAfterKeys(event, { row, column, rows, columns }) {
  let place = { row, column };
  for (let i = 0; place && i < (event.shiftKey ? LEAP : 1); i += 1) place = placeAfterKey(event, place, rows, columns);
  return place;
}

function dragByFinger(handle, { grip, move }) {
  let held = null;
  handle.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse") return;
    held = grip(event);
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => held && move(event, held));
  for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => (held = null));
  // The finger has moved the frame already; a click at its end would move it once more.
  handle.addEventListener("click", (event) => event.pointerType !== "mouse" && event.stopPropagation());
}
