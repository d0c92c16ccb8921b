/** ConvolutionRoll: one signal rolls over another, and each output is worked out. */

import { askingAnew } from "../predicting/asking.js";
import { createPanel } from "../predicting/panel.js";
import { courseWidget } from "../shared/binding.js";
import { element, setText } from "../shared/dom.js";
import { fold } from "../shared/fold.js";
import { remembered } from "../shared/numbers.js";
import { createSettings, createSteps } from "./controls.js";
import { createEditor } from "./editor.js";
import { createMatrix } from "./matrix.js";
import { createStage } from "./stage.js";
import { completed, computeScene, computeSetting, limitOf, MAKERS, questionOf, TRAITS } from "./state.js";
import { describeScene } from "./words.js";
import LIMITS from "./limits.json" with { type: "json" };

const HINT =
  "Type new numbers into x and w; the left and right arrow keys lead from one to the next. " +
  "In the output and in the matrix the arrow keys roll w.";

export default courseWidget(TRAITS, (send, model) => createRoll(model.get("presets"), send), askingAnew(MAKERS, ["position"], completed));

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
  const panel = createPanel({ name: "convolution-roll", makers: MAKERS, send });
  const hint = element("p", { class: "cvb-note" }, HINT);
  steps.root.append(panel.toggle);
  const root = element(
    "section",
    { class: "cvb cvb-convolution-roll", "aria-label": "Convolution roll" },
    fold("Settings", settings.root), given, stage.root, steps.root, sentence, panel.root,
    fold("Matrix", matrix.root, hint),
  );
  const settingOf = remembered(computeSetting);

  function show(traits) {
    const scene = computeScene(traits, settingOf);
    for (const part of [settings, stage, steps, matrix]) part.show(traits, scene);
    weights.show(traits.w, limitOf(scene.scales.w));
    panel.show(traits, questionOf(traits, scene));
    // While a number is asked for, the panel speaks, and the matrix would tell how w lies.
    sentence.hidden = matrix.root.hidden = scene.isAsked;
    setText(sentence, scene.isAsked ? "" : describeScene(scene));
  }
  return { root, show };
}
