/** PoolingExplorer: see each window become one number, and what a shift of the image changes. */

import { askingAnew } from "../predicting/asking.js";
import { createPanel } from "../predicting/panel.js";
import { courseWidget } from "../shared/binding.js";
import { element, pane, setText } from "../shared/dom.js";
import { remembered } from "../shared/numbers.js";
import { createActions, createSettings } from "./controls.js";
import { createImageView } from "./image.js";
import { createOutputView } from "./output.js";
import { describeScene, describeShift, legendText } from "./sentences.js";
import { computePooled, computeScene, keptInside, MAKERS, questionOf, TRAITS } from "./state.js";
import { createWork, textLength } from "./work.js";

const HINT =
  "Press the arrow keys in the output or click a cell. Double-click or press Enter to edit a number. " +
  "A shift wraps around: what leaves at one side comes in at the other.";

export default courseWidget(
  TRAITS,
  (send, model) => createExplorer(model.get("presets"), send),
  askingAnew(MAKERS, ["row", "column"], (changes, traits) => ({ ...changes, ...keptInside({ ...traits, ...changes }) })),
);

function createExplorer(presets, send) {
  const settings = createSettings({ presets, send });
  const actions = createActions(send);
  const image = createImageView({ send, editing: actions.isEditing });
  const output = createOutputView(send);
  const work = createWork();
  const panel = createPanel({ name: "pooling-explorer", makers: MAKERS, send });
  const sentence = element("p", { class: "cvb-pool-sentence" });
  const shift = element("p", { class: "cvb-pool-sentence" });
  // Only the sentence that changed is read out.
  const status = element("div", { role: "status", "aria-live": "polite", "aria-atomic": "false" }, sentence, shift);
  actions.root.append(panel.toggle);
  const legend = element("div", { class: "cvb-note" });
  const stage = element("div", { class: "cvb-pool-stage" }, pane("Image", image.root), ...output.panes);
  const root = element(
    "section", { class: "cvb cvb-pooling-explorer", "aria-label": "Pooling explorer" },
    settings.root, stage, legend, actions.root, status, panel.root, work.root, element("p", { class: "cvb-note" }, HINT),
  );
  // A step does not pool again.
  const pool = remembered((cells, kind, size, stride, by, seed) =>
    computePooled({ image: cells, kind, size, stride, shift: by, seed }),
  );
  const longest = remembered(textLength);

  function show(traits) {
    const { kind, size, stride, seed } = traits;
    const scene = computeScene(traits, pool(traits.image, kind, size, stride, traits.shift, seed));
    for (const part of [settings, actions, image, output, work]) part.show(traits, scene);
    panel.show(traits, questionOf(traits, scene));
    work.root.hidden ||= scene.isAsked;
    // While a number is asked for, the panel speaks.
    status.hidden = scene.isAsked;
    setText(sentence, scene.isAsked ? "" : describeScene(scene));
    sentence.classList.toggle("cvb-pool-problem", scene.problem !== null);
    setText(shift, traits.predict ? "" : describeShift(traits, scene));
    setText(legend, legendText(traits, scene));
    sizeStage(stage, scene, longest);
    image.reveal();
    output.reveal();
  }
  return { root, show };
}

// Image and outputs share one cell size, so the style sheet needs their widths and longest number.
function sizeStage(stage, { shifted, output, before }, longest) {
  const sizes = {
    "image-columns": shifted[0].length,
    "output-columns": Math.max(output[0]?.length ?? 0, 3),
    length: longest(shifted, output, before),
  };
  for (const [name, size] of Object.entries(sizes)) stage.style.setProperty(`--cvb-pool-${name}`, String(size));
}
