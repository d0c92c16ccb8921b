/** Quiz: one question, and an explanation as soon as it is answered. */

import { courseWidget } from "../shared/binding.js";
import { button, setUnavailable } from "../shared/controls.js";
import { coalesced, element, setText } from "../shared/dom.js";
import { createAnswers } from "./answers.js";
import { createFeedback } from "./feedback.js";
import { forget, keep, kept, progressText, quizPage, refreshAll, restored } from "./progress.js";
import { plainText, richText } from "./text.js";
import { feedbackOf, TRAITS } from "./verdict.js";

// Its own button forgets the kept answer too.
export default courseWidget(TRAITS, createQuiz, (changes) => changes, { again: false });

function createQuiz(send, model) {
  restore(send, model);
  const page = quizPage();
  const legend = element("legend", { class: "cvb-quiz-question" });
  const fields = element("fieldset", { class: "cvb-quiz-fields" }, legend);
  const check = button("Check", onCheck);
  check.classList.add("cvb-primary");
  const restart = button("Start over", startOver);
  const progress = element("p", { class: "cvb-quiz-progress cvb-note" });
  const steps = element("div", { class: "cvb-quiz-steps" }, check, restart, progress);
  // No form: a page in a frame that may not send one would stay silent.
  const form = element("div", { class: "cvb-quiz-form", onkeydown }, fields, steps);
  const feedback = createFeedback();
  const root = element("section", { class: "cvb cvb-quiz" }, form, feedback.root);
  let traits, answers, shownContent;

  function onCheck() {
    send({ checked: true });
    if (["empty", "unreadable"].includes(feedbackOf({ ...traits, checked: true }).state)) answers.focus();
  }

  function onkeydown(event) {
    if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) onCheck();
  }

  function startOver() {
    send({ chosen: [], typed: "", checked: false });
    page.verdicts.delete(traits.key);
    forget(traits.key);
    refreshAll(page);
  }

  function show(newTraits) {
    traits = newTraits;
    build();
    const said = feedbackOf(traits);
    answers.show(traits, said.state);
    feedback.show(said);
    setUnavailable(restart, said.state === "open" && traits.chosen.length === 0 && traits.typed === "");
    if (said.state === "right" || said.state === "wrong") record(page, traits, said.state);
  }

  // The question hardly ever changes; what is typed and chosen does.
  function build() {
    const { question, kind, options } = traits;
    const content = JSON.stringify([question, kind, options]);
    if (content === shownContent) return;
    shownContent = content;
    answers = createAnswers(traits, send);
    legend.replaceChildren(...richText(question));
    fields.replaceChildren(legend, answers.root);
    root.setAttribute("aria-label", `Quiz: ${plainText(question)}`);
  }

  joinPage(page, { root, key: () => traits.key, refresh() { setText(progress, progressText(page, this)); } });
  return { root, show };
}

// An answer given by Python, or by an earlier view, stays.
function restore(send, model) {
  const traits = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  if (traits.checked || traits.chosen.length > 0 || traits.typed !== "") return;
  const changes = restored(kept(traits.key), traits);
  if (changes) send(changes);
}

function record(page, traits, verdict) {
  keep(traits.key, traits);
  if (page.verdicts.get(traits.key) === verdict) return;
  page.verdicts.set(traits.key, verdict);
  refreshAll(page);
}

// The host puts the root on the page once it is made, so its place is known only after that.
function joinPage(page, view) {
  coalesced(() => {
    page.views.add(view);
    refreshAll(page);
  })();
}
