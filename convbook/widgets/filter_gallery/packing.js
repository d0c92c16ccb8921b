/** Images in a byte a value. The same rules as convbook/widgets/filter_gallery/packing.py. */

import { divergingColor } from "../shared/palette.js";

/**
 * @typedef {object} Image
 * @property {string} label
 * @property {string} note
 * @property {number} height
 * @property {number} width
 * @property {1 | 3} channels signed numbers, or colours
 * @property {number} limit the largest magnitude of the signed numbers
 * @property {string} data the bytes in base64
 */
/** @typedef {{ title: string, kind: "filters" | "activations" | "frames", images: Image[] }} Group */

const STEPS = 127; // on either side of zero; zero itself is byte 128
const ZERO = 128;

/** @type {WeakMap<Image, Uint8Array>} */
const UNPACKED = new WeakMap();

/**
 * @param {Image} image
 * @returns {Uint8Array} height × width × channels bytes in reading order
 */
export function levelsOf(image) {
  let levels = UNPACKED.get(image);
  if (!levels) {
    const text = atob(image.data);
    levels = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i += 1) levels[i] = text.charCodeAt(i);
    UNPACKED.set(image, levels);
  }
  return levels;
}

/**
 * @param {Image} image
 * @param {number} level a byte of it
 * @returns {number}
 * @example valueOfLevel({ channels: 1, limit: 2 }, 255) // 2
 */
export function valueOfLevel({ channels, limit }, level) {
  return channels === 3 ? level / 255 : ((level - ZERO) / STEPS) * limit;
}

/**
 * @param {Image} image
 * @param {number} row
 * @param {number} column
 * @returns {number[]} one number, or red, green and blue
 */
export function valuesAt(image, row, column) {
  const start = (row * image.width + column) * image.channels;
  return [...levelsOf(image).subarray(start, start + image.channels)].map((level) => valueOfLevel(image, level));
}

/**
 * @param {Image} image
 * @returns {[number, number]} its smallest and its largest value
 */
export function extremes(image) {
  let [least, most] = [255, 0];
  for (const level of levelsOf(image)) {
    if (level < least) least = level;
    if (level > most) most = level;
  }
  return [valueOfLevel(image, least), valueOfLevel(image, most)];
}

/**
 * The end of the colour scale of an image: its own, or that of its group.
 *
 * @param {Group} group
 * @param {number} index
 * @param {"group" | "image"} scale
 * @returns {number}
 */
export function scaleLimit({ images }, index, scale) {
  const { limit, channels } = images[index];
  if (scale === "image" || channels === 3) return limit;
  return Math.max(...images.filter((one) => one.channels === 1).map((one) => one.limit));
}

/**
 * @param {Image} image
 * @param {number} limit the end of the colour scale; colours need none
 * @returns {Uint8ClampedArray<ArrayBuffer>} red, green, blue and 255 for each cell, as a canvas takes them
 */
export function pixelsOf(image, limit) {
  const levels = levelsOf(image);
  const pixels = new Uint8ClampedArray(image.height * image.width * 4).fill(255);
  const table = image.channels === 1 ? colorTable(image, limit) : null;
  for (let from = 0, to = 0; to < pixels.length; from += image.channels, to += 4) {
    const [source, start] = table ? [table, 3 * levels[from]] : [levels, from];
    pixels[to] = source[start];
    pixels[to + 1] = source[start + 1];
    pixels[to + 2] = source[start + 2];
  }
  return pixels;
}

// Red, green and blue of each of the 256 bytes.
function colorTable(image, limit) {
  const colors = Array.from({ length: 256 }, (_, level) => divergingColor(valueOfLevel(image, level), limit));
  return Uint8Array.from(colors.flat());
}

/**
 * Draws an image, a pixel a cell; the style sheet enlarges it without smoothing.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Image} image
 * @param {number} limit
 */
export function paint(canvas, image, limit) {
  canvas.width = image.width;
  canvas.height = image.height;
  const data = new ImageData(pixelsOf(image, limit), image.width, image.height);
  canvas.getContext("2d").putImageData(data, 0, 0);
}
