/** A signal as fields to type in: one tab stop, arrow keys from number to number. */

import { element, setText } from "../shared/dom.js";
import { button, setUnavailable } from "../shared/controls.js";
import { colorCell, placeAfterKey } from "../shared/grid.js";
import { clamp } from "../shared/numbers.js";
import { fieldText, longest } from "./words.js";

/**
 * @param {{ name: string, most: number, onValues: (values: number[]) => void, onRefused: (message: string) => void }} options
 *   `name` of the signal; `most` cells; `onRefused` hears why what was typed cannot be
 */
export function createEditor({ name, most, onValues, onRefused }) {
  const root = element("div", { class: "cvb-grid cvb-roll-fields", role: "group" });
  const fewer = button("−", () => values.length > 1 && onValues(values.slice(0, -1)));
  const more = button("+", () => values.length < most && onValues([...values, 0]));
  fewer.setAttribute("aria-label", `Remove the last cell of ${name}`);
  more.setAttribute("aria-label", `Add a cell to ${name}`);
  const count = element("span", { class: "cvb-roll-count" });
  const size = element("div", { class: "cvb-roll-size" }, fewer, count, more);
  let values = [];
  let active = 0;

  root.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") return;
    const place = placeAfterKey(event, { row: 0, column: active }, 1, values.length);
    if (!place) return;
    event.preventDefault();
    root.children[place.column].focus();
    root.children[place.column].select();
  });
  root.addEventListener("focusin", (event) => moveTabStop([...root.children].indexOf(event.target)));

  function moveTabStop(index) {
    active = clamp(index, 0, values.length - 1);
    [...root.children].forEach((input, i) => (input.tabIndex = i === active ? 0 : -1));
  }

  function createField(index) {
    const onchange = (event) => settle(event.target, index);
    const label = `${name}, cell ${index + 1}`;
    return element("input", { type: "number", step: "any", class: "cvb-cell", "aria-label": label, onchange });
  }

  function settle(input, index) {
    const typed = input.value.trim() === "" ? NaN : Number(input.value);
    if (Number.isFinite(typed)) return onValues(values.map((old, i) => (i === index ? typed : old)));
    input.value = fieldText(values[index]);
    onRefused(`Cell ${index + 1} of ${name} must be a number: it is ${fieldText(values[index])} again.`);
  }

  /**
   * @param {number[]} newValues
   * @param {number} limit the end of the colour scale
   */
  function show(newValues, limit) {
    values = newValues;
    while (root.childElementCount > values.length) root.lastChild.remove();
    while (root.childElementCount < values.length) root.append(createField(root.childElementCount));
    root.setAttribute("aria-label", `${name}, ${cells(values.length)}`);
    root.style.setProperty("--cvb-columns", String(values.length));
    root.style.setProperty("--cvb-roll-digits", String(longest(values.map(fieldText))));
    setText(count, cells(values.length));
    setUnavailable(fewer, values.length === 1);
    setUnavailable(more, values.length === most);
    moveTabStop(active);
    values.forEach((value, i) => paint(root.children[i], value, limit));
  }
  return { root, size, show };
}

function paint(input, value, limit) {
  if (input.value !== fieldText(value)) input.value = fieldText(value);
  input.classList.toggle("cvb-long", input.value.length > 3);
  colorCell(input, value, limit);
}

function cells(count) {
  return count === 1 ? "1 cell" : `${count} cells`;
}
