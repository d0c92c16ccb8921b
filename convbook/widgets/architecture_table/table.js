/** The table of layers: one tab stop, arrow keys from row to row, a bar for each layer's share. */

import { element, setText } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { thousands } from "../shared/words.js";
import { layersText, shareOf, totals } from "./state.js";
import { bytesText, fieldText, inMillions, shapeText } from "./words.js";

/** @typedef {import("./state.js").Scene} Scene */

const COLUMNS = ["Share", "Output C×H×W", "Parameters", "MACs", "Memory", "Receptive field"];

/**
 * What a bar looks like: convolutions, dense layers and the rest differ in colour and pattern.
 *
 * @param {string} kind
 * @returns {"conv" | "dense" | "other"}
 */
export function groupOf(kind) {
  if (["conv", "residual", "inception"].includes(kind)) return "conv";
  return kind === "dense" ? "dense" : "other";
}

/**
 * Where a key leads from a row, or null if it does not move.
 *
 * @param {string} key
 * @param {number} from
 * @param {number} rows
 * @returns {number | null}
 */
export function rowAfterKey(key, from, rows) {
  const places = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: rows - 1 };
  return Object.hasOwn(places, key) ? clamp(places[key], 0, rows - 1) : null;
}

/**
 * @param {(changes: object) => void} send
 */
export function createTable(send) {
  const headings = COLUMNS.map((name) => element("th", { scope: "col" }, name));
  const input = createInputRow();
  const body = element("tbody", {}, input.root);
  const total = createTotalRow();
  const table = element(
    "table", { role: "grid", "aria-label": "Layers" },
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Layer"), ...headings)),
    body,
    element("tfoot", {}, total.root),
  );
  const root = element("div", { class: "cvb-arch-scroll", role: "group", "aria-label": "Table of layers" }, table);
  /** @type {ReturnType<typeof createRow>[]} */
  let rows = [];
  let selected = 0;

  table.addEventListener("click", (event) => {
    const row = event.target.closest("[data-layer]");
    if (row) send({ selected: Number(row.dataset.layer) });
  });
  table.addEventListener("keydown", (event) => {
    const place = rowAfterKey(event.key, selected, rows.length);
    if (place === null || !event.target.closest("[data-layer]")) return;
    event.preventDefault();
    send({ selected: place });
  });

  /**
   * @param {import("./state.js").Traits} traits
   * @param {Scene} scene
   */
  function show(traits, scene) {
    const hadFocus = body.contains(root.getRootNode().activeElement);
    const moved = selected !== scene.selected;
    selected = scene.selected;
    while (rows.length > scene.rows.length) rows.pop().root.remove();
    while (rows.length < scene.rows.length) body.append(add().root);
    setText(headings[0], `Share of ${scene.measure.name}`);
    setText(input.shape, shapeText(traits.input_shape));
    rows.forEach((row, index) => row.show(scene, index));
    total.show(scene);
    if (hadFocus) rows[selected].pick.focus({ preventScroll: true });
    if (moved) requestAnimationFrame(() => reveal(rows[selected].root));
  }

  // The table's own scrolling only: the page stays where it is.
  function reveal(row) {
    const [head, foot] = [table.tHead, table.tFoot].map((part) => part.offsetHeight);
    const above = row.offsetTop - head - root.scrollTop;
    const below = row.offsetTop + row.offsetHeight + foot - root.clientHeight - root.scrollTop;
    if (above < 0) root.scrollTop += above;
    else if (below > 0) root.scrollTop += below;
  }

  function add() {
    rows.push(createRow(rows.length));
    return rows.at(-1);
  }
  return { root, show };
}

function createRow(index) {
  const kind = element("span", { class: "cvb-arch-kind" });
  const words = element("span", { class: "cvb-arch-words" });
  const pick = element("button", { type: "button", class: "cvb-arch-pick" }, kind, words);
  const bar = createBar();
  const cells = COLUMNS.slice(1).map(() => element("td"));
  const [shape, parameters, macs, memory, field] = cells;
  const exact = element("span");
  const millions = element("span", { class: "cvb-arch-words" });
  macs.append(exact, millions);
  const message = element("div", { class: "cvb-arch-message" });
  const instead = element("td", { colspan: COLUMNS.length }, message);
  const root = element("tr", { "data-layer": index }, element("th", { scope: "row" }, pick), bar.root, ...cells, instead);

  function show(scene, at) {
    const row = scene.rows[at];
    const isSelected = at === scene.selected;
    setText(kind, `${at + 1} ${row.kind}`);
    setText(words, row.details);
    pick.tabIndex = isSelected ? 0 : -1;
    root.setAttribute("aria-selected", String(isSelected));
    root.classList.toggle("cvb-arch-impossible", at + 1 === scene.problem?.number);
    for (const cell of [bar.root, ...cells]) cell.hidden = !row.count;
    instead.hidden = Boolean(row.count);
    setText(message, row.count ? "" : messageOf(scene, at));
    if (!row.count) return;
    bar.show(scene, row.count);
    setText(shape, shapeText(row.count.outputShape));
    setText(parameters, thousands(row.count.parameters));
    setText(exact, thousands(row.count.macs));
    setText(millions, inMillions(row.count.macs));
    setText(memory, bytesText(row.count.activationBytes));
    setText(field, fieldText(row.count.receptiveField));
  }
  return { root, pick, show };
}

function createBar() {
  const bar = element("span");
  const percent = element("span", { class: "cvb-arch-percent" });
  const track = element("span", { class: "cvb-arch-track", "aria-hidden": "true" }, bar);
  const root = element("td", { class: "cvb-arch-share" }, element("div", {}, track, percent));

  function show(scene, row) {
    const whole = scene.measure.of(scene.counted);
    const part = scene.measure.of(row);
    bar.className = `cvb-arch-bar cvb-arch-${part ? groupOf(row.kind) : "none"}`;
    bar.style.setProperty("--cvb-arch-part", String(part ? part / whole : 0));
    setText(percent, shareOf(scene, row));
  }
  return { root, show };
}

function createInputRow() {
  const shape = element("td");
  const blank = () => element("td", {}, "");
  const root = element(
    "tr", { class: "cvb-arch-input" }, element("th", { scope: "row" }, "input"),
    blank(), shape, blank(), blank(), blank(), blank(),
  );
  return { root, shape };
}

function createTotalRow() {
  const name = element("th", { scope: "row" });
  const [output, parameters, macs, memory] = [0, 1, 2, 3].map(() => element("td"));
  const exact = element("span");
  const millions = element("span", { class: "cvb-arch-words" });
  macs.append(exact, millions);
  const root = element("tr", {}, name, element("td"), output, parameters, macs, memory, element("td"));

  function show({ counted, problem }) {
    const texts = totals(counted);
    setText(name, problem ? `Total of ${layersText(counted.rows.length)}` : "Total");
    setText(output, texts.output);
    setText(parameters, texts.parameters);
    setText(exact, texts.macs);
    setText(millions, texts.millions);
    setText(memory, texts.memory);
  }
  return { root, show };
}

function messageOf({ problem }, at) {
  if (at + 1 === problem.number) return `Not possible: ${problem.message}`;
  return `not counted: layer ${problem.number} is not possible`;
}
