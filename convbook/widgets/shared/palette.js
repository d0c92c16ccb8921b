/** The course's colours for numbers: blue below zero, mid-grey at zero, orange above. */

import COLORS from "../../palette.json" with { type: "json" };

// Blue is darker and orange lighter than the grey, so the sign survives a greyscale print.
const { blue: BLUE, grey: GREY, orange: ORANGE } = COLORS;

/**
 * The colour of `value` on a scale that ends at ±`limit`.
 *
 * @param {number} value
 * @param {number} limit the largest magnitude on the scale; 0 makes everything grey
 * @returns {[number, number, number]} red, green, blue, each 0…255
 * @example divergingColor(0, 5) // [176, 176, 176]
 */
export function divergingColor(value, limit) {
  const share = Math.abs(shareOf(value, limit));
  const end = value < 0 ? BLUE : ORANGE;
  return GREY.map((grey, i) => Math.round(grey + share * (end[i] - grey)));
}

/**
 * How far a value reaches towards the end of its scale: −1…1, also where either is infinite.
 *
 * @param {number} value
 * @param {number} limit
 * @returns {number}
 */
export function shareOf(value, limit) {
  if (Number.isNaN(value)) return 0;
  if (!Number.isFinite(value)) return Math.sign(value);
  return limit > 0 ? Math.max(-1, Math.min(value / limit, 1)) : 0;
}

/**
 * Black or white, whichever reads better; always at least 4.5:1.
 *
 * @param {number[]} color red, green, blue
 * @returns {"#000000" | "#ffffff"}
 */
export function textColor(color) {
  return contrast(color, [0, 0, 0]) >= contrast(color, [255, 255, 255]) ? "#000000" : "#ffffff";
}

/**
 * The contrast ratio of two colours, 1…21 (WCAG 2.2, "contrast ratio").
 *
 * @param {number[]} a
 * @param {number[]} b
 * @returns {number}
 */
export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * @param {number[]} color
 * @returns {string} `rgb(…)`
 */
export function cssColor(color) {
  return `rgb(${color.join(" ")})`;
}

/**
 * @param {Iterable<number>[]} matrix
 * @returns {number} its largest magnitude: the end of its colour scale
 */
export function scaleLimit(matrix) {
  let limit = 0;
  // What is no number is no end of a scale.
  for (const line of matrix) for (const value of line) if (Math.abs(value) > limit) limit = Math.abs(value);
  return limit;
}

function luminance(color) {
  const [r, g, b] = color.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
