/** The cells beside x: copies of its cells where it repeats, or room where w hangs over. */

import { element, setText } from "../shared/dom.js";
import { fitDigits } from "../shared/grid.js";
import { cellText } from "../shared/words.js";
import { MOST_DIGITS } from "./cells.js";

/** Cells on one side of x. */
export function createCopies() {
  const root = element("div", { class: "cvb-roll-copies", "aria-hidden": "true" });

  /** @param {(number | null)[]} values null is room */
  function show(values) {
    while (root.childElementCount > values.length) root.lastChild.remove();
    while (root.childElementCount < values.length) root.append(element("div", { class: "cvb-cell cvb-roll-copy" }));
    values.forEach((value, i) => {
      const text = value === null ? "" : cellText(value, MOST_DIGITS);
      setText(root.children[i], text);
      root.children[i].classList.toggle("cvb-roll-room", value === null);
      fitDigits(root.children[i], text.length);
    });
  }
  return { root, show };
}
