/** What the cells' looks mean, and how many there are of each. */

import { element, setText } from "../shared/dom.js";
import { thousands } from "../shared/words.js";
import { createDrawing } from "./drawing.js";

const SAMPLES = [
  { padding: false, state: "touched" },
  { padding: false, state: "covered" },
  { padding: false, state: "dropped" },
  { padding: true, state: "plain" },
];

export function createLegend() {
  const texts = SAMPLES.map(() => element("span"));
  const items = SAMPLES.map((sample, i) => {
    const swatch = createDrawing({ "aria-hidden": "true" });
    swatch.show([[sample]]);
    return element("li", {}, swatch.root, texts[i]);
  });
  const root = element("ul", { class: "cvb-shape-legend", role: "list", "aria-label": "Cells" }, ...items);

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    root.hidden = scene.problem !== null;
    countWords(traits, scene).forEach((words, i) => setText(texts[i], words));
  }
  return { root, show };
}

/**
 * The cells of each kind, in the order of the legend.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string[]}
 */
export function countWords({ kernel_size }, { rows, columns, dropped }) {
  const input = rows.n * columns.n;
  const covered = ({ covered: cells }) => cells.filter(Boolean).length;
  const padded = rows.padded * columns.padded;
  const missed = padded - covered(rows) * covered(columns) - dropped;
  return [
    `${thousands(kernel_size ** 2)} touched now`,
    `${thousands(input - dropped)} covered`,
    `${thousands(dropped)} dropped`,
    `${thousands(padded - input)} padding${missed > 0 ? `, ${thousands(missed)} of it never covered` : ""}`,
  ];
}
