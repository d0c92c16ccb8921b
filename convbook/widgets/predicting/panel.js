/** Where the reader predicts: a question, a field, and what is said to the answer. */

import { createAnswers } from "../quiz/answers.js";
import { createFeedback } from "../quiz/feedback.js";
import { button, checkbox } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { asksFor, judged, nextAsked, questionText, UNANSWERED } from "./asking.js";
import { forgetKnown, keepKnown, keptKnown, keyOf } from "./keeping.js";

/** @typedef {import("./asking.js").Question} Question */

/**
 * @param {object} options
 * @param {string} options.name of the widget, under which the browser remembers what is known
 * @param {string[]} options.makers the traits that make the outputs
 * @param {(changes: object) => void} options.send
 */
export function createPanel({ name, makers, send }) {
  let traits, question;
  let praise = null;
  let focusNext = () => {};
  let isFirst = true;
  const toggle = checkbox("Predict first", (predict) => (predict ? startOver() : send({ predict })));
  const heading = element("p", { class: "cvb-predict-question" });
  // A number below zero may be needed, whatever is asked.
  const answers = createAnswers({ kind: "number", answer: -1, wrong: [] }, send);
  const check = button("Check", onCheck);
  check.classList.add("cvb-primary");
  const reveal = button("Reveal", () => (asksFor(traits, question.index) ? showAnswer() : goOn(traits.known)));
  const restart = button("Start over", onRestart);
  const steps = element("div", { class: "cvb-predict-steps" }, check, reveal, restart);
  // No form, as in a quiz.
  const asking = element("div", { class: "cvb-predict-asking", onkeydown }, heading, answers.root, steps);
  const feedback = createFeedback();
  const root = element("div", { class: "cvb-predict", role: "group", "aria-label": "Prediction" });

  function onCheck() {
    if (!asksFor(traits, question.index)) return;
    const said = judged({ ...traits, checked: true }, question);
    if (said.state === "right") return found(said);
    send({ checked: true });
    answers.focus();
  }

  function onkeydown(event) {
    if (event.key !== "Enter" || !event.target.matches("input") || event.isComposing) return;
    event.preventDefault(); // or it would press the button that the focus goes to
    onCheck();
  }

  function found(said) {
    const known = withKnown();
    praise = { index: question.index, said };
    goOn(known);
  }

  function showAnswer() {
    praise = null;
    send({ known: withKnown(), ...UNANSWERED });
  }

  function withKnown() {
    return [...traits.known, question.index].sort((a, b) => a - b);
  }

  function goOn(known) {
    const next = nextAsked(known, question.index, question.count);
    focusNext = () => (next === null ? restart : answers).focus();
    send({ known, ...UNANSWERED, ...(next === null ? {} : question.choose(next)) });
  }

  // The widget first brings back what it opened with; what is known of that is forgotten too.
  function onRestart() {
    forgetKnown(key());
    root.dispatchEvent(new Event("startover", { bubbles: true }));
    queueMicrotask(startOver);
  }

  function startOver() {
    praise = null;
    forgetKnown(key());
    send({ predict: true, known: [], ...UNANSWERED, ...question.choose(0) });
  }

  function key() {
    return keyOf(name, makers.map((maker) => traits[maker]));
  }

  // What Python or another view knows already stays.
  function remember() {
    if (traits.known.length > 0) keepKnown(key(), traits.known);
    else if (isFirst) recall(keptKnown(key(), question.count));
    isFirst = false;
  }

  function recall(known) {
    if (known.length === 0) return;
    const next = nextAsked(known, question.count - 1, question.count);
    send({ known, ...(next === null ? {} : question.choose(next)) });
  }

  /**
   * @param {import("./asking.js").Prediction} newTraits
   * @param {Question | null} newQuestion null where there is nothing to predict
   */
  function show(newTraits, newQuestion) {
    [traits, question] = [newTraits, newQuestion];
    toggle.root.hidden = question === null;
    toggle.input.checked = traits.predict;
    root.hidden = !traits.predict || question === null;
    if (root.hidden) return root.replaceChildren();
    if (!root.firstChild) root.append(asking, feedback.root);
    remember();
    const isAsked = asksFor(traits, question.index);
    const isDone = traits.known.length >= question.count;
    setText(heading, questionText(traits, question));
    answers.root.hidden = check.hidden = !isAsked;
    reveal.hidden = isDone;
    setText(reveal, isAsked ? "Reveal" : "Next →");
    feedback.show(feedbackNow(isAsked, isDone));
    focusNext();
    focusNext = () => {};
  }

  // What was said to a right answer stays until the next one is typed.
  function feedbackNow(isAsked, isDone) {
    if (praise && (traits.typed !== "" || !traits.known.includes(praise.index))) praise = null;
    const said = judged(traits, question);
    answers.show(traits, isAsked ? said.state : "open");
    if (isAsked && said.state !== "open") return said;
    if (praise) return { ...praise.said, sentence: `${praise.said.sentence} ${isDone ? "" : `Next: ${question.place}.`}`.trim() };
    if (isAsked) return said;
    return { state: "open", sentence: isDone ? "Press Start over to begin anew." : "Press Next to go on.", notes: [] };
  }
  return { root, toggle: toggle.root, show };
}
