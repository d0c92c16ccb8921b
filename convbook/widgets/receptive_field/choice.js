/** Which neuron is looked at, how large the input is, and whether pooling is compared. */

import { checkbox, choice, wholeNumber } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import LIMITS from "./limits.json" with { type: "json" };
import { layerName, levelName } from "./words.js";

// Padding may make every map larger than the one below.
const MOST_SIDE = LIMITS.input_size.most + 2 * LIMITS.padding.most * LIMITS.layers.most;

/**
 * @param {(changes: object) => void} send
 */
export function createChoice(send) {
  let scene;
  const size = wholeNumber("Input size", LIMITS.input_size, (value) => send({ input_size: value }));
  const level = choice("Neuron in", {}, (value) => send({ level: Number(value) }));
  const places = ["row", "column"].map((name) => createPlace(name));
  const compare = checkbox("Compare: without pooling", (value) => send({ compare: value }));
  const root = element(
    "div", { class: "cvb-settings cvb-rf-choice", role: "group", "aria-label": "Neuron" },
    ...[size, level, ...places, compare].map((control) => control.root),
  );

  // People count from 1.
  function createPlace(name) {
    const label = name === "row" ? "Row" : "Column";
    const field = wholeNumber(label, { least: 1, most: MOST_SIDE }, (value) => {
      const inside = clamp(value, 1, scene.sizes[scene.level]);
      field.input.value = String(inside);
      if (inside - 1 !== scene[name]) send({ [name]: inside - 1 });
    });
    return { name, ...field };
  }

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} newScene
   */
  function show(traits, newScene) {
    scene = newScene;
    showLevels(level.input, scene);
    size.input.value = String(traits.input_size);
    compare.input.checked = traits.compare;
    for (const { name, input } of places) {
      input.setAttribute("max", String(scene.sizes[scene.level]));
      input.value = String(scene[name] + 1);
    }
  }
  return { root, show };
}

function showLevels(select, scene) {
  const names = scene.sizes.map((_, level) => {
    const layer = scene.layers[level - 1];
    return layer ? `${levelName(scene, level)}: ${layerName(layer)}` : "Input";
  });
  const shown = [...select.options].map((option) => option.textContent);
  if (JSON.stringify(shown) !== JSON.stringify(names)) {
    select.replaceChildren(...names.map((name, level) => element("option", { value: level }, name)));
  }
  select.value = String(scene.level);
}
