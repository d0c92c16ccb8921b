/** ConvolutionRoll: one signal rolls over another, and each output is worked out. */

import { courseWidget } from "../shared/binding.js";
import { element, setText } from "../shared/dom.js";
import { remembered } from "../shared/numbers.js";
import { createSettings, createSteps } from "./controls.js";
import { createEditor } from "./editor.js";
import { createMatrix } from "./matrix.js";
import { createStage } from "./stage.js";
import { completed, computeScene, computeSetting, limitOf, TRAITS } from "./state.js";
import { describeScene } from "./words.js";
import LIMITS from "./limits.json" with { type: "json" };

const HINT =
  "Type new numbers into x and w; the left and right arrow keys lead from one to the next. " +
  "In the output and in the matrix the arrow keys roll w.";

export default courseWidget(TRAITS, (send, model) => createRoll(model.get("presets"), send), completed);

function createRoll(presets, send) {
  const sentence = element("p", { class: "cvb-roll-sentence", role: "status", "aria-live": "polite" });
  const settings = createSettings({ presets, send });
  const steps = createSteps(send);
  const stage = createStage(send);
  const weights = createEditor({ name: "w", most: LIMITS.w.most, onValues: (w) => send({ w }) });
  const given = element(
    "div", { class: "cvb-roll-given" },
    element("div", { class: "cvb-roll-title" }, "w as given", weights.size, weights.rule),
    element("div", { class: "cvb-roll-board" }, weights.root),
  );
  const matrix = createMatrix(send);
  const hint = element("p", { class: "cvb-note" }, HINT);
  const root = element(
    "section",
    { class: "cvb cvb-convolution-roll", "aria-label": "Convolution roll" },
    settings.root, given, stage.root, steps.root, sentence, matrix.root, hint,
  );
  const settingOf = remembered(computeSetting);

  function show(traits) {
    const scene = computeScene(traits, settingOf);
    for (const part of [settings, stage, steps, matrix]) part.show(traits, scene);
    weights.show(traits.w, limitOf(scene.scales.w));
    setText(sentence, describeScene(scene));
  }
  return { root, show };
}
