/** The one live region of a quiz: the verdict, and an explanation of each choice. */

import { element } from "../shared/dom.js";
import { richText } from "./text.js";

const SYMBOLS = { right: "✓", wrong: "✗" };

/** @returns {{ root: HTMLElement, show: (feedback: import("./verdict.js").Feedback) => void }} */
export function createFeedback() {
  const root = element("div", { class: "cvb-quiz-feedback", role: "status", "aria-live": "polite" });
  let shown = "";

  function show({ state, sentence, notes }) {
    const now = JSON.stringify([state, sentence, notes]);
    if (now === shown) return;
    shown = now;
    root.dataset.state = state;
    const list = notes.length > 0 ? [element("ul", { class: "cvb-quiz-notes" }, ...notes.map(noteItem))] : [];
    root.replaceChildren(element("p", {}, ...symbolOf(state), sentence), ...list);
  }
  return { root, show };
}

function noteItem({ title, text, right }) {
  const heading = title ? [element("strong", {}, title), " "] : [];
  return element("li", {}, ...symbolOf(title ? (right ? "right" : "wrong") : ""), element("span", {}, ...heading, ...richText(text)));
}

// The word beside it says the same, so nobody needs to hear the symbol.
function symbolOf(verdict) {
  const symbol = SYMBOLS[verdict];
  return symbol ? [element("span", { class: "cvb-quiz-symbol", "aria-hidden": "true" }, symbol)] : [];
}
