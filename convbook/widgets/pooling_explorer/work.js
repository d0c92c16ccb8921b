/** One output cell worked out: the window, what is made of its cells, the result. */

import { element, pane, setText } from "../shared/dom.js";
import { colorCell, createGrid } from "../shared/grid.js";
import { scaleLimit } from "../shared/palette.js";
import { equalsSign, formatNumber } from "../shared/words.js";
import { shown } from "./arithmetic.js";
import { createDrawBar } from "./draw_bar.js";

const NAMES = {
  max: { result: "Largest" },
  average: { result: "Average" },
  l2: { sign: "→", factors: "Squares", result: "Root of their sum" },
  weighted: { sign: "×", factors: "Weights", result: "Sum of the products" },
  stochastic: { sign: "→", factors: "Probabilities", result: "Drawn" },
};
const NOTES = {
  weighted: () => "Weights: 1 / (1 + distance from the window's centre), divided by their sum.",
  stochastic: ({ seed }) =>
    `Probability: a cell's share of the sum of the positive cells. Seed ${seed} gives these draws again.`,
};

export function createWork() {
  const window = createGrid({ label: "Window" });
  const factors = createGrid({ label: "Factors" });
  const factorsPane = pane("", factors.root);
  const [factorsSign, resultSign] = [operator(), operator()];
  const result = element("div", { class: "cvb-pool-result" });
  const resultPane = pane("", result);
  const second = element("div", { class: "cvb-pool-step" }, factorsSign, factorsPane);
  const steps = element(
    "div", { class: "cvb-pool-work" },
    pane("Window", window.root), second, element("div", { class: "cvb-pool-step" }, resultSign, resultPane),
  );
  const bar = createDrawBar();
  const note = element("div", { class: "cvb-note" });
  const root = element("div", { class: "cvb-pool-workings" }, steps, bar.root, note);

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, { work, limit }) {
    const { kind } = traits;
    root.hidden = work === null;
    if (!work) return;
    const names = NAMES[kind];
    window.show(workCells(work.window, work.hit), limit);
    second.hidden = work.factors === null;
    if (work.factors) showFactors(names, work);
    steps.style.setProperty("--cvb-pool-length", String(textLength(work.window, work.factors ?? [])));
    steps.style.setProperty("--cvb-pool-work-columns", String(work.window[0].length));
    setText(resultSign, kind === "max" || kind === "stochastic" ? "→" : equalsSign(work.value));
    setText(resultPane.firstChild, names.result);
    setText(result, formatNumber(work.value));
    result.dataset.value = String(work.value);
    colorCell(result, work.value, limit);
    bar.show(work);
    note.hidden = !(kind in NOTES);
    if (!note.hidden) setText(note, NOTES[kind](traits));
  }

  function showFactors(names, work) {
    setText(factorsSign, names.sign);
    setText(factorsPane.firstChild, names.factors);
    factors.root.setAttribute("aria-label", names.factors);
    factors.show(workCells(work.factors, work.hit), scaleLimit(work.factors));
  }
  return { root, show };
}

/**
 * @param {...number[][]} matrices
 * @returns {number} the characters of the longest number
 */
export function textLength(...matrices) {
  return Math.max(...matrices.flat(2).map((value) => shown(value).length));
}

function operator() {
  return element("span", { class: "cvb-pool-sign", "aria-hidden": "true" });
}

function workCells(lines, hit) {
  return lines.map((line, m) =>
    line.map((value, n) => {
      const taken = m * line.length + n === hit;
      const text = formatNumber(value);
      return { text: shown(value), label: taken ? `${text}, taken` : text, value, className: taken ? "cvb-pool-hit" : "" };
    }),
  );
}
