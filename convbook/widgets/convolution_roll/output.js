/** The output: it fills in up to the chosen cell, which the arrow keys move. */

import { element } from "../shared/dom.js";
import { createGrid } from "../shared/grid.js";
import { createBars } from "./bars.js";
import { outputCells } from "./cells.js";
import { limitOf } from "./state.js";

/**
 * @param {(changes: object) => void} send
 */
export function createOutput(send) {
  const bars = createBars();
  const grid = createGrid({ label: "Output", onMove: ({ column }) => send({ position: column }) });
  const root = element("div", { class: "cvb-roll-output" }, bars.root, grid.root);
  root.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-output]");
    if (cell) send({ position: Number(cell.dataset.output) });
  });

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show({ show_all, predict, known }, { output, position, scales }) {
    const cells = outputCells(output, position, show_all, predict ? known : null);
    bars.show(cells.map((cell) => cell.value), scales.output);
    grid.show([cells], limitOf(scales.output), { row: 0, column: position });
  }
  return { root, show };
}
