/** The table's numbers as people read them. The same texts as words.py. */

import { thousands } from "../shared/words.js";

/**
 * A large number in millions, billions or trillions; empty below a million.
 *
 * @param {number} value
 * @returns {string}
 * @example inMillions(1849688064) // "1.85 G"
 */
export function inMillions(value) {
  const units = [[1e12, "T"], [1e9, "G"], [1e6, "M"]];
  const [size, unit] = units.find(([least]) => value >= least) ?? [];
  return size ? `${(Math.floor((value / size) * 100 + 0.5) / 100).toFixed(2)} ${unit}` : "";
}

/**
 * @param {number} value
 * @returns {string}
 * @example bytesText(86528) // "84.5 KiB"
 */
export function bytesText(value) {
  if (value < 1024) return `${value} B`;
  const step = [1, 2, 3, 4].find((power) => power === 4 || value < 1024 ** (power + 1));
  const rounded = Math.floor((value / 1024 ** step) * 10 + 0.5) / 10;
  const [whole, tenths] = rounded.toFixed(1).split(".");
  return `${thousands(Number(whole))}.${tenths} ${["KiB", "MiB", "GiB", "TiB"][step - 1]}`;
}

/**
 * @param {number} part
 * @param {number} total
 * @returns {string}
 * @example shareText(36928, 93322) // "39.6 %"
 */
export function shareText(part, total) {
  if (part === 0) return "0 %";
  const tenths = Math.floor((part / total) * 1000 + 0.5);
  return tenths === 0 ? "< 0.1 %" : `${(tenths / 10).toFixed(1)} %`;
}

/**
 * @param {number[]} shape
 * @returns {string}
 * @example shapeText([64, 13, 13]) // "64×13×13"
 */
export function shapeText(shape) {
  return shape.map(thousands).join("×");
}

/**
 * @param {[number, number] | null} field
 * @returns {string}
 */
export function fieldText(field) {
  return field ? shapeText(field) : "all";
}
