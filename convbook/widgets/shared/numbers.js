/** Two small helpers with whole numbers. */

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 * @returns {number}
 */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * @param {number} start
 * @param {number} stop not included
 * @returns {number[]}
 */
export function range(start, stop) {
  return Array.from({ length: Math.max(stop - start, 0) }, (_, i) => start + i);
}
