/** The explorer's output, and below a shift the output without it. */

import { pane } from "../shared/dom.js";
import { createGrid } from "../shared/grid.js";
import { remembered } from "../shared/numbers.js";
import { formatNumber } from "../shared/words.js";
import { shown } from "./arithmetic.js";
import { createBoard } from "./board.js";
import { placeText } from "./sentences.js";

const BEFORE = "Output before the shift";

/**
 * @param {(changes: object) => void} send
 */
export function createOutputView(send) {
  const plain = remembered(plainCells);
  const grid = createGrid({ label: "Output", onMove: send });
  grid.root.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-output-row]");
    if (cell) send({ row: Number(cell.dataset.outputRow), column: Number(cell.dataset.outputColumn) });
  });
  const board = createBoard({}, grid.root);
  const before = createBefore();
  const after = pane("Output", board.root);

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    after.hidden = scene.problem !== null;
    grid.show(outputCells(scene, plain, traits.predict ? traits.known : null), scene.limit, scene);
    board.aim(scene.column, scene.column + 1, scene.output[0]?.length ?? 1);
    before.show(traits, scene);
  }
  function reveal() {
    board.reveal();
    before.reveal();
  }
  return { panes: [after, before.root], show, reveal };
}

function createBefore() {
  const grid = createGrid({ label: BEFORE });
  const board = createBoard({ readOnly: BEFORE }, grid.root);
  const root = pane(BEFORE, board.root);
  const cells = remembered(beforeCells);

  function show(traits, scene) {
    root.hidden = traits.shift === 0 || scene.problem !== null || traits.predict;
    if (root.hidden) return;
    board.aim(scene.column, scene.column + 1, scene.before[0].length);
    grid.show(cells(scene.before), scene.limit);
  }
  return { root, show, reveal: board.reveal };
}

function beforeCells(before) {
  return before.map((line) => line.map((value) => ({ text: shown(value), label: formatNumber(value), value })));
}

/**
 * The cells of the output; all but the chosen one are the same objects as before.
 *
 * @param {import("./state.js").Scene} scene
 * @param {typeof plainCells} [plain]
 * @param {number[] | null} [known] the cells that are shown, in reading order; null shows all
 * @returns {import("../shared/grid.js").GridCell[][]}
 */
export function outputCells(scene, plain = plainCells, known = null) {
  const lines = known ? foundCells(plain(scene.pooled), known) : [...plain(scene.pooled)];
  if (scene.problem) return lines;
  const { row, column } = scene;
  const chosen = (cell) => ({ ...cell, className: `${cell.className} cvb-pool-chosen` });
  lines[row] = lines[row].map((cell, x) => (x === column ? chosen(cell) : cell));
  return lines;
}

function foundCells(lines, known) {
  return lines.map((line, row) =>
    line.map((cell, column) => {
      if (known.includes(row * line.length + column)) return cell;
      const label = `${placeText(row, column)}: not computed yet`;
      return { text: "", label, value: null, data: cell.data };
    }),
  );
}

function plainCells({ output, before }) {
  return output.map((line, row) =>
    line.map((value, column) => {
      const was = before[row][column];
      const label = `${placeText(row, column)}: ${formatNumber(value)}`;
      return {
        text: shown(value),
        label: was === value ? label : `${label}, was ${formatNumber(was)}`,
        value,
        className: was === value ? "" : "cvb-pool-changed",
        data: { outputRow: row, outputColumn: column },
      };
    }),
  );
}
