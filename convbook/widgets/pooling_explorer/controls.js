/** The pooling explorer's settings, steps and shift. */

import { button, choice, setUnavailable } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { wholeNumber } from "../shared/number_field.js";
import { inside } from "../shared/numbers.js";
import { stepCell } from "./state.js";
import LIMITS from "./limits.json" with { type: "json" };

const CUSTOM = "Own numbers";
const KINDS = {
  max: "max",
  average: "average",
  l2: "L2 norm",
  weighted: "weighted mean",
  stochastic: "stochastic",
};

/** @typedef {Record<string, { image: number[][], size: number, stride: number }>} Presets */

/**
 * Image, kind, window size and stride.
 *
 * @param {{ presets: Presets, send: (changes: object) => void }} options
 */
export function createSettings({ presets, send }) {
  const names = [...Object.keys(presets), CUSTOM].map((name) => [name, name]);
  const image = choice("Image", Object.fromEntries(names), (name) => {
    if (name !== CUSTOM) send({ ...presets[name], shift: 0, row: 0, column: 0 });
  });
  const kind = choice("Pooling", KINDS, (value) => send({ kind: value }));
  const size = wholeNumber("Window size", LIMITS.size, (value) => send({ size: value }));
  const stride = wholeNumber("Stride", LIMITS.stride, (value) => send({ stride: value }));
  const root = element(
    "div", { class: "cvb-settings", role: "group", "aria-label": "Settings" },
    ...[image, kind, size, stride].map((control) => control.root),
  );

  /** @param {import("./state.js").Traits} traits */
  function show(traits) {
    image.input.value = presetOf(presets, traits.image) ?? CUSTOM;
    kind.input.value = traits.kind;
    size.show(traits.size);
    stride.show(traits.stride);
  }
  return { root, show };
}

/**
 * Back and step over the output, the shift, the draw, and whether a tap edits.
 *
 * @param {(changes: object) => void} send
 */
export function createActions(send) {
  let traits, scene;
  const step = (by) => button(by < 0 ? "← Back" : "Step →", () => send(stepCell(scene, by) ?? {}));
  const [back, next] = [step(-1), step(1)];
  next.classList.add("cvb-primary");
  const shiftBy = (by) => () => inside(LIMITS.shift, traits.shift + by) && send({ shift: traits.shift + by });
  const left = button("Shift left", shiftBy(-1));
  const right = button("Shift right", shiftBy(1));
  const unshift = button("No shift", () => send({ shift: 0 }));
  const draw = button("Draw again", () => send({ seed: traits.seed === LIMITS.seed.most ? LIMITS.seed.least : traits.seed + 1 }));
  const editing = button("Edit numbers", () => editing.setAttribute("aria-pressed", String(!isEditing())));
  const stop = () => editing.setAttribute("aria-pressed", "false");
  editing.addEventListener("restore", stop);
  stop();
  const isEditing = () => editing.getAttribute("aria-pressed") === "true";
  const root = element(
    "div", { class: "cvb-pool-actions" },
    group("Steps", back, next, draw), group("Shift the image", left, right, unshift), group("Image tools", editing),
  );

  /**
   * @param {import("./state.js").Traits} newTraits
   * @param {import("./state.js").Scene} newScene
   */
  function show(newTraits, newScene) {
    [traits, scene] = [newTraits, newScene];
    setUnavailable(back, !stepCell(scene, -1));
    setUnavailable(next, !stepCell(scene, 1));
    setUnavailable(left, traits.shift <= LIMITS.shift.least);
    setUnavailable(right, traits.shift >= LIMITS.shift.most);
    setUnavailable(unshift, traits.shift === 0);
    draw.hidden = traits.kind !== "stochastic";
  }
  return { root, show, isEditing };
}

/**
 * The name of the preset with exactly this image, if there is one.
 *
 * @param {Presets} presets
 * @param {number[][]} image
 * @returns {string | undefined}
 */
export function presetOf(presets, image) {
  const text = JSON.stringify(image);
  return Object.keys(presets).find((name) => JSON.stringify(presets[name].image) === text);
}

function group(label, ...buttons) {
  return element("div", { class: "cvb-pool-group", role: "group", "aria-label": label }, ...buttons);
}
