/** Every level in numbers: map size, field, jump, share of the input. */

import { element, setText } from "../shared/dom.js";
import { defaultValue, KINDS, pools } from "../shared/layer_kinds.js";
import { formatPercent, layerName } from "./words.js";

const HEADS = ["Level", "Map", "Field", "Jump", "Coverage"];
const TITLE = "Every level in numbers";
const NOTE = "Field, from its first to its last cell, and coverage: those of a neuron away from the border.";
const LETTERS = { stride: "s", padding: "p", dilation: "d" };
const COMPARED = ["Field", "Coverage"].map((head) => `${head}, no pooling`);

/**
 * The table's rows. Field and coverage are those of a neuron away from the border.
 *
 * @param {import("./state.js").Scene} scene
 * @param {import("./state.js").Scene | null} without
 * @returns {string[][]}
 */
export function tableRows(scene, without) {
  return [null, ...scene.layers].map((layer, level) => {
    const name = layer ? `${level} ${layerName(layer)}${extras(layer)}` : "Input";
    const [size, field] = [scene.sizes[level], scene.fields[level]];
    const compared = without ? withoutNumbers(level, layer, without) : [];
    if (size === undefined) return [name, "none", "–", "–", "–", ...compared];
    return [name, square(size), square(field.size), String(field.jump), share(field.size, scene.sizes[0]), ...compared];
  });
}

/** The table, in a box of its own that scrolls where it is too wide. */
export function createTable() {
  const head = element("tr");
  const body = element("tbody");
  const table = element(
    "table", { class: "cvb-rf-table" }, element("thead", {}, head), body);
  const box = element("div", { class: "cvb-rf-scroll", role: "region", tabindex: 0, "aria-label": TITLE }, table);

  /**
   * @param {import("./state.js").Scene} scene
   * @param {import("./state.js").Scene | null} without
   */
  function show(scene, without) {
    const heads = without ? [...HEADS, ...COMPARED] : HEADS;
    fit(head, heads.length, () => element("th", { scope: "col" }));
    heads.forEach((text, i) => setText(head.children[i], text));
    const rows = tableRows(scene, without);
    fit(body, rows.length, () => element("tr", {}, element("th", { scope: "row" })));
    rows.forEach((cells, level) => showRow(body.children[level], cells, level === scene.level));
  }
  const note = element("p", { class: "cvb-note" }, NOTE);
  return { root: element("div", { class: "cvb-rf-numbers" }, element("div", { class: "cvb-title" }, TITLE), box, note), show };
}

function showRow(row, cells, chosen) {
  fit(row, cells.length, () => element("td"));
  cells.forEach((text, i) => setText(row.children[i], text));
  row.classList.toggle("cvb-rf-current", chosen);
  if (chosen) row.setAttribute("aria-current", "true");
  else row.removeAttribute("aria-current");
}

function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastChild.remove();
  while (parent.children.length < count) parent.append(make());
}

function withoutNumbers(level, layer, without) {
  if (layer && pools(layer.kind)) return ["left out", "–"];
  const at = without.numbers.indexOf(level);
  if (at >= without.sizes.length) return ["none", "–"];
  return [square(without.fields[at].size), share(without.fields[at].size, without.sizes[0])];
}

function extras(layer) {
  const unusual = Object.entries(LETTERS).filter(
    ([name]) => name in layer && layer[name] !== defaultValue(KINDS[layer.kind][name], layer),
  );
  return unusual.map(([name, letter]) => `, ${letter} = ${layer[name]}`).join("");
}

function square(side) {
  return `${side} × ${side}`;
}

function share(span, n) {
  const side = Math.min(span, n);
  return formatPercent(side * side, n * n);
}
