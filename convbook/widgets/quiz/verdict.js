/** What a quiz says to an answer. No document here. */

import { formatNumber } from "../shared/words.js";
import { judgeChoice, judgeNumber } from "./judging.js";
import { LETTERS } from "./text.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const TRAITS = [
  "question", "kind", "options", "answer", "tolerance", "explanation", "wrong", "key",
  "chosen", "typed", "checked",
];

/**
 * @typedef {object} Traits
 * @property {string} question
 * @property {"one" | "several" | "number"} kind
 * @property {{ text: string, explanation: string, right: boolean }[]} options
 * @property {number} answer where the kind is number
 * @property {number} tolerance
 * @property {string} explanation
 * @property {{ value: number, explanation: string }[]} wrong
 * @property {string} key
 * @property {number[]} chosen
 * @property {string} typed
 * @property {boolean} checked
 */

/** @typedef {{ title: string, text: string, right: boolean }} Note one explanation */
/**
 * @typedef {object} Feedback
 * @property {"open" | import("./judging.js").Verdict} state open until Check is pressed
 * @property {string} sentence
 * @property {Note[]} notes
 */

const TASKS = {
  one: "Choose one answer, then press Check.",
  several: "Choose every right answer, then press Check.",
  number: "Type a number, then press Check.",
};

/**
 * @param {Traits} traits
 * @returns {Feedback}
 */
export function feedbackOf(traits) {
  if (!traits.checked) return { state: "open", sentence: TASKS[traits.kind], notes: [] };
  return traits.kind === "number" ? numberFeedback(traits) : choiceFeedback(traits);
}

function choiceFeedback({ kind, options, chosen }) {
  const right = options.map((option) => option.right);
  const state = judgeChoice(chosen, right);
  if (state === "empty") return { state, sentence: `Nothing is chosen yet. ${TASKS[kind]}`, notes: [] };
  const others = state === "right" ? [...options.keys()].filter((i) => !chosen.includes(i)) : [];
  const sentence = kind === "one" ? oneSentence(state, chosen) : severalSentence(state, chosen, right);
  return { state, sentence, notes: [...chosen, ...others].map((i) => optionNote(options[i], i)) };
}

function oneSentence(state, [chosen]) {
  return state === "right" ? `Right: ${LETTERS[chosen]}.` : "Not right. Try again.";
}

function severalSentence(state, chosen, right) {
  if (state === "right") return `Right: ${listed(chosen.map((i) => LETTERS[i]))}.`;
  const wrong = chosen.filter((i) => !right[i]).length;
  const missing = right.some((isRight, i) => isRight && !chosen.includes(i));
  if (wrong === 0) return "Not complete. What you chose is right, but something is missing. Try again.";
  const count = `${wrong} of your ${chosen.length} choices ${wrong === 1 ? "is" : "are"} wrong`;
  const said = chosen.length === 1 ? "Your choice is wrong" : count;
  return `Not right. ${said}${missing ? ", and something is missing" : ""}. Try again.`;
}

function optionNote({ explanation, right }, i) {
  return { title: `${LETTERS[i]} is ${right ? "right" : "wrong"}:`, text: explanation, right };
}

function numberFeedback({ typed, answer, tolerance, wrong, explanation }) {
  const { verdict, value, slip } = judgeNumber(typed, answer, tolerance, wrong.map((one) => one.value));
  if (verdict === "empty") return { state: verdict, sentence: `Nothing is typed yet. ${TASKS.number}`, notes: [] };
  if (verdict === "unreadable") {
    const sentence = `“${typed.trim()}” is not a number. Type digits, such as 12 or −3.5.`;
    return { state: verdict, sentence, notes: [] };
  }
  const shown = formatNumber(value, 10);
  if (verdict === "right") {
    return { state: verdict, sentence: `Right: ${shown}.`, notes: [{ title: "", text: explanation, right: true }] };
  }
  const notes = slip === null ? [] : [{ title: "", text: wrong[slip].explanation, right: false }];
  return { state: verdict, sentence: `Not right: ${shown}. Try again.`, notes };
}

/**
 * @param {string[]} words
 * @returns {string}
 * @example listed(["A", "B", "D"]) // "A, B and D"
 */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
