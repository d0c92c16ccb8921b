/** The levels of a stack beside each other, each with its map, its size and its part of the field. */

import { element, setText } from "../shared/dom.js";
import { placeAfterKey } from "../shared/grid.js";
import { cellAt, createMap } from "./map.js";
import { middleOf } from "./state.js";
import { describeMap, layerName, levelName, litNote } from "./words.js";

const ROLE = "cells to choose from";

/**
 * @param {{ onPick: ((changes: { level: number, row: number, column: number }) => void) | null }} options
 *   without `onPick` the maps are to look at
 */
export function createStrip({ onPick }) {
  const root = element("div", { class: "cvb-rf-strip" });
  // Where nothing in it takes the focus, the keyboard scrolls the strip itself.
  if (!onPick) new ResizeObserver(() => (root.tabIndex = root.scrollWidth > root.clientWidth ? 0 : -1)).observe(root);
  const figures = [];
  let scene;

  /**
   * @param {import("./state.js").Scene} newScene
   * @param {number} largest the size of the map that is drawn largest
   */
  function show(newScene, largest) {
    scene = newScene;
    while (figures.length < scene.sizes.length) figures.push(createFigure(figures.length));
    figures.forEach((figure, level) => (figure.root.hidden = level >= scene.sizes.length));
    scene.sizes.forEach((size, level) => figures[level].show(size / largest));
  }

  function createFigure(level) {
    const map = createMap();
    const title = element("div", { class: "cvb-title" });
    const [size, lit] = [0, 1].map(() => element("div", { class: "cvb-note" }));
    const board = onPick ? focusable(level, map.root) : element("div", { class: "cvb-rf-map" }, map.root);
    const figure = element("div", { class: "cvb-rf-level", "data-level": level }, title, board, size, lit);
    root.append(figure);

    function showFigure(share) {
      const layer = scene.layers[level - 1];
      setText(title, layer ? `${scene.numbers[level]} ${layerName(layer)}` : "Input");
      setText(size, `${scene.sizes[level]} × ${scene.sizes[level]}`);
      setText(lit, litNote(scene, level));
      figure.classList.toggle("cvb-rf-chosen", scene.rows.length > 0 && level === scene.level);
      figure.style.setProperty("--cvb-rf-share", String(share));
      if (onPick) board.setAttribute("aria-label", `${levelName(scene, level)}: map`);
      map.show(viewOf(scene, level));
    }
    return { root: figure, show: showFigure };
  }

  function focusable(level, drawing) {
    const board = element("div", {
      class: "cvb-rf-map cvb-rf-pick", role: "group", tabindex: 0, "aria-roledescription": ROLE,
    }, drawing);
    const pick = (place) => onPick({ level, ...place });
    const pickUnder = (event) =>
      pick(cellAt(drawing.getBoundingClientRect(), event.clientX, event.clientY, viewOf(scene, level)));
    board.addEventListener("click", pickUnder);
    board.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" && event.buttons === 1) pickUnder(event);
    });
    board.addEventListener("keydown", (event) => {
      const place = placeAfter(event, scene, level);
      if (!place) return;
      event.preventDefault();
      pick(place);
    });
    return board;
  }
  return { root, show };
}

/**
 * Where a key leads in a level's map: the first one chooses a neuron there, the next ones move.
 *
 * @param {{ key: string, ctrlKey?: boolean, metaKey?: boolean }} event
 * @param {import("./state.js").Scene} scene
 * @param {number} level
 * @returns {{ row: number, column: number } | null}
 */
export function placeAfter(event, scene, level) {
  const size = scene.sizes[level];
  const moved = placeAfterKey(event, scene, size, size);
  if (level === scene.level) return moved;
  if (!moved && event.key !== "Enter" && event.key !== " ") return null;
  const middle = (spans) => {
    const cells = spans[level]?.cells ?? [];
    return cells.length > 0 ? cells[middleOf(cells.length)] : middleOf(size);
  };
  return { row: middle(scene.rows), column: middle(scene.columns) };
}

function viewOf(scene, level) {
  const lit = level < scene.rows.length;
  return {
    size: scene.sizes[level],
    ring: scene.layers[level]?.padding ?? 0,
    rows: lit ? scene.rows[level] : null,
    columns: lit ? scene.columns[level] : null,
    chosen: lit && level === scene.level,
    label: describeMap(scene, level),
  };
}
