/** Numbers to type: a whole number under its label, and any number in a cell. */

import { element, labelled } from "./dom.js";
import { fitDigits } from "./grid.js";
import { createRule, judged } from "./judged.js";
import { inside } from "./numbers.js";
import { fieldText, thousands } from "./words.js";

/** @typedef {{ least: number, most: number }} Limits */

/** What a cell must hold, in words. */
export const ANY_NUMBER = "a number, such as 0.5";

/**
 * A whole number under its label.
 *
 * @param {string} label
 * @param {Limits} limits
 * @param {(value: number) => void} onValue hears another number inside the limits
 * @returns {{ root: HTMLElement, input: HTMLInputElement, show: (value: number, limits?: Limits) => void }}
 */
export function wholeNumber(label, limits, onValue) {
  const input = element("input", { type: "number", step: 1, inputmode: "numeric" });
  const rule = createRule("");
  let bounds;
  const showNumber = judged(input, {
    rule,
    isRight: (value) => Number.isInteger(value) && inside(bounds, value),
    write: (value) => (input.value = String(value)),
    onValue,
  });

  function bind(changed) {
    bounds = changed;
    [input.min, input.max] = [String(changed.least), String(changed.most)];
    rule.setText(ruleText(changed));
  }
  bind(limits);

  function show(value, changed = limits) {
    bind(changed);
    showNumber(value);
  }
  return { root: element("div", { class: "cvb-field cvb-number" }, labelled(label, input), rule.root), input, show };
}

/**
 * What a whole number must be, in words.
 *
 * @param {Limits} limits
 * @returns {string}
 * @example ruleText({ least: 1, most: 1024 }) // "1 to 1,024, whole"
 */
export function ruleText({ least, most }) {
  return `${thousands(least)} to ${thousands(most)}, whole`;
}

/**
 * Any finite number, as a cell of a grid.
 *
 * @param {Record<string, any>} attributes its label among them
 * @param {ReturnType<typeof createRule>} rule of the whole grid
 * @param {(value: number) => void} onValue hears another number
 * @returns {{ input: HTMLInputElement, show: (value: number) => void }}
 */
export function numberCell(attributes, rule, onValue) {
  const input = element("input", { type: "number", step: "any", class: "cvb-cell", ...attributes });
  const write = (value) => {
    input.value = fieldText(value);
    fitDigits(input, input.value.length);
  };
  return { input, show: judged(input, { rule, write, onValue }) };
}
