/** The convolution roll's settings, step buttons and slider. */

import { button, checkbox, choice, setUnavailable } from "../shared/controls.js";
import { element, labelled } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";

const CUSTOM = "Custom";
const MODE_LABELS = {
  full: "full: every overlap",
  same: "same: the middle ones",
  valid: "valid: no overhang",
  periodic: "periodic: x repeats",
};

/**
 * Preset, mode and flip.
 *
 * @param {{ presets: Record<string, { x: number[], w: number[] }>, send: (changes: object) => void }} options
 */
export function createSettings({ presets, send }) {
  const names = [...Object.keys(presets), CUSTOM].map((name) => [name, name]);
  const preset = choice("Preset", Object.fromEntries(names), (name) => {
    if (name !== CUSTOM) send({ ...presets[name], position: 0 });
  });
  const mode = choice("Outputs kept", MODE_LABELS, (value) => send({ mode: value }));
  const flip = checkbox("Flip w (convolution)", (value) => send({ flip: value }));
  const root = element(
    "div",
    { class: "cvb-settings", role: "group", "aria-label": "Settings" },
    preset.root, mode.root, flip.root,
  );

  /** @param {import("./state.js").Traits} traits */
  function show(traits) {
    preset.input.value = presetOf(presets, traits) ?? CUSTOM;
    mode.input.value = traits.mode;
    flip.input.checked = traits.flip;
  }
  return { root, show };
}

/**
 * Back, step, the slider, fill in all.
 *
 * @param {(changes: object) => void} send
 */
export function createSteps(send) {
  let position = 0;
  let last = 0;
  const step = (by) => () => send({ position: clamp(position + by, 0, last) });
  const back = button("← Back", step(-1));
  const next = button("Step →", step(1));
  next.classList.add("cvb-primary");
  const slider = element("input", { type: "range", min: 1, step: 1 });
  slider.addEventListener("input", () => send({ position: Number(slider.value) - 1 }));
  const all = button("Fill in all", () => send({ show_all: all.getAttribute("aria-pressed") !== "true" }));
  const field = labelled("Position of w", slider);
  field.classList.add("cvb-roll-slider");
  const root = element(
    "div", { class: "cvb-roll-steps", role: "group", "aria-label": "Steps" }, back, next, field, all,
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    position = scene.position;
    last = scene.output.length - 1;
    slider.max = String(last + 1);
    slider.value = String(position + 1);
    slider.setAttribute("aria-valuetext", `output ${position + 1} of ${last + 1}`);
    setUnavailable(back, position === 0);
    setUnavailable(next, position === last);
    all.hidden = traits.predict;
    all.setAttribute("aria-pressed", String(traits.show_all));
  }
  return { root, show };
}

/**
 * The name of the preset with exactly these signals, if there is one.
 *
 * @param {Record<string, { x: number[], w: number[] }>} presets
 * @param {{ x: number[], w: number[] }} signals
 * @returns {string | undefined}
 */
export function presetOf(presets, { x, w }) {
  const text = JSON.stringify([x, w]);
  return Object.keys(presets).find((name) => JSON.stringify([presets[name].x, presets[name].w]) === text);
}
