/** The kernel explorer's settings and step buttons. */

import { PADDING_MODES } from "./convolution.js";
import { element, labelled } from "./dom.js";
import { clamp, stepCell } from "./explorer_state.js";

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
  const preset = element(
    "select",
    { onchange: () => preset.value !== CUSTOM && send({ kernel: presets[preset.value] }) },
    ...[...Object.keys(presets), CUSTOM].map((name) => element("option", { value: name }, name)),
  );
  const mode = element(
    "select",
    { onchange: () => send({ mode: mode.value }) },
    ...PADDING_MODES.map((name) => element("option", { value: name }, MODE_LABELS[name])),
  );
  const flip = element("input", { type: "checkbox", onchange: () => send({ flip: flip.checked }) });
  const stride = wholeNumber(1, 8, (value) => send({ stride: value }));
  const padding = wholeNumber(0, 8, (value) => send({ padding: value }));
  const dilation = wholeNumber(1, 8, (value) => send({ dilation: value }));
  const root = element(
    "div",
    { class: "cvb-settings", role: "group", "aria-label": "Settings" },
    labelled("Preset", preset),
    element("label", { class: "cvb-check" }, flip, element("span", {}, "Flip kernel")),
    labelled("Stride", stride),
    labelled("Dilation", dilation),
    labelled("Padding", padding),
    labelled("Padding holds", mode),
  );

  /** @param {import("./explorer_state.js").Traits} traits */
  function show(traits) {
    preset.value = presetOf(presets, traits.kernel) ?? CUSTOM;
    mode.value = traits.mode;
    flip.checked = traits.flip;
    stride.value = traits.stride;
    padding.value = traits.padding;
    dilation.value = traits.dilation;
  }
  return { root, show };
}

/**
 * Back, step, fill in all, start over.
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
  const restart = button("Start over", () => send({ row: 0, column: 0, show_all: false }));
  const root = element(
    "div", { class: "cvb-steps", role: "group", "aria-label": "Steps" }, back, next, all, restart,
  );

  /**
   * @param {import("./explorer_state.js").Traits} traits
   * @param {import("./explorer_state.js").Scene} newScene
   */
  function show(traits, newScene) {
    scene = newScene;
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

/**
 * @param {string} text
 * @param {() => void} onclick
 */
export function button(text, onclick) {
  return element("button", { type: "button", class: "cvb-button", onclick }, text);
}

// aria-disabled rather than disabled: the focus must not vanish at the last step.
function setUnavailable(target, unavailable) {
  target.setAttribute("aria-disabled", String(unavailable));
}

function wholeNumber(min, max, onValue) {
  const input = element("input", { type: "number", min, max, step: 1, inputmode: "numeric" });
  const settle = () => {
    input.value = String(clamp(Math.round(Number(input.value)), min, max));
    onValue(Number(input.value));
  };
  // While typing, a number is taken as soon as it is one; what is not is put right at the end.
  input.addEventListener("input", () => input.value !== "" && input.validity.valid && settle());
  input.addEventListener("change", settle);
  return input;
}
