/** The calculation, at once and step by step: for the rows of the input, and for its columns. */

import { element, setText } from "../shared/dom.js";
import { filledIn, RULE, STEPS } from "./formula.js";
import { remark } from "./words.js";

const AXES = ["rows", "columns"];
const TITLES = { rows: "Rows", columns: "Columns" };

/** The rule, and under it the rule with the numbers of each axis. */
export function createFormulas() {
  const filled = AXES.map((name) => element("dd", { "data-formula": name }));
  const root = element(
    "dl",
    { class: "cvb-shape-formulas" },
    element("div", {}, element("dt", {}, "Output size"), element("dd", {}, RULE)),
    ...AXES.map((name, i) => element("div", {}, element("dt", {}, TITLES[name]), filled[i])),
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    AXES.forEach((name, i) => setText(filled[i], unbroken(filledIn(traits, scene[name]))));
  }
  return { root, show };
}

/** A table with a line for each step, and a remark for each axis. */
export function createSteps() {
  const sizes = AXES.map(() => element("span", { class: "cvb-shape-symbols" }));
  const heads = AXES.map((name, i) => element("th", { scope: "col" }, TITLES[name], " ", sizes[i]));
  const lines = STEPS.map(({ name, symbols }) => ({
    head: element("th", { scope: "row" }, name, " ", element("span", { class: "cvb-shape-symbols" }, symbols)),
    cells: AXES.map((axis) => element("td", { "data-axis": axis })),
  }));
  const remarks = AXES.map((name) => element("p", { class: "cvb-shape-remark", "data-remark": name }));
  const root = element(
    "div",
    { class: "cvb-shape-by-step", role: "group", "aria-label": "Step by step" },
    table(heads, lines),
    ...remarks,
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    AXES.forEach((name, i) => {
      const axis = scene[name];
      setText(sizes[i], `n = ${axis.n}`);
      STEPS.forEach(({ numbers }, line) => setText(lines[line].cells[i], unbroken(numbers(traits, axis))));
      setText(remarks[i], remark(name, traits, axis));
    });
  }
  return { root, show };
}

// A result stays beside its equals sign at the end of a line.
function unbroken(text) {
  return text.replace(/([=≈]) /g, "$1\u00a0");
}

function table(heads, lines) {
  const step = element("th", { scope: "col" }, "Step");
  return element(
    "table",
    { class: "cvb-shape-table" },
    element("thead", {}, element("tr", {}, step, ...heads)),
    element("tbody", {}, ...lines.map(({ head, cells }) => element("tr", {}, head, ...cells))),
  );
}
