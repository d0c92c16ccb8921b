/** A signal as fields to type in: one tab stop, arrow keys from number to number. */

import { button, setUnavailable } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { colorCell, placeAfterKey } from "../shared/grid.js";
import { createRule } from "../shared/judged.js";
import { ANY_NUMBER, numberCell } from "../shared/number_field.js";
import { clamp } from "../shared/numbers.js";
import { fieldText } from "../shared/words.js";
import { longest } from "./words.js";

/**
 * @param {{ name: string, most: number, onValues: (values: number[]) => void }} options
 *   `name` of the signal; `most` cells
 */
export function createEditor({ name, most, onValues }) {
  const root = element("div", { class: "cvb-grid cvb-roll-fields", role: "group" });
  const fewer = button("−", () => values.length > 1 && onValues(values.slice(0, -1)));
  const more = button("+", () => values.length < most && onValues([...values, 0]));
  fewer.setAttribute("aria-label", `Remove the last cell of ${name}`);
  more.setAttribute("aria-label", `Add a cell to ${name}`);
  const count = element("span", { class: "cvb-roll-count" });
  const size = element("div", { class: "cvb-roll-size" }, fewer, count, more);
  const rule = createRule(ANY_NUMBER);
  /** @type {ReturnType<typeof numberCell>[]} */
  const fields = [];
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

  function addField() {
    const index = fields.length;
    fields.push(numberCell({ "aria-label": `${name}, cell ${index + 1}` }, rule, (typed) => onValues(values.with(index, typed))));
    root.append(fields[index].input);
  }

  function removeField() {
    const { input } = fields.pop();
    input.dispatchEvent(new Event("restore"));
    input.remove();
  }

  /**
   * @param {number[]} newValues
   * @param {number} limit the end of the colour scale
   */
  function show(newValues, limit) {
    values = newValues;
    while (fields.length > values.length) removeField();
    while (fields.length < values.length) addField();
    root.setAttribute("aria-label", `${name}, ${cells(values.length)}`);
    root.style.setProperty("--cvb-columns", String(values.length));
    root.style.setProperty("--cvb-roll-digits", String(longest(values.map(fieldText))));
    setText(count, cells(values.length));
    setUnavailable(fewer, values.length === 1);
    setUnavailable(more, values.length === most);
    moveTabStop(active);
    values.forEach((value, i) => {
      fields[i].show(value);
      colorCell(fields[i].input, value, limit);
    });
  }
  return { root, size, rule: rule.root, show };
}

function cells(count) {
  return count === 1 ? "1 cell" : `${count} cells`;
}
