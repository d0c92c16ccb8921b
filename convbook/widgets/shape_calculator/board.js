/** The padded input: padding, what is covered and what is dropped, and the kernel's place now. */

import { element, setText, showColumns } from "../shared/dom.js";
import { range } from "../shared/numbers.js";
import { amount } from "../shared/words.js";
import { createDrawing, placeUnder } from "./drawing.js";
import { isSketched, sketchOf } from "./sketch.js";
import { outputNear } from "./state.js";
import { describeDropped } from "./words.js";

/**
 * @param {(changes: object) => void} send
 */
export function createBoard(send) {
  let traits, scene;
  const drawing = createDrawing({ role: "img" });
  const root = element("div", { class: "cvb-shape-board" }, drawing.root);
  const title = element("div", { class: "cvb-title" });
  keepReachable(root, drawing.root);
  drawing.root.addEventListener("click", (event) => {
    if (scene.problem) return;
    const place = placeUnder(event, drawing.root, scene.rows.padded, scene.columns.padded);
    send(outputNear(traits, scene, place));
  });

  /**
   * @param {import("./state.js").Traits} newTraits
   * @param {import("./state.js").Scene} newScene
   */
  function show(newTraits, newScene) {
    [traits, scene] = [newTraits, newScene];
    const { problem, rows, columns, row, column } = scene;
    const padded = traits.padding ? `, padded ${rows.padded} × ${columns.padded}` : "";
    setText(title, `Input ${rows.n} × ${columns.n}${padded}`);
    drawing.root.setAttribute("aria-label", label(traits, scene));
    const kernel = { row: row * traits.stride, column: column * traits.stride, size: rows.reach };
    const window = problem ? null : kernel;
    if (isSketched(scene)) drawing.showPaths(sketchOf(traits, scene), { rows: rows.padded, columns: columns.padded }, window);
    else drawing.show(cellsOf(traits, scene), window);
  }

  /** Scrolls a wide input until the kernel is seen. */
  function follow() {
    const left = scene.column * traits.stride;
    if (!scene.problem) showColumns(root, left, left + scene.columns.reach, scene.columns.padded);
  }
  return { root: element("div", { class: "cvb-shape-pane" }, title, root), show, follow };
}

function label(traits, scene) {
  const { rows, columns } = scene;
  const padding = traits.padding === 0 ? "no padding" : `${amount(traits.padding, "cell")} of padding on each side`;
  const dropped = scene.problem ? "" : ` ${describeDropped(traits, scene)}`;
  return `Input of ${amount(rows.n, "row")} and ${amount(columns.n, "column")}, ${padding}.${dropped}`;
}

/**
 * What each cell of the padded input is.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("./drawing.js").Cell[][]}
 */
export function cellsOf({ padding }, { problem, rows, columns }) {
  const isPadding = ({ n }, at) => at < padding || at >= padding + n;
  const stateAt = (y, x) => {
    if (problem) return "plain";
    if (rows.touched[y] && columns.touched[x]) return "touched";
    return rows.covered[y] && columns.covered[x] ? "covered" : "dropped";
  };
  return range(0, rows.padded).map((y) =>
    range(0, columns.padded).map((x) => ({
      padding: isPadding(rows, y) || isPadding(columns, x),
      state: stateAt(y, x),
    })),
  );
}

// A board wider than its place is scrolled with the arrow keys, so it takes the focus then.
function keepReachable(board, content) {
  const reachable = { tabindex: "0", role: "group", "aria-label": "Input, scrolls sideways" };
  const watch = new ResizeObserver(() => {
    const wide = board.scrollWidth > board.clientWidth + 1;
    for (const [name, value] of Object.entries(reachable)) {
      if (wide) board.setAttribute(name, value);
      else board.removeAttribute(name);
    }
  });
  for (const target of [board, content]) watch.observe(target);
}
