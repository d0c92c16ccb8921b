/** Words of a question: those between backticks are code. */

import { element } from "../shared/dom.js";

/** The letters that name the options, in order. */
export const LETTERS = "ABCDEFGHIJKL";

/**
 * The pieces of a text, each with whether it stood between backticks.
 *
 * @param {string} text
 * @returns {{ text: string, code: boolean }[]}
 * @example codeParts("set `stride`") // [{ text: "set ", code: false }, { text: "stride", code: true }]
 */
export function codeParts(text) {
  const pieces = text.split("`");
  if (pieces.length % 2 === 0) {
    const last = pieces.pop();
    pieces.push(`${pieces.pop()}\`${last}`);
  }
  return pieces.map((piece, i) => ({ text: piece, code: i % 2 === 1 })).filter((part) => part.text !== "");
}

/**
 * @param {string} text
 * @returns {string} the text without the backticks that mark code
 */
export function plainText(text) {
  return codeParts(text).map((part) => part.text).join("");
}

/**
 * @param {string} text
 * @returns {(Node | string)[]} what an element shows: text, and code in elements of its own
 */
export function richText(text) {
  return codeParts(text).map((part) => (part.code ? element("code", {}, part.text) : part.text));
}
