/** A number typed into a cell of a grid: Enter keeps it, Escape does not. */

import { element } from "./dom.js";

/**
 * @param {HTMLElement} cell
 * @param {number} value the number it holds
 * @param {(value: number) => void} onValue hears another, finite number
 */
export function editNumber(cell, value, onValue) {
  const input = element("input", { type: "number", step: "any", "aria-label": "New value", value });
  const shown = cell.textContent;
  let open = true;
  const close = (keep) => {
    if (!open) return;
    open = false;
    const typed = input.value.trim() === "" ? NaN : Number(input.value);
    const refocus = input.getRootNode().activeElement === input;
    input.remove();
    cell.textContent = shown;
    if (refocus) cell.focus();
    if (keep && Number.isFinite(typed) && typed !== value) onValue(typed);
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter" || event.key === "Escape") close(event.key === "Enter");
  });
  input.addEventListener("blur", () => close(true));
  cell.replaceChildren(input);
  input.focus();
  input.select();
}
