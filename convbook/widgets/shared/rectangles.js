/** Cells drawn together: runs of neighbours, and the rectangles they make. */

/**
 * First cell and length of each run of neighbours.
 *
 * @param {number[]} cells ascending
 * @returns {[number, number][]}
 * @example runs([0, 1, 4]) // [[0, 2], [4, 1]]
 */
export function runs(cells) {
  const found = [];
  for (const cell of cells) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === cell) last[1] += 1;
    else found.push([cell, 1]);
  }
  return found;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @returns {string} the path of a rectangle
 */
export function rectangle(x, y, width, height) {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}
