/** A number typed into a cell of a grid: Enter keeps it, Escape does not. */

import { element } from "./dom.js";
import { createRule, typedNumber } from "./judged.js";
import { ANY_NUMBER } from "./number_field.js";

/**
 * @param {HTMLElement} cell in a pane, which shows the rule where what is typed is not a number
 * @param {number} value the number it holds
 * @param {(value: number) => void} onValue hears another, finite number
 */
export function editNumber(cell, value, onValue) {
  const input = element("input", { type: "number", step: "any", "aria-label": "New value", value });
  const rule = createRule(ANY_NUMBER);
  const shown = cell.textContent;
  let open = true;

  function close() {
    open = false;
    const refocus = input.getRootNode().activeElement === input;
    rule.root.remove();
    input.remove();
    cell.textContent = shown;
    if (refocus) cell.focus();
  }

  function settle() {
    if (!open) return;
    const typed = typedNumber(input);
    const isWrong = !Number.isFinite(typed);
    rule.mark(input, isWrong);
    if (isWrong) return;
    close();
    if (typed !== value) onValue(typed);
  }
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") settle();
    if (event.key === "Escape" && open) close();
  });
  input.addEventListener("blur", settle);
  input.addEventListener("restore", () => open && close());
  cell.closest(".cvb-pane").append(rule.root);
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
