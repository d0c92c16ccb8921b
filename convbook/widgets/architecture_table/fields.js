/** The controls for one layer's numbers: as many as its kind has fields. */

import { checkbox, choice } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { filled, KINDS, pair } from "../shared/layer_kinds.js";
import { wholeNumber } from "../shared/number_field.js";

/** @typedef {{ roots: HTMLElement[], show: (value: any) => void }} Control */

const LABELS = {
  out_channels: "Output channels",
  kernel_size: "Kernel size",
  stride: "Stride",
  padding: "Padding",
  dilation: "Dilation",
  groups: "Groups",
  bias: "Bias",
  activation: "Activation",
  out_features: "Output features",
  conv1x1: "1×1",
  reduce3x3: "3×3 reduce",
  conv3x3: "3×3",
  reduce5x5: "5×5 reduce",
  conv5x5: "5×5",
  pool_projection: "Pool projection",
};

/**
 * @param {(name: string, value: any) => void} onField
 */
export function createFields(onField) {
  const root = element("div", { class: "cvb-settings" });
  /** @type {Record<string, Control>} */
  let controls = {};
  let kind = "";
  // A field that is taken away under the focus reports a last change, which is not the new layer's.
  let replacing = false;

  /** @param {import("../shared/layer_kinds.js").Layer} layer */
  function show(layer) {
    if (layer.kind !== kind) rebuild(layer.kind);
    const full = filled(layer);
    for (const [name, control] of Object.entries(controls)) control.show(full[name]);
  }

  function rebuild(newKind) {
    kind = newKind;
    const fields = Object.entries(KINDS[kind]);
    controls = Object.fromEntries(
      fields.map(([name, field]) => [name, createControl(name, field, (value) => replacing || onField(name, value))]),
    );
    replacing = true;
    root.replaceChildren(...Object.values(controls).flatMap((control) => control.roots));
    replacing = false;
    root.hidden = fields.length === 0;
  }
  return { root, show };
}

/** @returns {Control} */
function createControl(name, field, onValue) {
  if (field.pair) return pairControl(name, field, onValue);
  const label = LABELS[name];
  if (field.type === "flag") {
    const control = checkbox(label, onValue);
    return { roots: [control.root], show: (value) => (control.input.checked = value) };
  }
  if (field.type === "choice") {
    const control = choice(label, Object.fromEntries(field.values.map((value) => [value, value])), onValue);
    return { roots: [control.root], show: (value) => (control.input.value = value) };
  }
  const control = wholeNumber(label, field, onValue);
  return { roots: [control.root], show: (value) => control.show(value) };
}

// One number for rows and columns, or one for each. Only the kernel offers the change; a pool's
// stride follows it.
function pairControl(name, limits, onValue) {
  const label = LABELS[name];
  let shown = [limits.least, limits.least];
  const both = wholeNumber(label, limits, onValue);
  const word = label.split(" ")[0];
  const rows = wholeNumber(`${word} rows`, limits, (value) => onValue([value, shown[1]]));
  const columns = wholeNumber(`${word} columns`, limits, (value) => onValue([shown[0], value]));
  const square = checkbox("Square kernel", (checked) => onValue(checked ? shown[0] : shown));

  function show(value) {
    const apart = Array.isArray(value);
    shown = pair(value);
    both.show(shown[0]);
    rows.show(shown[0]);
    columns.show(shown[1]);
    square.input.checked = !apart;
    both.root.hidden = apart;
    rows.root.hidden = columns.root.hidden = !apart;
  }
  const more = name === "kernel_size" ? [square.root] : [];
  return { roots: [both.root, rows.root, columns.root, ...more], show };
}
