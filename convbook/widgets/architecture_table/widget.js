/** ArchitectureTable: edit a stack of layers and see what each makes and costs. */

import { courseWidget } from "../shared/binding.js";
import { choice } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { CHANNELS, SIDE } from "../shared/layer_kinds.js";
import { wholeNumber } from "../shared/number_field.js";
import { clamp } from "../shared/numbers.js";
import { createEditor } from "./editor.js";
import { computeScene, describeScene, presetOf, TRAITS } from "./state.js";
import { createStrip } from "./strip.js";
import { createTable } from "./table.js";

const CUSTOM = "Custom";
const HINT =
  "Click a row, or press the arrow keys in the table, to edit that layer. Memory counts the outputs of all layers for " +
  "one image in float32 and, inside a residual or inception block, the outputs of its convolutions, normalisations and " +
  "pooling; an activation named in a layer, a sum and a joining of paths work in place. The receptive field counts " +
  "padding, so it may be larger than the image; a dense layer sees all of the layer before it.";

export default courseWidget(
  TRAITS,
  (send, model) => createArchitectureTable(model.get("presets"), send),
  keptInside,
);

// Python refuses a selected layer past the last one.
function keptInside(changes, traits) {
  const { layers, selected } = { ...traits, ...changes };
  return { ...changes, selected: clamp(selected, 0, layers.length - 1) };
}

function createArchitectureTable(presets, send) {
  const settings = createSettings(presets, send);
  const strip = createStrip(send);
  const table = createTable(send);
  const editor = createEditor(send);
  const sentence = element("p", { class: "cvb-arch-sentence", role: "status", "aria-live": "polite" });
  const root = element(
    "section",
    { class: "cvb cvb-architecture-table", "aria-label": "Architecture table" },
    settings.root, strip.root, table.root, sentence, editor.root, element("p", { class: "cvb-note" }, HINT),
  );

  function show(traits) {
    const scene = computeScene(traits);
    for (const part of [settings, strip, table, editor]) part.show(traits, scene);
    setText(sentence, describeScene(scene));
    sentence.classList.toggle("cvb-arch-problem", scene.problem !== null);
  }
  return { root, show };
}

function createSettings(presets, send) {
  const names = [...Object.keys(presets), CUSTOM].map((name) => [name, name]);
  let traits = { layers: [], input_shape: [1, 1, 1] };
  const preset = choice("Network", Object.fromEntries(names), (name) => {
    if (name === CUSTOM) show(traits);
    else send({ ...presets[name], selected: 0 });
  });
  const size = (label, at, limits) =>
    wholeNumber(label, limits, (value) => send({ input_shape: traits.input_shape.with(at, value) }));
  const sizes = [size("Input channels", 0, CHANNELS), size("Input rows", 1, SIDE), size("Input columns", 2, SIDE)];
  const root = element(
    "div", { class: "cvb-settings", role: "group", "aria-label": "Network and input" },
    preset.root, element("div", { class: "cvb-arch-size" }, ...sizes.map((one) => one.root)),
  );

  function show(newTraits) {
    traits = newTraits;
    preset.input.value = presetOf(presets, traits) ?? CUSTOM;
    sizes.forEach((one, at) => one.show(traits.input_shape[at]));
  }
  return { root, show };
}
