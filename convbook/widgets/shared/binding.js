/** What every widget does with its model: read the traits, draw, follow changes, clean up. */

import { coalesced } from "./dom.js";

/** @typedef {Record<string, any>} Traits the values of a widget by the names Python gives them */

/**
 * A widget for anywidget and for the static page.
 *
 * @param {string[]} names the traits that decide what is shown
 * @param {(send: (changes: Traits) => void, model: any) => { root: HTMLElement, show: (traits: Traits) => void }} create
 *   builds a view; its `send` writes changes back, to Python and to the other views
 * @param {(changes: Traits, traits: Traits) => Traits} [complete] adds what a change brings along
 * @returns {{ render: (context: { model: any, el: HTMLElement }) => () => void }}
 */
export function courseWidget(names, create, complete = (changes) => changes) {
  function render({ model, el }) {
    const read = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const send = (changes) => {
      for (const [name, value] of Object.entries(complete(changes, read()))) model.set(name, value);
      model.save_changes();
    };
    const view = create(send, model);
    view.root.addEventListener("keydown", keepPlainKey);
    const redraw = coalesced(() => view.show(read()));
    for (const name of names) model.on(`change:${name}`, redraw);
    view.show(read());
    el.append(view.root);
    numberName(view.root);
    view.root.dataset.ready = "true";
    return () => {
      for (const name of names) model.off(`change:${name}`, redraw);
      view.root.remove();
    };
  }
  return { render };
}

// A page with two widgets of a kind names them apart, for those who go from region to region.
function numberName(root) {
  const name = root.getAttribute("aria-label");
  const taken = [...document.querySelectorAll("section.cvb[aria-label]")].filter((one) => one !== root).map((one) => one.getAttribute("aria-label"));
  let number = 1;
  const numbered = () => (number === 1 ? name : `${name} ${number}`);
  while (taken.includes(numbered())) number += 1;
  root.setAttribute("aria-label", numbered());
}

// JupyterLab listens above, and would delete or split the notebook's cell for a letter typed here.
// What is pressed with Control, Alt or Meta stays its own.
function keepPlainKey(event) {
  if (!event.ctrlKey && !event.altKey && !event.metaKey) event.stopPropagation();
}
