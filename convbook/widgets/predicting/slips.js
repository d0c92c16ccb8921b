/** What misconceptions would give, each with the sentence that the grader says to it too. */

import MISCONCEPTIONS from "../../misconceptions.json" with { type: "json" };

/** @typedef {{ name: string, value: number, explanation: string }} Slip */

/**
 * @param {string} name of a misconception in convbook/misconceptions.json
 * @param {number} value what it would give
 * @returns {Slip}
 * @throws {RangeError} nothing is known by that name
 */
export function slip(name, value) {
  const explanation = MISCONCEPTIONS[name];
  if (explanation === undefined) throw new RangeError(`name (='${name}') must be one in misconceptions.json: add it there`);
  return { name, value, explanation };
}

/**
 * The number that a misconception gives, or none where it could not give one.
 *
 * @param {string} name
 * @param {() => number | null | undefined} compute
 * @returns {Slip[]}
 */
export function slipIf(name, compute) {
  const value = compute();
  return Number.isFinite(value) ? [slip(name, value)] : [];
}
