/** The editor of the selected layer: its kind, its numbers, its place. */

import { button, choice, setUnavailable } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { restoreFields } from "../shared/judged.js";
import { KINDS, kindText } from "../shared/layer_kinds.js";
import { addLayer, changeField, changeKind, moveLayer, removeLayer } from "./edits.js";
import { createFields } from "./fields.js";

const KIND_NAMES = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, kindText(kind)]));

/**
 * The buttons stay where they are and keep the focus, so that one can be pressed again.
 *
 * @param {(changes: object) => void} send
 */
export function createEditor(send) {
  let stack = { layers: [{ kind: "relu" }], selected: 0 };
  const edit = (change, ...details) => send(change(stack, ...details) ?? {});
  const title = element("div", { class: "cvb-title" });
  const kind = choice("Kind", KIND_NAMES, (value) => edit(changeKind, value));
  const fields = createFields((name, value) => edit(changeField, name, value));
  const added = choice("New layer", KIND_NAMES, () => {});
  added.input.addEventListener("restore", () => (added.input.selectedIndex = 0));
  const buttons = {
    up: button("↑ Up", () => edit(moveLayer, -1)),
    down: button("↓ Down", () => edit(moveLayer, 1)),
    remove: button("Remove", () => edit(removeLayer)),
    add: button("Add below", () => edit(addLayer, added.input.value)),
  };
  const root = element(
    "div", { class: "cvb-arch-editor", role: "group" },
    title,
    element("div", { class: "cvb-settings cvb-arch-fields" }, kind.root, fields.root),
    element(
      "div", { class: "cvb-arch-buttons" },
      buttons.up, buttons.down, buttons.remove,
      element("div", { class: "cvb-arch-add" }, added.root, buttons.add),
    ),
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show({ layers }, { selected }) {
    const inFields = fields.root.contains(root.getRootNode().activeElement);
    const layer = layers[selected];
    // What is typed belongs to the layer it was typed for.
    if (selected !== stack.selected || layers.length !== stack.layers.length) restoreFields(fields.root);
    stack = { layers, selected };
    root.setAttribute("aria-label", `Edit layer ${selected + 1}`);
    setText(title, `Layer ${selected + 1} of ${layers.length}`);
    kind.input.value = layer.kind;
    fields.show(layer);
    setUnavailable(buttons.up, !moveLayer(stack, -1));
    setUnavailable(buttons.down, !moveLayer(stack, 1));
    setUnavailable(buttons.remove, !removeLayer(stack));
    setUnavailable(buttons.add, !addLayer(stack, "relu"));
    // Another view may have changed the kind under the focus.
    if (inFields && !fields.root.contains(root.getRootNode().activeElement)) kind.input.focus();
  }
  return { root, show };
}
