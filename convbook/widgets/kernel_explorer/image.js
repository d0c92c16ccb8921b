/** The explorer's image: the window slides over it, its numbers can be edited. */

import { pad } from "../shared/convolution.js";
import { element, showColumns } from "../shared/dom.js";
import { editNumber } from "../shared/edit.js";
import { createGrid } from "../shared/grid.js";
import { clamp, remembered } from "../shared/numbers.js";
import { scaleLimit } from "../shared/palette.js";
import { kernelReach } from "../shared/shapes.js";
import { cellText, formatNumber } from "../shared/words.js";
import { cellUnder } from "./state.js";

/**
 * @param {{ send: (changes: object) => void, editing: () => boolean }} options `editing` says
 *   whether a tap edits a number instead of moving the window
 */
export function createImageView({ send, editing }) {
  let traits, scene;
  let active = { row: 0, column: 0 };
  const plain = remembered(plainCells);
  const limit = remembered(scaleLimit);
  const grid = createGrid({ label: "Image", onMove: (place) => focusCell(place) });
  const frame = element("div", { class: "cvb-frame" });
  const root = element("div", { class: "cvb-board" }, grid.root, frame);
  listen(root, {
    placeOf: (event) => placeUnder(event, grid.root, shownShape(traits)),
    windowCentre: () => windowCentre(traits, scene),
    move: (place) => moveWindow(place),
    edit: (place) => edit(place),
    editing,
  });
  grid.root.addEventListener("keydown", (event) => {
    if (event.target.getAttribute("role") !== "gridcell") return;
    if (event.key === " ") moveWindow(active);
    else if (event.key === "Enter" || event.key === "F2") edit(active);
    else return;
    event.preventDefault();
  });

  function focusCell(place) {
    active = place;
    show(traits, scene);
  }

  function moveWindow(place) {
    if (scene.problem) return;
    const { row, column } = cellUnder(traits, scene, place.row, place.column);
    if (row !== scene.row || column !== scene.column) send({ row, column });
  }

  function edit(place) {
    const { padding, image } = traits;
    const [row, column] = [place.row - padding, place.column - padding];
    if (image[row]?.[column] === undefined) return;
    active = place;
    editNumber(grid.at(place), image[row][column], (value) =>
      send({ image: image.map((line, y) => line.map((old, x) => (y === row && x === column ? value : old))) }),
    );
  }

  /**
   * @param {import("./state.js").Traits} newTraits
   * @param {import("./state.js").Scene} newScene
   */
  function show(newTraits, newScene) {
    [traits, scene] = [newTraits, newScene];
    const content = imageCells(traits, scene, plain);
    active = { row: clamp(active.row, 0, content.length - 1), column: clamp(active.column, 0, content[0].length - 1) };
    grid.show(content, limit(traits.image), active);
    placeFrame(frame, traits, scene);
    const first = scene.column * traits.stride;
    showColumns(root, first, first + kernelReach(traits.kernel[0].length, traits.dilation), content[0].length);
  }
  return { root, show };
}

/**
 * The cells of the padded image, those under the kernel marked with their term.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("../shared/grid.js").GridCell[][]}
 */
export function imageCells(traits, scene, plain = plainCells) {
  const lines = [...plain(traits.image, traits.padding, traits.mode)];
  const marked = new Set();
  scene.patch.forEach((patchLine, m) =>
    patchLine.forEach((cell, n) => {
      const [y, x] = [cell.row + traits.padding, cell.column + traits.padding];
      if (!marked.has(y)) lines[y] = [...lines[y]];
      marked.add(y);
      lines[y][x] = underKernel(lines[y][x], `${m},${n}`, traits.dilation > 1);
    }),
  );
  return lines;
}

function plainCells(image, padding, mode) {
  return shownImage(image, padding, mode).map((line, y) =>
    line.map((value, x) => {
      const [row, column] = [y - padding, x - padding];
      const padded = image[row]?.[column] === undefined;
      const place = padded ? "padding" : `row ${row + 1}, column ${column + 1}`;
      return { text: cellText(value), label: `${place}: ${formatNumber(value)}`, value, className: padded ? "cvb-padding" : "", data: { term: "" } };
    }),
  );
}

function underKernel(cell, term, framed) {
  const className = `${cell.className} ${framed ? "cvb-under" : ""}`;
  return { ...cell, label: `${cell.label}, under the kernel`, className, data: { term } };
}

// Where the image is too small for its padding mode, it is shown with zeros around it.
function shownImage(image, padding, mode) {
  try {
    return pad(image, padding, mode);
  } catch {
    return pad(image, padding);
  }
}

function shownShape({ image, padding }) {
  return { rows: image.length + 2 * padding, columns: image[0].length + 2 * padding };
}

function windowCentre(traits, scene) {
  const centre = (at, kernelSize) => at * traits.stride + (kernelReach(kernelSize, traits.dilation) - 1) / 2;
  return { row: centre(scene.row, traits.kernel.length), column: centre(scene.column, traits.kernel[0].length) };
}

function placeFrame(frame, traits, scene) {
  frame.hidden = scene.problem !== null;
  const sizes = {
    row: scene.row * traits.stride,
    column: scene.column * traits.stride,
    rows: kernelReach(traits.kernel.length, traits.dilation),
    columns: kernelReach(traits.kernel[0].length, traits.dilation),
  };
  for (const [name, value] of Object.entries(sizes)) frame.style.setProperty(`--cvb-frame-${name}`, String(value));
}

function placeUnder(event, target, { rows, columns }) {
  const box = target.getBoundingClientRect();
  const along = (at, size, count) => clamp(Math.floor((at / size) * count), 0, count - 1);
  return {
    row: along(event.clientY - box.top, box.height, rows),
    column: along(event.clientX - box.left, box.width, columns),
  };
}

// A finger that starts beside the frame scrolls the page; its tap still moves the window.
function listen(root, { placeOf, windowCentre, move, edit, editing }) {
  let grip = null;
  root.addEventListener("pointerdown", (event) => {
    const onFrame = event.target.classList.contains("cvb-frame");
    if (event.button !== 0 || editing() || (event.pointerType !== "mouse" && !onFrame)) return;
    const [place, centre] = [placeOf(event), windowCentre()];
    grip = onFrame ? { row: place.row - centre.row, column: place.column - centre.column } : { row: 0, column: 0 };
    root.setPointerCapture(event.pointerId);
  });
  root.addEventListener("pointermove", (event) => {
    if (!grip) return;
    const place = placeOf(event);
    move({ row: place.row - grip.row, column: place.column - grip.column });
  });
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, () => (grip = null));
  root.addEventListener("click", (event) => {
    if (editing()) edit(placeOf(event));
    else if (!event.target.classList.contains("cvb-frame")) move(placeOf(event));
  });
  root.addEventListener("dblclick", (event) => edit(placeOf(event)));
}
