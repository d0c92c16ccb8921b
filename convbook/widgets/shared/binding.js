/** What every widget does with its model: read the traits, draw, follow changes, clean up. */

import { button } from "./controls.js";
import { coalesced, element } from "./dom.js";
import { restoreFields } from "./judged.js";

/** @typedef {Record<string, any>} Traits the values of a widget by the names Python gives them */

/**
 * A widget for anywidget and for the static page, with a button that brings back what it showed first.
 *
 * @param {string[]} names the traits that decide what is shown
 * @param {(send: (changes: Traits) => void, model: any, restart: HTMLElement) => { root: HTMLElement, show: (traits: Traits) => void }} create
 *   builds a view; its `send` writes changes back, to Python and to the other views; the button `restart` comes
 *   last where the view gives it no place
 * @param {(changes: Traits, traits: Traits) => Traits} [complete] adds what a change brings along
 * @param {{ again?: boolean }} [options] whether it gets the button; one of its own serves as well
 * @returns {{ render: (context: { model: any, el: HTMLElement }) => () => void }}
 */
export function courseWidget(names, create, complete = (changes) => changes, { again = true } = {}) {
  function render({ model, el }) {
    const read = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
    const send = (changes) => {
      for (const [name, value] of Object.entries(complete(changes, read()))) model.set(name, value);
      model.save_changes();
    };
    const opening = read();
    const startOver = () => {
      restoreFields(view.root);
      send(Object.fromEntries(names.filter((name) => model.get(name) !== opening[name]).map((name) => [name, opening[name]])));
    };
    const restart = element("div", { class: "cvb-again" }, button("Start over", startOver));
    const view = create(send, model, restart);
    view.root.addEventListener("keydown", keepPlainKey);
    view.root.addEventListener("startover", startOver);
    const redraw = coalesced(() => view.show(read()));
    for (const name of names) model.on(`change:${name}`, redraw);
    view.show(read());
    if (again && !restart.parentNode) view.root.append(restart);
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
