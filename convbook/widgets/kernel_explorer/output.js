/** The explorer's output: it fills in up to the chosen cell, which the arrow keys move. */

import { element, setText, showColumns } from "../shared/dom.js";
import { sizeFormula } from "./state.js";
import { createGrid } from "../shared/grid.js";
import { remembered } from "../shared/numbers.js";
import { scaleLimit } from "../shared/palette.js";
import { cellText, formatNumber } from "../shared/words.js";

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

  const known = remembered((output) => plainCells(output, true));
  const unknown = remembered((output) => plainCells(output, false));
  const limit = remembered(scaleLimit);

  function outputCells(traits, scene) {
    const { output, row, column } = scene;
    if (output.length === 0) return [];
    const lines = traits.predict ? foundCells(traits, output) : reachedCells(traits, scene);
    lines[row] = [...lines[row]];
    lines[row][column] = { ...lines[row][column], className: "cvb-chosen" };
    return lines;
  }

  // Filled in up to the chosen cell, in reading order.
  function reachedCells({ show_all }, { output, row, column }) {
    const filled = known(output);
    const lines = output.map((_, y) => (show_all || y < row ? filled[y] : unknown(output)[y]));
    lines[row] = lines[row].map((cell, x) => (x <= column ? filled[row][x] : cell));
    return lines;
  }

  function foundCells(traits, output) {
    const [filled, blank] = [known(output), unknown(output)];
    const isKnown = (y, x) => traits.known.includes(y * output[0].length + x);
    return output.map((line, y) => line.map((_, x) => (isKnown(y, x) ? filled : blank)[y][x]));
  }

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    grid.show(outputCells(traits, scene), limit(scene.output), scene);
    showColumns(board, scene.column, scene.column + 1, scene.output[0]?.length ?? 1);
    setText(size, scene.problem ? "none" : sizeNote(traits));
  }
  return { board, size, show };
}

/**
 * @param {number[][]} output
 * @param {boolean} known whether the numbers are shown, or yet to be computed
 * @returns {import("../shared/grid.js").GridCell[][]}
 */
function plainCells(output, known) {
  return output.map((line, row) =>
    line.map((value, column) => {
      return {
        text: known ? cellText(value) : "",
        label: `row ${row + 1}, column ${column + 1}: ${known ? formatNumber(value) : "not computed yet"}`,
        value: known ? value : null,
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
