/** Controls that fold away where a widget is narrow, and stand open where there is room. */

import { element } from "./dom.js";

/**
 * The style sheet decides what is narrow: only there is the title seen.
 *
 * @param {string} title
 * @param {...Node} content
 * @returns {HTMLDetailsElement}
 */
export function fold(title, ...content) {
  const summary = element("summary", {}, title);
  const root = element("details", { class: "cvb-fold", open: true }, summary, ...content);
  let wasNarrow = false;
  new ResizeObserver(() => {
    const isNarrow = summary.checkVisibility();
    if (isNarrow !== wasNarrow) root.open = !isNarrow;
    wasNarrow = isNarrow;
  }).observe(summary);
  return root;
}
