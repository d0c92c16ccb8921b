/** Native controls with a visible label, as every widget uses them. */

import { element, labelled } from "./dom.js";
import { clamp } from "./numbers.js";

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
 * A whole number under its label. While typing it is taken as soon as it is one; what is not is
 * put right at the end.
 *
 * @param {string} label
 * @param {{ least: number, most: number }} limits
 * @param {(value: number) => void} onValue
 * @returns {{ root: HTMLElement, input: HTMLInputElement }}
 */
export function wholeNumber(label, { least, most }, onValue) {
  const input = element("input", { type: "number", min: least, max: most, step: 1, inputmode: "numeric" });
  const settle = () => {
    input.value = String(clamp(Math.round(Number(input.value)), least, most));
    onValue(Number(input.value));
  };
  input.addEventListener("input", () => input.value !== "" && input.validity.valid && settle());
  input.addEventListener("change", settle);
  return { root: labelled(label, input), input };
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
