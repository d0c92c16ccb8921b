/** The browser remembers which outputs a reader has found, by the outputs' settings. */

import { withStorage } from "../shared/storage.js";

const PREFIX = "convbook.predict.";

/**
 * @param {string} widget
 * @param {object} settings what makes the outputs
 * @returns {string} the same for the same outputs
 */
export function keyOf(widget, settings) {
  let hash = 2166136261; // FNV-1a
  for (const character of JSON.stringify(settings)) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
  return `${widget}.${(hash >>> 0).toString(36)}`;
}

/**
 * @param {string} key
 * @param {number[]} known
 */
export function keepKnown(key, known) {
  withStorage((storage) => storage.setItem(PREFIX + key, JSON.stringify(known)));
}

/** @param {string} key */
export function forgetKnown(key) {
  withStorage((storage) => storage.removeItem(PREFIX + key));
}

/**
 * @param {string} key
 * @param {number} count of all outputs
 * @returns {number[]} what was found at an earlier visit
 */
export function keptKnown(key, count) {
  const found = withStorage((storage) => JSON.parse(storage.getItem(PREFIX + key) ?? "[]"));
  const isOutput = (index) => Number.isInteger(index) && index >= 0 && index < count;
  return Array.isArray(found) ? [...new Set(found.filter(isOutput))].sort((a, b) => a - b) : [];
}
