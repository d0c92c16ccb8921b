/** The explorer's output: it fills in up to the chosen cell, which the arrow keys move. */

import { element, setText, showColumns } from "./dom.js";
import { sizeFormula } from "./explorer_state.js";
import { createGrid } from "./grid.js";
import { scaleLimit } from "./palette.js";
import { formatNumber } from "./words.js";

/**
 * @param {(changes: object) => void} send
 */
export function createOutputView(send) {
  const grid = createGrid({ label: "Output", onMove: send });
  grid.root.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-output-row]");
    if (cell) send({ row: Number(cell.dataset.outputRow), column: Number(cell.dataset.outputColumn) });
  });
  const size = element("div", { class: "cvb-note" });
  const board = element("div", { class: "cvb-board" }, grid.root);

  /**
   * @param {import("./explorer_state.js").Traits} traits
   * @param {import("./explorer_state.js").Scene} scene
   */
  function show(traits, scene) {
    grid.show(outputCells(traits, scene), scaleLimit(scene.output), scene);
    showColumns(board, scene.column, scene.column + 1, scene.output[0]?.length ?? 1);
    setText(size, scene.problem ? "none" : sizeNote(traits));
  }
  return { board, size, show };
}

/**
 * @param {import("./explorer_state.js").Traits} traits
 * @param {import("./explorer_state.js").Scene} scene
 * @returns {import("./grid.js").GridCell[][]}
 */
export function outputCells(traits, scene) {
  const width = scene.output[0]?.length ?? 0;
  const chosen = scene.row * width + scene.column;
  return scene.output.map((line, row) =>
    line.map((value, column) => {
      const index = row * width + column;
      const known = traits.show_all || index <= chosen;
      return {
        text: known ? formatNumber(value) : "",
        label: `row ${row + 1}, column ${column + 1}: ${known ? formatNumber(value) : "not computed yet"}`,
        value: known ? value : null,
        className: index === chosen ? "cvb-chosen" : "",
        data: { outputRow: row, outputColumn: column },
      };
    }),
  );
}

function sizeNote({ image, kernel, ...options }) {
  const rows = sizeFormula(options, image.length, kernel.length);
  const columns = sizeFormula(options, image[0].length, kernel[0].length);
  return rows === columns ? `rows and columns: ${rows}` : `rows: ${rows}; columns: ${columns}`;
}
