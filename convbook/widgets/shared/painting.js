/** Numbers painted on a canvas, a pixel each: on the course's signed scale, or as a photograph. */

import { clamp } from "./numbers.js";
import { divergingColor, scaleLimit } from "./palette.js";

/** @typedef {ArrayLike<number>[]} Rows */

const STEPS = 255; // on either side of zero
// A colour a step as canvases hold it: red, green, blue and full opacity in one number.
const SIGNED = Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => packed(divergingColor(i - STEPS, STEPS)));
const GREYS = Uint32Array.from({ length: STEPS + 1 }, (_, i) => packed([i, i, i]));

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Rows} rows
 * @param {number} limit the end of the colour scale
 */
export function paintSigned(canvas, rows, limit) {
  paint(canvas, rows, SIGNED, limit > 0 ? STEPS / limit : 0, STEPS);
}

/**
 * A photograph from black to white; on the signed scale where it holds numbers below zero.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Rows} rows
 */
export function paintPhotograph(canvas, rows) {
  const limit = scaleLimit(rows);
  if (rows.some((line) => line.some((value) => value < 0))) paintSigned(canvas, rows, limit);
  else paint(canvas, rows, GREYS, limit > 0 ? STEPS / limit : 0, 0);
}

/**
 * The colour of every number, in reading order.
 *
 * @param {Rows} rows
 * @param {Uint32Array} colors
 * @param {number} scale steps for each unit
 * @param {number} zero which step is zero
 * @returns {Uint32Array<ArrayBuffer>}
 */
export function colorsOf(rows, colors, scale, zero) {
  const width = rows[0].length;
  const painted = new Uint32Array(rows.length * width);
  rows.forEach((line, y) => {
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      painted[at] = colors[clamp(Math.round(line[x] * scale) + zero, 0, colors.length - 1)];
    }
  });
  return painted;
}

function paint(canvas, rows, colors, scale, zero) {
  const [width, height] = [rows[0].length, rows.length];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const bytes = new Uint8ClampedArray(colorsOf(rows, colors, scale, zero).buffer);
  // Pixels are put and never drawn: a canvas in memory takes them fastest.
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(new ImageData(bytes, width, height), 0, 0);
}

function packed(color) {
  return new Uint32Array(Uint8Array.of(...color, 255).buffer)[0];
}
