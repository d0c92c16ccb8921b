/** The stack as a list to edit: one line a layer, with buttons to move and to remove it. */

import { button, choice, setUnavailable } from "../shared/controls.js";
import { element } from "../shared/dom.js";
import { restoreFields } from "../shared/judged.js";
import { filled, KINDS } from "../shared/layer_kinds.js";
import { wholeNumber } from "../shared/number_field.js";
import LIMITS from "./limits.json" with { type: "json" };

const MOST_LAYERS = LIMITS.layers.most;
const LABELS = { kernel_size: "Kernel size", stride: "Stride", padding: "Padding", dilation: "Dilation" };
const KIND_NAMES = { conv: "Convolution", max_pool: "Max pooling", avg_pool: "Average pooling" };
// What a new layer is, by the button that adds it.
const NEW = {
  convolution: windowLayer({ kind: "conv", kernel_size: 3 }),
  pooling: windowLayer({ kind: "max_pool", kernel_size: 2 }),
};

/**
 * @param {(changes: { layers: object[] }) => void} send
 */
export function createLayers(send) {
  const list = element("div", { class: "cvb-rf-layers" });
  const note = element("p", { class: "cvb-note" }, `${MOST_LAYERS} layers are the most: remove one to add another.`);
  const adds = Object.keys(NEW).map((name) => button(`Add ${name}`, () => add(NEW[name])));
  const root = element(
    "div", { class: "cvb-rf-editor", role: "group", "aria-label": "Layers" },
    element("div", { class: "cvb-title" }, "Layers, from the input upwards"),
    list,
    element("div", { class: "cvb-rf-adds" }, ...adds),
    note,
  );
  const lines = [];
  let layers = [];
  let scene;
  let focusNext = () => {};

  function add(layer) {
    if (layers.length < MOST_LAYERS) sendLayers([...layers, layer]);
  }

  // What is typed belongs to the layer it was typed for.
  function sendLayers(changed) {
    restoreFields(list);
    send({ layers: changed });
  }

  function change(index, changed) {
    if (!same(changed, layers[index])) send({ layers: layers.with(index, changed) });
  }

  // The focus stays with the layer that is moved.
  function move(index, by) {
    const target = index + by;
    if (target < 0 || target >= layers.length) return;
    const follow = () => lines[target].moves[by].focus();
    if (same(layers[index], layers[target])) return follow();
    focusNext = follow;
    sendLayers(layers.with(index, layers[target]).with(target, layers[index]));
  }

  function remove(index) {
    focusNext = () => (lines[Math.min(index, layers.length - 1)]?.remove ?? adds[0]).focus();
    sendLayers(layers.toSpliced(index, 1));
  }

  function createLine(index) {
    const number = element("span", { class: "cvb-rf-number", "aria-hidden": "true" }, String(index + 1));
    const kind = choice("Kind", KIND_NAMES, (value) => change(index, ofKind(value, layers[index])));
    const fields = Object.entries(LABELS).map(([name, label]) => {
      const field = wholeNumber(label, LIMITS[name], (value) => change(index, { ...layers[index], [name]: value }));
      return { name, ...field };
    });
    const moves = { [-1]: button("↑", () => move(index, -1)), 1: button("↓", () => move(index, 1)) };
    const remover = button("×", () => remove(index));
    for (const [one, label] of [[moves[-1], "Move up"], [moves[1], "Move down"], [remover, "Remove"]]) {
      one.setAttribute("aria-label", `${label} layer ${index + 1}`);
      one.setAttribute("title", label);
    }
    const buttons = element("div", { class: "cvb-rf-buttons" }, moves[-1], moves[1], remover);
    const line = element(
      "div",
      { class: "cvb-rf-layer", role: "group", "aria-label": `Layer ${index + 1}` },
      number, buttons, kind.root, element("div", { class: "cvb-rf-fields" }, ...fields.map((field) => field.root)),
    );

    function show() {
      const layer = layers[index];
      kind.input.value = layer.kind;
      for (const field of fields) {
        field.root.hidden = !(field.name in layer);
        if (field.name in layer) field.show(layer[field.name]);
      }
      setUnavailable(moves[-1], index === 0);
      setUnavailable(moves[1], index === layers.length - 1);
      line.classList.toggle("cvb-rf-misfit", index === scene.sizes.length - 1);
    }
    return { root: line, moves, remove: remover, show };
  }

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} newScene
   */
  function show(traits, newScene) {
    [layers, scene] = [newScene.layers, newScene];
    while (lines.length > layers.length) lines.pop().root.remove();
    while (lines.length < layers.length) {
      lines.push(createLine(lines.length));
      list.append(lines.at(-1).root);
    }
    for (const line of lines) line.show();
    for (const one of adds) setUnavailable(one, layers.length >= MOST_LAYERS);
    note.hidden = layers.length < MOST_LAYERS;
    focusNext();
    focusNext = () => {};
  }
  return { root, show };
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * A layer as another kind. Its stride becomes that kind's default: pooling windows lie side by
 * side, convolution's at every cell.
 *
 * @param {string} kind
 * @param {import("../shared/layer_kinds.js").Layer} layer
 * @returns {import("../shared/layer_kinds.js").Layer}
 */
export function ofKind(kind, { stride, ...layer }) {
  const kept = Object.entries(layer).filter(([name]) => name in KINDS[kind]);
  return windowLayer({ ...Object.fromEntries(kept), kind });
}

// Every field of its window, and no other.
function windowLayer(layer) {
  const fields = Object.entries(filled(layer)).filter(([name]) => name === "kind" || name in LABELS);
  return Object.fromEntries(fields);
}
