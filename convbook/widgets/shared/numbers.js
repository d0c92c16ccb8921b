/** Small helpers for whole numbers, and for work that need not be done twice. */

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
 * @param {{ least: number, most: number }} limits
 * @param {number} value
 * @returns {boolean}
 */
export function inside({ least, most }, value) {
  return value >= least && value <= most;
}

/**
 * @param {number} start
 * @param {number} stop not included
 * @returns {number[]}
 */
export function range(start, stop) {
  return Array.from({ length: Math.max(stop - start, 0) }, (_, i) => start + i);
}

/**
 * The function, remembering its last result for as long as its arguments are the same objects.
 *
 * @template {(...args: any[]) => any} T
 * @param {T} make
 * @returns {T}
 */
export function remembered(make) {
  let last = null;
  let result;
  return /** @type {T} */ ((...args) => {
    if (!last || args.length !== last.length || args.some((one, i) => one !== last[i])) {
      result = make(...args);
      last = args;
    }
    return result;
  });
}
