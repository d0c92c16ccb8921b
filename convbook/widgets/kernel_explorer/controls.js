/** The kernel explorer's settings and step buttons. */

import { button, checkbox, choice, setUnavailable } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { wholeNumber } from "../shared/number_field.js";
import { stepCell } from "./state.js";
import LIMITS from "./limits.json" with { type: "json" };

const CUSTOM = "Custom";
const MODE_LABELS = {
  constant: "constant: 0",
  nearest: "nearest: the edge",
  mirror: "mirror image",
  wrap: "wrap around",
};

/**
 * Preset, flip, stride, padding, padding mode and dilation.
 *
 * @param {{ presets: Record<string, number[][]>, send: (changes: object) => void }} options
 */
export function createSettings({ presets, send }) {
  const names = [...Object.keys(presets), CUSTOM].map((name) => [name, name]);
  const preset = choice("Preset", Object.fromEntries(names), (name) => {
    if (name !== CUSTOM) send({ kernel: presets[name] });
  });
  const mode = choice("Padding holds", MODE_LABELS, (value) => send({ mode: value }));
  const flip = checkbox("Flip kernel", (value) => send({ flip: value }));
  const stride = wholeNumber("Stride", LIMITS.stride, (value) => send({ stride: value }));
  const padding = wholeNumber("Padding", LIMITS.padding, (value) => send({ padding: value }));
  const dilation = wholeNumber("Dilation", LIMITS.dilation, (value) => send({ dilation: value }));
  const root = element(
    "div",
    { class: "cvb-settings", role: "group", "aria-label": "Settings" },
    ...[preset, flip, stride, dilation, padding, mode].map((control) => control.root),
  );

  /** @param {import("./state.js").Traits} traits */
  function show(traits) {
    preset.input.value = presetOf(presets, traits.kernel) ?? CUSTOM;
    mode.input.value = traits.mode;
    flip.input.checked = traits.flip;
    stride.show(traits.stride);
    padding.show(traits.padding);
    dilation.show(traits.dilation);
  }
  return { root, show };
}

/**
 * Back, step, fill in all.
 *
 * @param {(changes: object) => void} send
 */
export function createSteps(send) {
  let scene;
  const step = (by) => () => send(stepCell(scene, by) ?? {});
  const back = button("← Back", step(-1));
  const next = button("Step →", step(1));
  next.classList.add("cvb-primary");
  const all = button("Fill in all", () => send({ show_all: all.getAttribute("aria-pressed") !== "true" }));
  const root = element(
    "div", { class: "cvb-steps", role: "group", "aria-label": "Steps" }, back, next, all,
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} newScene
   */
  function show(traits, newScene) {
    scene = newScene;
    all.hidden = traits.predict;
    setUnavailable(back, !stepCell(scene, -1));
    setUnavailable(next, !stepCell(scene, 1));
    all.setAttribute("aria-pressed", String(traits.show_all));
  }
  return { root, show };
}

/**
 * The name of the preset with exactly this kernel, if there is one.
 *
 * @param {Record<string, number[][]>} presets
 * @param {number[][]} kernel
 * @returns {string | undefined}
 */
export function presetOf(presets, kernel) {
  const text = JSON.stringify(kernel);
  return Object.keys(presets).find((name) => JSON.stringify(presets[name]) === text);
}
