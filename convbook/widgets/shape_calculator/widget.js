/** ShapeCalculator: how large the output is, step by step, and which input cells it reads. */

import { courseWidget } from "../shared/binding.js";
import { element, setText } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { createBoard } from "./board.js";
import { createFormulas, createSteps } from "./calculation.js";
import { createSettings } from "./controls.js";
import { createLegend } from "./legend.js";
import { createOutput } from "./output.js";
import { describeSketch, isSketched } from "./sketch.js";
import { computeScene, outputShape, TRAITS } from "./state.js";
import { describePosition, describeScene } from "./words.js";

export default courseWidget(TRAITS, createCalculator, (changes, traits) => ({
  ...changes,
  ...keptInside({ ...traits, ...changes }),
}));

// Python refuses a cell outside the output, so a smaller output brings the cell along.
function keptInside({ row, column, ...shape }) {
  try {
    const [rows, columns] = outputShape(shape);
    return { row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
  } catch {
    return { row: 0, column: 0 };
  }
}

function createCalculator(send) {
  const sentence = element("p", { class: "cvb-shape-sentence", role: "status", "aria-live": "polite" });
  const settings = createSettings({ send, say: (text) => setText(sentence, text) });
  const [formulas, board, output] = [createFormulas(), createBoard(send), createOutput(send)];
  const [legend, steps] = [createLegend(), createSteps()];
  const stage = element("div", { class: "cvb-shape-stage" }, board.root, output.root);
  const note = element("p", { class: "cvb-note cvb-shape-note" });
  const root = element(
    "section",
    { class: "cvb cvb-shape-calculator", "aria-label": "Shape calculator" },
    settings.root, formulas.root, sentence, stage, note, legend.root, steps.root,
  );
  let shape = "";

  function show(traits) {
    const scene = computeScene(traits);
    for (const part of [settings, formulas, board, output, legend, steps]) part.show(traits, scene);
    // A step says where the kernel is now; only a new shape says everything.
    const describe = shape === shapeOf(traits) && !scene.problem ? describePosition : describeScene;
    shape = shapeOf(traits);
    setText(sentence, describe(traits, scene));
    sentence.classList.toggle("cvb-shape-problem", scene.problem !== null);
    setText(note, describeSketch(scene));
    note.hidden = !isSketched(scene);
    stage.classList.toggle("cvb-shape-sketched", isSketched(scene));
    stage.style.setProperty("--cvb-shape-longest", String(Math.max(scene.rows.padded, scene.columns.padded)));
    stage.style.setProperty("--cvb-shape-input-columns", String(scene.columns.padded));
    // Beside the input there is room for the buttons at least.
    stage.style.setProperty("--cvb-shape-side-columns", String(Math.max(scene.columns.outputs, 6)));
    // All is written before anything is measured: one layout instead of two.
    for (const part of [board, output]) part.follow();
  }
  return { root, show };
}

function shapeOf({ row, column, ...shape }) {
  return JSON.stringify(shape);
}
