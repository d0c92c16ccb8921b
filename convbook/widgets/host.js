/** Runs a page's widgets without a kernel: reads the state that the build embedded. */

import { createModel, oncePerKey, readStates, widgetOf } from "./host_model.js";

const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';
const PAGE_CSS = `
  @media screen { .cvb-widget[data-live="true"] > .cvb-picture { display: none; } }
  @media print { .cvb-widget:has(> .cvb-picture) > .cvb-live { display: none; } }
  .cvb-failed { border-inline-start: 4px solid #b3261e; padding: 0.5rem 0.75rem; }
`;

/**
 * Draws every widget of a page and marks it ready.
 *
 * @param {Document} page
 * @returns {Promise<void>}
 */
async function drawPage(page) {
  addStyle(page, PAGE_CSS);
  const load = pageLoader(page);
  const scripts = [...page.querySelectorAll(VIEW)];
  const drawn = await Promise.all(scripts.map((script) => drawView(page, script, load)));
  page.documentElement.dataset.widgets = drawn.every(Boolean) ? "ready" : "failed";
}

/**
 * @param {Document} page
 * @returns {(id: string) => Promise<{ model: any, widget: any }>} a model and its widget by id,
 *   each made once
 */
function pageLoader(page) {
  const states = oncePerKey(() => readStates([...page.querySelectorAll(STATE)].map((one) => one.textContent)));
  const styleOnce = oncePerKey((css) => addStyle(page, css));
  const importOnce = oncePerKey(importText);
  return oncePerKey(async (id) => {
    const state = states("page").get(id);
    if (!state?._esm) throw new Error(`the page holds no state for widget ${id}`);
    styleOnce(state._css ?? "");
    const widget = await widgetOf(await importOnce(state._esm));
    const model = createModel(state);
    await widget.initialize?.({ model, experimental: EXPERIMENTAL });
    return { model, widget };
  });
}

// Python cannot answer in a page, so a call to it is refused at once.
const EXPERIMENTAL = {
  invoke: () => Promise.reject(new Error("this page runs without Python")),
};

/**
 * @param {Document} page
 * @param {Element} script the view's own script element
 * @param {(id: string) => Promise<{ model: any, widget: any }>} load
 * @returns {Promise<boolean>} whether the view was drawn
 */
async function drawView(page, script, load) {
  const el = page.createElement("div");
  el.className = "cvb-live";
  script.after(el);
  try {
    const { model, widget } = await load(JSON.parse(script.textContent).model_id);
    await widget.render({ model, el, experimental: EXPERIMENTAL });
    markDrawn(el);
    return true;
  } catch (error) {
    el.replaceChildren(failure(page, error));
    return false;
  }
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

function addStyle(page, css) {
  const style = page.createElement("style");
  style.textContent = css;
  page.head.append(style);
}

/** Imports module text. A Blob address works on a page opened from disk, where a file's does not. */
async function importText(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", () => drawPage(document), { once: true });
} else {
  drawPage(document);
}
