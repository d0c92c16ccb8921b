/** Native controls with a visible label, as every widget uses them. */

import { element, labelled } from "./dom.js";

/**
 * @param {string} text
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
export function button(text, onclick) {
  return element("button", { type: "button", class: "cvb-button", onclick }, text);
}

/**
 * Shows that a button would do nothing now. Not `disabled`: the focus must not vanish under it.
 *
 * @param {HTMLButtonElement} target
 * @param {boolean} unavailable
 */
export function setUnavailable(target, unavailable) {
  target.setAttribute("aria-disabled", String(unavailable));
}

/**
 * One of several values under a label.
 *
 * @param {string} label
 * @param {Record<string, string>} names what each value is called, in order
 * @param {(value: string) => void} onValue
 * @returns {{ root: HTMLElement, input: HTMLSelectElement }}
 */
export function choice(label, names, onValue) {
  const options = Object.entries(names).map(([value, name]) => element("option", { value }, name));
  const input = element("select", { onchange: () => onValue(input.value) }, ...options);
  return { root: labelled(label, input), input };
}

/**
 * Yes or no, with the label beside it.
 *
 * @param {string} label
 * @param {(value: boolean) => void} onValue
 * @returns {{ root: HTMLElement, input: HTMLInputElement }}
 */
export function checkbox(label, onValue) {
  const input = element("input", { type: "checkbox", onchange: () => onValue(input.checked) });
  return { root: element("label", { class: "cvb-check" }, input, element("span", {}, label)), input };
}
