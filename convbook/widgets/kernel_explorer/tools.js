/** The kernel explorer's tools: edit numbers, the reader's own picture, zoom. */

import { button } from "../shared/controls.js";
import { element, labelled, setText } from "../shared/dom.js";
import { brightnessAt, isPhotograph, photographOf } from "./photograph.js";

const MOST_PIXELS = 256;
// A picture of at most so many pixels a side is shown as cells.
const MOST_CELLS = 64;
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
  const zooming = labelled("Zoom", range);
  const root = element(
    "div",
    { class: "cvb-tools", role: "group", "aria-label": "Image tools" },
    editing,
    element("label", { class: "cvb-button cvb-file" }, file, caption),
    zooming,
  );

  /** @param {import("./state.js").Traits} traits */
  function show({ image }) {
    editing.hidden = zooming.hidden = isPhotograph(image);
    if (editing.hidden) editing.setAttribute("aria-pressed", "false");
  }
  return { root, isEditing, show };
}

/**
 * A picture as a photograph, or a small one as cells. It never leaves the page.
 *
 * @param {Blob} file
 * @returns {Promise<number[][] | import("./photograph.js").Photograph>}
 */
async function readPicture(file) {
  const bitmap = await createImageBitmap(file);
  const longest = Math.max(bitmap.width, bitmap.height);
  if (longest <= MOST_CELLS) return brightness(...drawn(bitmap, PICTURE_CELLS / longest));
  return photographOf(...drawn(bitmap, Math.min(1, MOST_PIXELS / longest)));
}

function drawn(bitmap, scale) {
  const [width, height] = [bitmap.width, bitmap.height].map((size) => Math.max(1, Math.round(size * scale)));
  const context = element("canvas", { width, height }).getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return [context.getImageData(0, 0, width, height).data, width];
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
    rows.at(-1).push(Math.round((brightnessAt(rgba, i) / 255) * 9));
  }
  return rows;
}
