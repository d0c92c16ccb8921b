/** What is asked, what an answer is worth, and where to go on. No document here. */

import { isClose, readNumber } from "../quiz/judging.js";
import { feedbackOf } from "../quiz/verdict.js";
import { range } from "../shared/numbers.js";
import { equalsSign, formatNumber } from "../shared/words.js";

/** The traits of a prediction, by the names that Python gives them. */
export const PREDICTION = ["predict", "known", "typed", "checked"];
const ROUNDING = 0.005; // of two decimals
/** An answer that is yet to be given. */
export const UNANSWERED = { typed: "", checked: false };

/**
 * @typedef {object} Prediction
 * @property {boolean} predict
 * @property {number[]} known the outputs that were found or revealed, in reading order
 * @property {string} typed
 * @property {boolean} checked
 */
/**
 * @typedef {object} Question
 * @property {number} index of the output in question, in reading order
 * @property {number} count of all outputs
 * @property {string} place such as "output row 1, column 2"
 * @property {string} [given] what else one needs to know
 * @property {(index: number) => object} choose the change that chooses an output
 * @property {number} answer
 * @property {string} explanation how it comes about
 * @property {() => import("./slips.js").Slip[]} slips what misconceptions would give
 */

/**
 * @param {Prediction} traits
 * @param {number} index
 * @returns {boolean} whether that output is yet to be predicted
 */
export function asksFor({ predict, known }, index) {
  return predict && !known.includes(index);
}

/**
 * What an answer is worth, judged as a quiz judges a number. Two decimals are enough.
 *
 * @param {Prediction} traits
 * @param {Question} question
 * @returns {import("../quiz/verdict.js").Feedback}
 */
export function judged({ typed, checked }, { answer, explanation, slips }) {
  const tolerance = toleranceOf(answer);
  const wrong = checked ? slips().map((slip) => ({ ...slip, value: asTyped(slip.value, typed) })) : [];
  return feedbackOf({ kind: "number", typed, checked, answer, tolerance, wrong, explanation });
}

function toleranceOf(value) {
  return equalsSign(value) === "=" ? 0 : ROUNDING;
}

// Each slip has decimals of its own to be rounded.
function asTyped(value, typed) {
  return readNumber(typed).find((one) => isClose(one, value, toleranceOf(value))) ?? value;
}

/**
 * The next output that is yet to be predicted, from the start again after the last one.
 *
 * @param {number[]} known
 * @param {number} index
 * @param {number} count
 * @returns {number | null} null where all are known
 * @example nextAsked([0, 3], 3, 4) // 1
 */
export function nextAsked(known, index, count) {
  const order = [...range(index + 1, count), ...range(0, index + 1)];
  return order.find((one) => !known.includes(one)) ?? null;
}

/**
 * What stands above the answer.
 *
 * @param {Prediction} traits
 * @param {Question} question
 * @returns {string}
 */
export function questionText({ known }, { index, count, place, given = "", answer }) {
  if (known.length === count) return `All ${count} outputs are found.`;
  if (known.includes(index)) return `${place[0].toUpperCase()}${place.slice(1)} is ${formatNumber(answer)}.`;
  return `What is ${place}? ${given}`.trim();
}

/**
 * Forgets what is known as soon as a change makes other outputs, and an answer when another
 * output is chosen; Python does the same.
 *
 * @param {string[]} makers the traits that make the outputs
 * @param {string[]} choosers those that choose one
 * @param {(changes: object, traits: object) => object} complete adds what else a change brings
 */
export function askingAnew(makers, choosers, complete) {
  return (changes, traits) => {
    const completed = complete(changes, traits);
    const changed = (names) => names.some((name) => name in completed && !same(completed[name], traits[name]));
    if (changed(makers)) return { ...completed, known: [], ...UNANSWERED };
    return changed(choosers) ? { ...UNANSWERED, ...completed } : completed;
  };
}

function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
