/** Where the reader answers: one choice, several choices, or a number. */

import { element, labelled, setText } from "../shared/dom.js";
import { LETTERS, richText } from "./text.js";

/**
 * @param {import("./verdict.js").Traits} traits
 * @param {(changes: object) => void} send
 * @returns {{ root: HTMLElement, show: (traits: import("./verdict.js").Traits) => void, focus: () => void }}
 */
export function createAnswers(traits, send) {
  return traits.kind === "number" ? createField(traits, send) : createChoices(traits, send);
}

function createChoices({ kind, options }, send) {
  const group = `answer-${Math.random().toString(36).slice(2)}`; // radio buttons of this view alone
  const rows = options.map((option, i) => createRow(option, i, kind, group));
  const root = element("div", { class: "cvb-quiz-options" }, ...rows.map((row) => row.root));
  root.addEventListener("change", () => {
    const chosen = [...rows.keys()].filter((i) => rows[i].input.checked);
    send({ chosen, checked: false });
  });

  function show({ chosen, checked }) {
    rows.forEach(({ input, mark, root: row }, i) => {
      const isChosen = chosen.includes(i);
      const verdict = checked && isChosen ? (options[i].right ? "right" : "wrong") : "";
      input.checked = isChosen;
      row.dataset.verdict = verdict;
      mark.show(verdict);
    });
  }
  const first = () => rows.find(({ input }) => input.checked) ?? rows[0];
  return { root, show, focus: () => first().input.focus() };
}

function createRow({ text }, i, kind, group) {
  const input = element("input", { type: kind === "one" ? "radio" : "checkbox", name: group, value: i });
  const mark = createMark();
  const letter = element("span", { class: "cvb-quiz-letter" }, LETTERS[i]);
  const words = element("span", { class: "cvb-quiz-text" }, ...richText(text));
  const root = element("label", { class: "cvb-quiz-option" }, input, letter, words, mark.root);
  return { root, input, mark };
}

/** A symbol that only eyes read, and its word. */
export function createMark() {
  const symbol = element("span", { "aria-hidden": "true" });
  const word = element("span");
  const root = element("span", { class: "cvb-quiz-mark" }, symbol, word);

  /** @param {"" | "right" | "wrong"} verdict */
  function show(verdict) {
    root.hidden = verdict === "";
    setText(symbol, { right: "✓ ", wrong: "✗ ", "": "" }[verdict]);
    setText(word, verdict);
  }
  show("");
  return { root, show };
}

function createField({ answer, wrong }, send) {
  // The number pad of a phone may have no minus, so a minus that may be needed gets all keys.
  const mayBeNegative = [answer, ...wrong.map((slip) => slip.value)].some((value) => value < 0);
  const input = element("input", {
    type: "text", inputmode: mayBeNegative ? "text" : "decimal", maxlength: 40, spellcheck: "false",
    oninput: () => send({ typed: input.value, checked: false }),
  });
  const mark = createMark();
  const field = labelled("Your number", input);
  const root = element("div", { class: "cvb-quiz-number" }, field, mark.root);

  function show({ typed }, state) {
    if (input.value !== typed) input.value = typed;
    const verdict = state === "right" || state === "wrong" ? state : "";
    root.dataset.verdict = verdict;
    mark.show(verdict);
    input.setAttribute("aria-invalid", String(state === "unreadable"));
  }
  return { root, show, focus: () => input.focus() };
}
