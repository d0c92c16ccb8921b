/** One image, large: its cells can be read by pointing, or with the arrow keys. */

import { element, setText } from "../shared/dom.js";
import { placeAfterKey } from "../shared/grid.js";
import { clamp } from "../shared/numbers.js";
import { divergingColor, textColor } from "../shared/palette.js";
import { paint, scaleLimit, valuesAt } from "./packing.js";
import { cellSentence, digitsOf, imageSentence, numberText } from "./words.js";

// As many cells a side as leave room for their numerals on a phone.
const NUMERAL_CELLS = 7;
const HINT = "Point at a cell, or press the arrow keys on the image, to read its value.";

export function createLarge() {
  const canvas = element("canvas", { class: "cvb-gallery-canvas", role: "img" });
  const numerals = element("div", { class: "cvb-gallery-numerals", "aria-hidden": "true" });
  const marker = element("div", { class: "cvb-gallery-marker", hidden: true });
  const board = element("div", { class: "cvb-gallery-board", role: "application", tabindex: 0 }, canvas, numerals, marker);
  const readout = element("p", { class: "cvb-gallery-readout", "aria-live": "polite" }, HINT);
  let image, place = null, painted = {};

  board.addEventListener("keydown", (event) => {
    const next = placeAfterKey(event, place ?? { row: 0, column: 0 }, image.height, image.width);
    if (!next) return;
    event.preventDefault();
    read(next, true);
  });
  board.addEventListener("focus", () => place ?? read({ row: 0, column: 0 }, true));
  for (const type of ["pointerdown", "pointermove"]) {
    board.addEventListener(type, (event) => {
      if (type === "pointerdown" || event.pointerType !== "touch") read(placeUnder(event, board, image), type === "pointerdown");
    });
  }

  // A moving pointer passes many cells; only what is reached on purpose is spoken.
  function read(next, spoken) {
    place = next;
    readout.setAttribute("aria-live", spoken ? "polite" : "off");
    marker.hidden = false;
    board.style.setProperty("--cvb-gallery-row", String(place.row));
    board.style.setProperty("--cvb-gallery-column", String(place.column));
    setText(readout, cellSentence(image, place.row, place.column));
  }

  /** @param {{ groups: import("./packing.js").Group[], group: number, image: number, scale: "group" | "image" }} traits */
  function show({ groups, group, image: index, scale }) {
    image = groups[group].images[index];
    const limit = scaleLimit(groups[group], index, scale);
    if (image !== painted.image || limit !== painted.limit) {
      painted = { image, limit };
      paint(canvas, image, limit);
      sizeBoard(board, image);
      showNumerals(numerals, image, limit);
    }
    canvas.setAttribute("aria-label", imageSentence(groups[group], index));
    board.setAttribute("aria-label", `${image.label}, enlarged: the arrow keys read its cells`);
    if (place) read(kept(place, image), true);
  }
  return { board, readout, show };
}

function kept({ row, column }, { height, width }) {
  return { row: clamp(row, 0, height - 1), column: clamp(column, 0, width - 1) };
}

function sizeBoard(board, { height, width }) {
  board.style.setProperty("--cvb-gallery-rows", String(height));
  board.style.setProperty("--cvb-gallery-columns", String(width));
}

function placeUnder(event, board, { height, width }) {
  const box = board.getBoundingClientRect();
  const along = (at, size, count) => clamp(Math.floor((at / size) * count), 0, count - 1);
  return { row: along(event.clientY - box.top, box.height, height), column: along(event.clientX - box.left, box.width, width) };
}

function showNumerals(root, image, limit) {
  const { height, width, channels } = image;
  const fits = channels === 1 && height <= NUMERAL_CELLS && width <= NUMERAL_CELLS;
  root.hidden = !fits;
  root.replaceChildren(...(fits ? cellsOf(image).map((value) => numeral(value, image, limit)) : []));
  const longest = Math.max(4, ...[...root.children].map((one) => one.textContent.length));
  root.style.setProperty("--cvb-gallery-letters", String(longest));
  root.dataset.long = String(longest * width > 36);
}

function cellsOf(image) {
  return Array.from({ length: image.height * image.width }, (_, i) => valuesAt(image, 0, i)[0]);
}

function numeral(value, image, limit) {
  const one = element("span", {}, numberText(value, digitsOf(image)));
  one.style.color = textColor(divergingColor(value, limit));
  return one;
}
