/** The explorer's image: the window of the chosen output cell lies over it; numbers can be edited. */

import { element } from "../shared/dom.js";
import { createGrid } from "../shared/grid.js";
import { clamp, range, remembered } from "../shared/numbers.js";
import { formatNumber } from "../shared/words.js";
import { shown } from "./arithmetic.js";
import { createBoard } from "./board.js";
import { editNumber } from "../shared/edit.js";
import { placeText } from "./sentences.js";
import { cellUnder, columnBefore } from "./state.js";

/**
 * @param {{ send: (changes: object) => void, editing: () => boolean }} options `editing` says
 *   whether a tap edits a number instead of moving the window
 */
export function createImageView({ send, editing }) {
  let traits, scene;
  let active = { row: 0, column: 0 };
  const plain = remembered(plainCells);
  const grid = createGrid({ label: "Image", onMove: focusCell });
  const frame = element("div", { class: "cvb-pool-frame" });
  const board = createBoard({}, grid.root, frame);
  grid.root.addEventListener("keydown", (event) => {
    if (event.target.getAttribute("role") !== "gridcell") return;
    if (event.key === " ") moveWindow(active);
    else if (event.key === "Enter" || event.key === "F2") edit(active);
    else return;
    event.preventDefault();
  });
  grid.root.addEventListener("click", (event) => onPlace(event, editing() ? edit : moveWindow));
  grid.root.addEventListener("dblclick", (event) => onPlace(event, edit));

  function onPlace(event, action) {
    const cell = event.target.closest("[role=gridcell]");
    if (!cell || event.target !== cell) return;
    active = { row: Number(cell.dataset.imageRow), column: Number(cell.dataset.imageColumn) };
    show(traits, scene);
    action(active);
  }

  function focusCell(place) {
    active = place;
    show(traits, scene);
  }

  function moveWindow(place) {
    if (scene.problem) return;
    const { row, column } = cellUnder(traits, scene, place);
    if (row !== scene.row || column !== scene.column) send({ row, column });
  }

  // A cell of the shifted image is written back where it came from.
  function edit({ row, column }) {
    const { image, shift } = traits;
    const source = columnBefore(column, shift, image[0].length);
    editNumber(grid.at({ row, column }), image[row][source], (value) =>
      send({ image: image.map((line, y) => line.map((old, x) => (y === row && x === source ? value : old))) }),
    );
  }

  /**
   * @param {import("./state.js").Traits} newTraits
   * @param {import("./state.js").Scene} newScene
   */
  function show(newTraits, newScene) {
    [traits, scene] = [newTraits, newScene];
    const content = imageCells(scene, plain);
    const columns = content[0].length;
    active = { row: clamp(active.row, 0, content.length - 1), column: clamp(active.column, 0, columns - 1) };
    grid.show(content, scene.limit, active);
    placeFrame(frame, scene);
    board.aim(scene.left, scene.left + scene.windowShape[1], columns);
  }
  return { root: board.root, show, reveal: board.reveal };
}

/**
 * The cells of the shifted image, each with what there is to say about it. Those outside the
 * window are the same objects as before, which the grid leaves alone.
 *
 * @param {import("./state.js").Scene} scene
 * @param {typeof plainCells} [plain]
 * @returns {import("../shared/grid.js").GridCell[][]}
 */
export function imageCells(scene, plain = plainCells) {
  const lines = [...plain(scene.pooled)];
  if (!scene.work) return lines;
  const { top, left, work, isAsked, windowShape: [rows, columns] } = scene;
  for (const m of range(0, rows)) {
    lines[top + m] = lines[top + m].map((cell, x) => {
      const n = x - left;
      return n >= 0 && n < columns ? underWindow(cell, !isAsked && m * columns + n === work.hit) : cell;
    });
  }
  return lines;
}

function underWindow(cell, taken) {
  const className = `${cell.className} ${taken ? "cvb-pool-hit" : ""}`;
  return { ...cell, label: `${cell.label}, in the window${taken ? ", taken" : ""}`, className };
}

function plainCells({ image, shifted, unused }) {
  return shifted.map((line, row) =>
    line.map((value, column) => {
      const was = image[row][column];
      const marks = [
        was !== value && { words: `was ${formatNumber(was)}`, className: "cvb-pool-changed" },
        unused[row][column] && { words: "in no window", className: "cvb-pool-unused" },
      ].filter(Boolean);
      return {
        text: shown(value),
        label: [`${placeText(row, column)}: ${formatNumber(value)}`, ...marks.map((mark) => mark.words)].join(", "),
        value,
        className: marks.map((mark) => mark.className).join(" "),
        data: { imageRow: row, imageColumn: column },
      };
    }),
  );
}

function placeFrame(frame, { work, top, left, windowShape: [rows, columns] }) {
  frame.hidden = work === null;
  for (const [name, value] of Object.entries({ row: top, column: left, rows, columns })) {
    frame.style.setProperty(`--cvb-pool-frame-${name}`, String(value));
  }
}
