/** A row of bars around a zero line. The numerals beside them say what they show. */

import { element } from "../shared/dom.js";
import { cssColor, divergingColor } from "../shared/palette.js";
import { barOf } from "./state.js";

/** Bars that are updated in place. */
export function createBars() {
  const root = element("div", { class: "cvb-roll-bars", "aria-hidden": "true" });

  /**
   * @param {(number | null)[]} values null leaves the place empty
   * @param {import("./state.js").Scale} scale
   */
  function show(values, scale) {
    while (root.childElementCount > values.length) root.lastChild.remove();
    while (root.childElementCount < values.length) root.append(element("div", {}, element("div", { class: "cvb-roll-bar" })));
    root.style.setProperty("--cvb-roll-zero", `${barOf(0, scale).top}%`);
    const limit = Math.max(scale.high, -scale.low);
    values.forEach((value, i) => paint(root.children[i].firstChild, value, scale, limit));
  }
  return { root, show };
}

function paint(bar, value, scale, limit) {
  bar.hidden = value === null || Number.isNaN(value);
  if (bar.hidden) return;
  const { top, size } = barOf(value, scale);
  bar.style.top = `${top}%`;
  bar.style.height = `${size}%`;
  bar.style.backgroundColor = cssColor(divergingColor(value, limit));
}
