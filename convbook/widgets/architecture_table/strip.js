/** One bar for the whole network: each layer a segment as long as its share. */

import { button } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { kindText } from "../shared/layer_kinds.js";
import { shareOf, MEASURES } from "./state.js";
import { groupOf } from "./table.js";

const LEGEND = { conv: "convolutions", dense: "dense", other: "other" };
// A narrower segment has no room for its number.
const ROOM = 0.05;

/**
 * What the bars stand for, and the strip.
 *
 * @param {(changes: object) => void} send
 */
export function createStrip(send) {
  const buttons = Object.fromEntries(
    Object.entries(MEASURES).map(([share, { name }]) => [share, button(name, () => send({ share }))]),
  );
  const strip = element("div", { class: "cvb-arch-strip", role: "img" });
  strip.addEventListener("click", (event) => {
    const segment = event.target.closest("[data-segment]");
    if (segment) send({ selected: Number(segment.dataset.segment) });
  });
  const legend = Object.entries(LEGEND).map(([group, name]) =>
    element("span", {}, element("span", { class: `cvb-arch-key cvb-arch-${group}`, "aria-hidden": "true" }), name),
  );
  const root = element(
    "div", { class: "cvb-arch-overview" },
    element(
      "div", { class: "cvb-arch-measures", role: "group", "aria-label": "Bars show" },
      element("span", { class: "cvb-note", "aria-hidden": "true" }, "Bars show"), ...Object.values(buttons),
    ),
    strip,
    element("div", { class: "cvb-note cvb-arch-legend" }, ...legend),
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show({ share }, scene) {
    for (const [name, one] of Object.entries(buttons)) one.setAttribute("aria-pressed", String(name === share));
    strip.setAttribute("aria-label", stripText(scene));
    const parts = partsOf(scene);
    while (strip.children.length > parts.length) strip.lastChild.remove();
    while (strip.children.length < parts.length) strip.append(element("span", {}, element("span")));
    parts.forEach((part, index) => showSegment(strip.children[index], part, scene));
  }
  return { root, show };
}

/**
 * What the strip shows, in words: the layers with the largest shares.
 *
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 * @example "Share of parameters: layer 5 conv 39.6 %, layer 7 dense 39.6 %, layer 3 conv 19.8 %"
 */
export function stripText(scene) {
  const { of, name } = scene.measure;
  const largest = partsOf(scene).sort((a, b) => of(b) - of(a)).slice(0, 3);
  const words = largest.map((row) => `layer ${row.number} ${kindText(row.kind)} ${shareOf(scene, row)}`);
  return `Share of ${name}: ${words.join(", ") || "none"}`;
}

function partsOf({ counted, measure }) {
  return counted.rows.filter((row) => measure.of(row) > 0);
}

function showSegment(segment, row, { counted, measure, selected }) {
  const part = measure.of(row) / measure.of(counted);
  segment.className = `cvb-arch-segment cvb-arch-${groupOf(row.kind)}`;
  segment.classList.toggle("cvb-arch-chosen", row.number === selected + 1);
  segment.dataset.segment = String(row.number - 1);
  segment.style.setProperty("--cvb-arch-part", String(part));
  setText(segment.firstChild, part >= ROOM ? String(row.number) : "");
}
