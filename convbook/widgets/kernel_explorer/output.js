/** The explorer's output: it fills in up to the chosen cell, which the arrow keys move. */

import { element, setText, showColumns } from "../shared/dom.js";
import { sizeFormula } from "./state.js";
import { createGrid } from "../shared/grid.js";
import { scaleLimit } from "../shared/palette.js";
import { formatNumber } from "../shared/words.js";

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
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    grid.show(outputCells(traits, scene), scaleLimit(scene.output), scene);
    showColumns(board, scene.column, scene.column + 1, scene.output[0]?.length ?? 1);
    setText(size, scene.problem ? "none" : sizeNote(traits));
  }
  return { board, size, show };
}

/**
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("../shared/grid.js").GridCell[][]}
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
