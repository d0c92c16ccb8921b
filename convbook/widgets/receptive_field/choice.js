/** Which neuron is looked at, how large the input is, and whether pooling is compared. */

import { checkbox, choice } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { wholeNumber } from "../shared/number_field.js";
import LIMITS from "./limits.json" with { type: "json" };
import { layerName, levelName } from "./words.js";

/**
 * @param {(changes: object) => void} send
 */
export function createChoice(send) {
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
    return { name, ...wholeNumber(label, { least: 1, most: 1 }, (value) => send({ [name]: value - 1 })) };
  }

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    showLevels(level.input, scene);
    size.show(traits.input_size);
    compare.input.checked = traits.compare;
    for (const place of places) place.show(scene[place.name] + 1, { least: 1, most: scene.sizes[scene.level] });
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
