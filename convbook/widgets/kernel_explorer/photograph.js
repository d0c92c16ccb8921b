/** A photograph in a byte a pixel. The same rules as convbook/widgets/kernel_explorer/photograph.py. */

/**
 * @typedef {object} Photograph pixel `b` of the data is worth `low + step · b`
 * @property {number} height
 * @property {number} width
 * @property {number} low
 * @property {number} step
 * @property {string} data the bytes in base64
 */
/** @typedef {ArrayLike<number>[]} Rows numbers, row by row */

/** @type {WeakMap<Photograph, Float64Array[]>} */
const UNPACKED = new WeakMap();

/**
 * The rows of an image; those of a photograph are unpacked once.
 *
 * @param {number[][] | Photograph} image
 * @returns {Rows}
 * @example rowsOf({ height: 1, width: 2, low: 0, step: 1, data: "AP8=" }) // [[0, 255]]
 */
export function rowsOf(image) {
  if (Array.isArray(image)) return image;
  if (!UNPACKED.has(image)) UNPACKED.set(image, unpack(image));
  return UNPACKED.get(image);
}

/**
 * @param {Rows} rows
 * @returns {boolean} whether they are the pixels of a photograph, not cells with a numeral each
 */
export function isPhotograph(rows) {
  return rows[0] instanceof Float64Array;
}

/**
 * The brightness of a picture, a whole number from 0 to 255 a pixel.
 *
 * @param {ArrayLike<number>} rgba four numbers 0…255 a pixel, in reading order
 * @param {number} width pixels in a row
 * @returns {Photograph}
 */
export function photographOf(rgba, width) {
  const count = rgba.length / 4;
  let bytes = "";
  for (let i = 0; i < count; i += 1) bytes += String.fromCharCode(Math.round(brightnessAt(rgba, 4 * i)));
  return { height: count / width, width, low: 0, step: 1, data: btoa(bytes) };
}

/**
 * @param {ArrayLike<number>} rgba
 * @param {number} start where a pixel begins
 * @returns {number} its brightness (Rec. 709), 0…255
 */
export function brightnessAt(rgba, start) {
  return 0.2126 * rgba[start] + 0.7152 * rgba[start + 1] + 0.0722 * rgba[start + 2];
}

function unpack({ height, width, low, step, data }) {
  const bytes = atob(data);
  const values = Float64Array.from(bytes, (byte) => low + step * byte.charCodeAt(0));
  return Array.from({ length: height }, (_, y) => values.subarray(y * width, (y + 1) * width));
}
