/** The kernel explorer's tools: edit numbers, the reader's own picture, zoom. */

import { button } from "../shared/controls.js";
import { element, labelled, setText } from "../shared/dom.js";

// As many cells a side as still show their numbers on a phone.
const PICTURE_CELLS = 16;

/**
 * @param {{ send: (changes: object) => void, zoom: (factor: number, state: "preview" | "settled") => void }} options
 */
export function createTools({ send, zoom }) {
  const editing = button("Edit numbers", () => editing.setAttribute("aria-pressed", String(!isEditing())));
  const isEditing = () => editing.getAttribute("aria-pressed") === "true";
  const stop = () => editing.setAttribute("aria-pressed", "false");
  editing.addEventListener("restore", stop);
  stop();
  const caption = element("span", { "aria-live": "polite" }, "Use a picture…");
  const file = element("input", { type: "file", accept: "image/*", class: "cvb-hidden-file" });
  file.addEventListener("change", async () => {
    try {
      send({ image: await readPicture(file.files[0]) });
      setText(caption, "Use a picture…");
    } catch {
      setText(caption, "Not a picture: choose a PNG or JPEG…");
    }
  });
  const range = element("input", { type: "range", min: 0.5, max: 2, step: 0.25, value: 1 });
  // While the slider is dragged the boards are only scaled; thousands of cells change size at once.
  range.addEventListener("input", () => zoom(Number(range.value), "preview"));
  const settle = () => zoom(Number(range.value), "settled");
  range.addEventListener("change", settle);
  range.addEventListener("restore", () => {
    range.value = "1";
    settle();
  });
  const root = element(
    "div",
    { class: "cvb-tools", role: "group", "aria-label": "Image tools" },
    editing,
    element("label", { class: "cvb-button cvb-file" }, file, caption),
    labelled("Zoom", range),
  );
  return { root, isEditing };
}

/**
 * A picture as brightness from 0 to 9, its longer side 16 cells. It never leaves the page.
 *
 * @param {Blob} file
 * @returns {Promise<number[][]>}
 */
async function readPicture(file) {
  const bitmap = await createImageBitmap(file);
  const scale = PICTURE_CELLS / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width, bitmap.height].map((size) => Math.max(1, Math.round(size * scale)));
  const canvas = element("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return brightness(context.getImageData(0, 0, width, height).data, width);
}

/**
 * @param {ArrayLike<number>} rgba four numbers 0…255 a pixel, in reading order
 * @param {number} width pixels in a row
 * @returns {number[][]} brightness (Rec. 709) from 0 to 9
 */
export function brightness(rgba, width) {
  const rows = [];
  for (let i = 0; i < rgba.length; i += 4) {
    if (i % (4 * width) === 0) rows.push([]);
    const light = 0.2126 * rgba[i] + 0.7152 * rgba[i + 1] + 0.0722 * rgba[i + 2];
    rows.at(-1).push(Math.round((light / 255) * 9));
  }
  return rows;
}
