/** ReceptiveField: choose a neuron, and the cells it depends on light up in every level below. */

import { courseWidget } from "../shared/binding.js";
import { element, setText } from "../shared/dom.js";
import { fold } from "../shared/fold.js";
import { createChoice } from "./choice.js";
import { createLayers } from "./layers.js";
import { MOST_LINES } from "./map.js";
import { completed, computeScene, sceneWithoutPooling, TRAITS } from "./state.js";
import { createStrip } from "./strip.js";
import { createTable } from "./table.js";
import { describeProblem, describeScene, percent, seen } from "./words.js";

const HINT =
  "Click a cell in any map, or go to a map with Tab and press the arrow keys. " +
  "A dashed rim is padding; strokes mark the part of it that is read.";

const SKETCHED = `A map of more than ${MOST_LINES} cells a side is a sketch to scale without single cells.`;

export default courseWidget(TRAITS, createReceptiveField, completed);

function createReceptiveField(send) {
  const choice = createChoice(send);
  const layers = createLayers(send);
  const table = createTable();
  const stage = createStage(send);
  const [problem, sentence] = ["cvb-rf-problem", "cvb-rf-sentence"].map((name) => element("p", { class: name }));
  const status = element("div", { class: "cvb-rf-status", role: "status", "aria-live": "polite" }, sentence, " ", problem);
  const sketched = element("p", { class: "cvb-note" }, SKETCHED);
  const root = element(
    "section",
    { class: "cvb cvb-receptive-field", "aria-label": "Receptive field" },
    fold("Neuron and input", choice.root), stage.root, sketched, status,
    element("div", { class: "cvb-rf-below" }, fold("Layers", layers.root), fold("Numbers", table.root)),
    element("p", { class: "cvb-note" }, HINT),
  );

  function show(traits) {
    const scene = computeScene(traits);
    const without = traits.compare ? sceneWithoutPooling(scene) : null;
    choice.show(traits, scene);
    layers.show(traits, scene);
    stage.show(scene, without);
    table.show(scene, without);
    setText(sentence, describeScene(scene, without));
    setText(problem, describeProblem(scene));
    problem.hidden = scene.problem === null;
    sketched.hidden = Math.max(...scene.sizes) <= MOST_LINES;
  }
  return { root, show };
}

// The stack, and beside it the same without its pooling layers where they are compared.
function createStage(send) {
  const [main, other] = [createStrip({ onPick: send }), createStrip({ onPick: null })];
  const [mainTitle, otherTitle] = [0, 1].map(() => element("div", { class: "cvb-rf-heading" }));
  const mainHalf = element("div", { class: "cvb-rf-half" }, mainTitle, main.root);
  const otherHalf = element(
    "div", { class: "cvb-rf-half", role: "group", "aria-label": "Without pooling" }, otherTitle, other.root,
  );
  const root = element("div", { class: "cvb-rf-stage" }, mainHalf, otherHalf);

  function show(scene, without) {
    const largest = Math.max(...scene.sizes, ...(without?.sizes ?? []));
    main.show(scene, largest);
    if (without) other.show(without, largest);
    root.classList.toggle("cvb-rf-compared", without !== null);
    otherHalf.hidden = without === null;
    mainTitle.hidden = without === null;
    if (!without) return;
    setText(mainTitle, `With pooling: ${numbers(scene)}`);
    setText(otherTitle, `Without pooling: ${without.rows.length > 0 ? numbers(without) : "does not fit"}`);
  }
  return { root, show };
}

function numbers(scene) {
  return `${seen(scene)} (${percent(scene)})`;
}
