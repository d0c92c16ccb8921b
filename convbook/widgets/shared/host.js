/** Runs a page's widgets without a kernel: reads the state that the build embedded. */

import { createModel, oncePerKey, readStates } from "./host_model.js";

const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

/** @type {Map<string, { render: Function }>} the widgets whose scripts the page has loaded */
const WIDGETS = new Map();

/**
 * @param {string} name the folder of a widget
 * @param {{ render: Function }} widget
 */
export function register(name, widget) {
  WIDGETS.set(name, widget);
}

/**
 * Draws every widget of a page and marks it ready.
 *
 * @param {Document} page
 */
function drawPage(page) {
  const states = readStates([...page.querySelectorAll(STATE)].map((one) => one.textContent));
  const modelOf = oncePerKey((id) => {
    if (!states.has(id)) throw new Error(`the page holds no state for widget ${id}`);
    return createModel(states.get(id));
  });
  const drawn = [...page.querySelectorAll(VIEW)].map((script) => drawView(page, script, modelOf));
  page.documentElement.dataset.widgets = drawn.every(Boolean) ? "ready" : "failed";
}

/**
 * @param {Document} page
 * @param {Element} script the view's own script element
 * @param {(id: string) => import("./host_model.js").Model} modelOf
 * @returns {boolean} whether the view was drawn
 */
function drawView(page, script, modelOf) {
  const el = page.createElement("div");
  el.className = "cvb-live";
  script.after(el);
  try {
    const model = modelOf(JSON.parse(script.textContent).model_id);
    widgetOf(model.get("_anywidget_id")).render({ model, el });
    markDrawn(el);
    return true;
  } catch (error) {
    el.replaceChildren(failure(page, error));
    return false;
  }
}

/** @param {string} id where Python defines the class, such as convbook.widgets.quiz.Quiz */
function widgetOf(id) {
  const [folder, name] = String(id).split(".").slice(-2);
  const widget = WIDGETS.get(folder);
  if (!widget) throw new Error(`the page has no script for the widget ${name}`);
  return widget;
}

function markDrawn(el) {
  el.dataset.ready = "true";
  const box = el.closest(".cvb-widget");
  if (box) box.dataset.live = "true";
}

function failure(page, error) {
  const message = page.createElement("p");
  message.className = "cvb-failed";
  message.setAttribute("role", "alert");
  message.textContent =
    `This widget could not start (${error?.message ?? error}). ` +
    "Reload the page, or read on: what it shows at first is drawn below.";
  return message;
}

// Node imports this module, too. Deferred scripts, the widgets' own, run before this event.
globalThis.document?.addEventListener("DOMContentLoaded", () => drawPage(document), { once: true });
