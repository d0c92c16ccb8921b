/** What a gallery says of an image and of a cell, in the same words as words.py. */

import { extremes, valuesAt } from "./packing.js";

const MOST_DIGITS = 12;
const COLOUR_DIGITS = 3;
const CHANNELS = ["red", "green", "blue"];

/**
 * An image's name, place, size, range and note.
 *
 * @param {import("./packing.js").Group} group
 * @param {number} index
 * @returns {string}
 * @example "filter 3 (3 of 8): 7×7 cells, from −0.31 to 0.42"
 */
export function imageSentence({ images }, index) {
  const image = images[index];
  const [least, most] = extremes(image).map((value) => numberText(value, digitsOf(image)));
  const colours = image.channels === 3 ? " in colour" : "";
  const note = image.note ? `; ${image.note}` : "";
  const cells = image.height === 1 && image.width === 1 ? "cell" : "cells";
  const size = `${image.height}×${image.width} ${cells}${colours}`;
  return `${image.label} (${index + 1} of ${images.length}): ${size}, from ${least} to ${most}${note}`;
}

/**
 * The value of one cell in words. Rows and columns are said from 1.
 *
 * @param {import("./packing.js").Image} image
 * @param {number} row
 * @param {number} column
 * @returns {string}
 */
export function cellSentence(image, row, column) {
  const values = valuesAt(image, row, column);
  const texts = values.map((value) => numberText(value, digitsOf(image)));
  const place = `Row ${row + 1}, column ${column + 1}: `;
  if (image.channels === 3) return place + texts.map((text, i) => `${CHANNELS[i]} ${text}`).join(", ");
  const sign = values[0] < 0 ? ", negative" : values[0] > 0 ? ", positive" : "";
  return `${place}${texts[0]}${sign}`;
}

/**
 * @param {import("./packing.js").Image} image
 * @returns {number} how many decimals tell its values apart
 */
export function digitsOf(image) {
  return image.channels === 3 ? COLOUR_DIGITS : decimals(image.limit);
}

/**
 * How many decimals show three digits of `limit`; from 2 to 12.
 *
 * @param {number} limit
 * @returns {number}
 * @example decimals(0.31) // 3
 */
export function decimals(limit) {
  let digits = 2;
  while (limit > 0 && limit * 10 ** digits < 100 && digits < MOST_DIGITS) digits += 1;
  return digits;
}

/**
 * A number with at most `digits` decimals and a real minus sign.
 *
 * @param {number} value
 * @param {number} digits
 * @returns {string}
 * @example numberText(-0.3125, 3) // "−0.312"
 */
export function numberText(value, digits) {
  // Adding zero turns −0 into 0. Exponents, as String writes them, are no numbers to read.
  const rounded = Math.floor(value * 10 ** digits + 0.5) / 10 ** digits + 0;
  return rounded.toFixed(digits).replace(/\.?0+$/, "").replace("-", "−");
}
