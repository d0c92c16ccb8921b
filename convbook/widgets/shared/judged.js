/** What is typed is judged when it is finished; what cannot be stays in sight, with its rule beside it. */

import { element } from "./dom.js";

let made = 0;

/**
 * The rule of one field, or of several alike, as a text that is seen while one of them breaks it.
 *
 * @param {string} text
 */
export function createRule(text) {
  made += 1;
  // A notebook may load this module once a widget, so a count alone would come twice.
  const id = `cvb-rule-${made}-${Math.random().toString(36).slice(2)}`;
  const root = element("p", { class: "cvb-rule", id, role: "alert", hidden: true });
  /** @type {Set<HTMLInputElement>} */
  const wrong = new Set();

  /**
   * @param {HTMLInputElement} input
   * @param {boolean} isWrong
   */
  function mark(input, isWrong) {
    if (isWrong) wrong.add(input);
    else wrong.delete(input);
    for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", id]]) {
      if (isWrong) input.setAttribute(name, value);
      else input.removeAttribute(name);
    }
    root.hidden = wrong.size === 0;
    root.textContent = root.hidden ? "" : text;
  }

  /** @param {string} changed */
  function setText(changed) {
    text = changed;
    if (!root.hidden) root.textContent = text;
  }
  return { root, mark, setText };
}

/**
 * Lets a field keep what is typed until Enter, or until it is left; Escape brings back the number that holds.
 *
 * @param {HTMLInputElement} input
 * @param {{ rule: ReturnType<typeof createRule>, isRight?: (value: number) => boolean,
 *   write: (value: number) => void, onValue: (value: number) => void }} options
 * @returns {(value: number) => void} shows the number that holds now; what is typed goes only for another
 */
export function judged(input, { rule, isRight = () => true, write, onValue }) {
  let good = NaN;
  let typing = false;

  function settle() {
    if (!typing) return;
    const value = typedNumber(input);
    typing = !(Number.isFinite(value) && isRight(value));
    rule.mark(input, typing);
    if (typing) return;
    if (value === good) write(good);
    else onValue(value);
  }

  function restore() {
    typing = false;
    rule.mark(input, false);
    write(good);
  }

  function show(value) {
    if (typing && value === good) return;
    good = value;
    restore();
  }
  input.addEventListener("input", () => (typing = true));
  for (const end of ["change", "blur"]) input.addEventListener(end, settle);
  input.addEventListener("restore", () => typing && restore());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") settle();
    else if (event.key === "Escape" && typing) restore();
  });
  return show;
}

/**
 * Brings back what each control below had: a field the number that holds, a switch off.
 *
 * @param {Element} root
 */
export function restoreFields(root) {
  for (const one of root.querySelectorAll("input, select, button")) one.dispatchEvent(new Event("restore"));
}

/**
 * @param {HTMLInputElement} input
 * @returns {number} NaN for what is not a number
 */
export function typedNumber(input) {
  return input.value.trim() === "" ? NaN : Number(input.value);
}
