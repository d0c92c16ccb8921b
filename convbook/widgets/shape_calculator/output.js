/** The output as a small grid: its chosen cell is moved by arrow keys, a tap, or the buttons. */

import { button, setUnavailable } from "../shared/controls.js";
import { element, setText, showColumns } from "../shared/dom.js";
import { placeAfterKey } from "../shared/grid.js";
import { range } from "../shared/numbers.js";
import { rectangle } from "../shared/rectangles.js";
import { createDrawing, placeUnder } from "./drawing.js";
import { isSketched } from "./sketch.js";
import { stepOutput } from "./state.js";

/**
 * Its cells hold no numbers, so only the chosen one is an element: it moves over the drawing.
 *
 * @param {(changes: object) => void} send
 */
export function createOutput(send) {
  let scene;
  const drawing = createDrawing({ "aria-hidden": "true" });
  const cell = element("div", { class: "cvb-shape-chosen", role: "gridcell", tabindex: "0", "aria-selected": "true" });
  const line = element("div", { role: "row" }, cell);
  const grid = element("div", { class: "cvb-shape-output", role: "grid", "aria-label": "Output" }, drawing.root, line);
  const title = element("div", { class: "cvb-title" });
  const board = element("div", { class: "cvb-shape-board" }, grid);
  const steps = createSteps(send);
  grid.addEventListener("click", (event) => {
    send(placeUnder(event, drawing.root, scene.rows.outputs, scene.columns.outputs));
  });
  cell.addEventListener("keydown", (event) => {
    const place = placeAfterKey(event, scene, scene.rows.outputs, scene.columns.outputs);
    if (!place) return;
    event.preventDefault();
    send(place);
  });

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} newScene
   */
  function show(traits, newScene) {
    scene = newScene;
    const { rows, columns, problem } = scene;
    setText(title, problem ? "No output" : `Output ${rows.outputs} × ${columns.outputs}`);
    board.hidden = problem !== null;
    if (!problem) {
      if (isSketched(scene)) drawing.showPaths(sketchOf(scene), { rows: rows.outputs, columns: columns.outputs });
      else drawing.show(cellsOf(scene));
      placeCell(grid, line, cell, scene);
    }
    steps.show(traits, scene);
  }

  /** Scrolls a wide output until the chosen cell is seen. */
  function follow() {
    if (!scene.problem) showColumns(board, scene.column, scene.column + 1, scene.columns.outputs);
  }
  return { root: element("div", { class: "cvb-shape-pane" }, title, board, steps.root), show, follow };
}

function sketchOf({ rows, columns }) {
  return { "cvb-shape-plain": rectangle(0, 0, columns.outputs, rows.outputs) };
}

function cellsOf({ rows, columns, row, column }) {
  const stateAt = (y, x) => (y === row && x === column ? "touched" : "plain");
  return range(0, rows.outputs).map((y) =>
    range(0, columns.outputs).map((x) => ({ padding: false, state: stateAt(y, x) })),
  );
}

function placeCell(grid, line, cell, { rows, columns, row, column }) {
  const spoken = [
    [grid, { "aria-rowcount": rows.outputs, "aria-colcount": columns.outputs }],
    [line, { "aria-rowindex": row + 1 }],
    [cell, { "aria-colindex": column + 1, "aria-label": `row ${row + 1}, column ${column + 1}` }],
  ];
  for (const [target, attributes] of spoken) {
    for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, String(value));
  }
  const place = { "output-columns": columns.outputs, row, column };
  for (const [name, value] of Object.entries(place)) grid.style.setProperty(`--cvb-shape-${name}`, String(value));
}

function createSteps(send) {
  let scene;
  const step = (by) => () => send(stepOutput(scene, by) ?? {});
  const [back, next] = [button("← Back", step(-1)), button("Step →", step(1))];
  next.classList.add("cvb-primary");
  const root = element("div", { class: "cvb-shape-steps", role: "group", "aria-label": "Position" }, back, next);

  function show(_, newScene) {
    scene = newScene;
    setUnavailable(back, !stepOutput(scene, -1));
    setUnavailable(next, !stepOutput(scene, 1));
  }
  return { root, show };
}
