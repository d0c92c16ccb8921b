/** A board that scrolls sideways where it is too wide, and keeps the columns in question in sight. */

import { element, showColumns } from "../shared/dom.js";

/**
 * @param {{ readOnly?: string }} options the name of a board without a cell to focus: the keyboard
 *   then scrolls the board itself
 * @param {...Node} content
 */
export function createBoard({ readOnly }, ...content) {
  const group = readOnly ? { role: "group", "aria-label": readOnly } : {};
  const root = element("div", { class: "cvb-pool-board", ...group }, ...content);
  let range = null;
  new ResizeObserver(reveal).observe(root);

  /**
   * Asks for columns to be seen at the next `reveal`.
   *
   * @param {number} first
   * @param {number} last not included
   * @param {number} columns on the whole board
   */
  function aim(first, last, columns) {
    range = [first, last, columns];
  }

  // It reads the layout, so it comes once, after everything is written.
  function reveal() {
    if (!range) return;
    showColumns(root, ...range);
    if (!readOnly) return;
    if (root.scrollWidth > root.clientWidth) root.tabIndex = 0;
    else root.removeAttribute("tabindex");
  }
  return { root, aim, reveal };
}
