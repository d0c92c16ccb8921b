/** What the browser remembers: each answer under its question's key, and the page's count. */

import { withStorage } from "../shared/storage.js";

/** @typedef {{ chosen: string[], typed: string }} Kept the texts of what was chosen, so that a
 *  later build may reorder the options */
/** @typedef {{ root: HTMLElement, key: () => string, refresh: () => void, place?: Element | null }} View */
/** @typedef {{ verdicts: Map<string, "right" | "wrong">, views: Set<View> }} QuizPage */

const PREFIX = "convbook.quiz.";
// JupyterLab loads the module once a widget, so the quizzes of a page meet outside of it.
const PAGE = Symbol.for("convbook.quiz");
const LONGEST_TYPED = 40;

/**
 * @param {string} key
 * @param {import("./verdict.js").Traits} traits
 */
export function keep(key, { options, chosen, typed }) {
  const text = JSON.stringify({ chosen: chosen.map((i) => options[i].text), typed });
  withStorage((storage) => storage.setItem(PREFIX + key, text));
}

/**
 * @param {string} key
 * @returns {string | null}
 */
export function kept(key) {
  return withStorage((storage) => storage.getItem(PREFIX + key));
}

/** @param {string} key */
export function forget(key) {
  withStorage((storage) => storage.removeItem(PREFIX + key));
}

/**
 * What to send so that a kept answer is shown again, or null where it does not fit the question.
 *
 * @param {string | null} text as stored
 * @param {import("./verdict.js").Traits} traits
 * @returns {{ chosen: number[], typed: string, checked: true } | null}
 */
export function restored(text, { kind, options }) {
  const { chosen, typed } = parsed(text);
  if (kind === "number") {
    const fits = typeof typed === "string" && typed.length <= LONGEST_TYPED && typed.trim() !== "";
    return fits ? { chosen: [], typed, checked: true } : null;
  }
  if (!Array.isArray(chosen)) return null;
  const places = [...new Set(chosen.map((one) => options.findIndex((option) => option.text === one)))];
  const fits = places.length > 0 && !places.includes(-1) && (kind === "several" || places.length === 1);
  return fits ? { chosen: places.sort((a, b) => a - b), typed: "", checked: true } : null;
}

function parsed(text) {
  try {
    return JSON.parse(text ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** @returns {QuizPage} what the quizzes of this page share */
export function quizPage() {
  return (globalThis[PAGE] ??= { verdicts: new Map(), views: new Set() });
}

/**
 * Shows the count anew in every quiz of the page; those taken off it are left out.
 *
 * @param {QuizPage} page
 */
export function refreshAll(page) {
  for (const view of page.views) {
    if (!view.root.parentNode) page.views.delete(view);
    // Two notebooks open beside each other count for themselves.
    view.place ??= view.root.closest?.(".jp-Notebook");
  }
  for (const view of page.views) view.refresh();
}

/**
 * @param {QuizPage} page
 * @param {View} view
 * @returns {string} how many of the quizzes beside `view` are answered
 */
export function progressText({ verdicts, views }, view) {
  const beside = [...views].filter((other) => (other.place ?? null) === (view.place ?? null));
  const keys = [...new Set(beside.map((other) => other.key()))];
  if (keys.length < 2) return "";
  const answered = keys.filter((key) => verdicts.has(key)).length;
  const right = keys.filter((key) => verdicts.get(key) === "right").length;
  const also = answered > 0 ? `, ${right} right` : "";
  return `${answered} of ${keys.length} answered on this page${also}`;
}
