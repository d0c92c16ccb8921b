import assert from "node:assert/strict";
import { test } from "node:test";

import { askingAnew, asksFor, judged, nextAsked, questionText } from "../../convbook/widgets/predicting/asking.js";
import { keptKnown, keyOf } from "../../convbook/widgets/predicting/keeping.js";
import { slip, slipIf } from "../../convbook/widgets/predicting/slips.js";

const question = (changes) => ({
  index: 1, count: 4, place: "output 2", answer: 36, explanation: "it is", slips: () => [slip("kernel-flipped", -36)], ...changes,
});
const typed = (text, changes) => judged({ predict: true, known: [], typed: text, checked: true }, question(changes));

test("when a number is judged then it is right, a named slip, another wrong one, or none", () => {
  assert.deepEqual(["36", "36.0", "−36", "7", " ", "many"].map((text) => typed(text).state), [
    "right", "right", "wrong", "wrong", "empty", "unreadable",
  ]);
  assert.match(typed("-36").notes[0].text, /^You flipped the kernel/);
  assert.deepEqual(typed("7").notes, []);
});

test("when nothing is checked then nothing is said of the answer and no slip is computed", () => {
  const open = judged({ typed: "36", checked: false }, question({ slips: () => assert.fail() }));
  assert.deepEqual([open.state, open.notes], ["open", []]);
});

test("when the answer has many decimals then two are enough and one is not", () => {
  const answer = { answer: -1 / 9, slips: () => [] };
  assert.deepEqual(["-0.11", "−0.111", "-0.1", "0.11"].map((text) => typed(text, answer).state), ["right", "right", "wrong", "wrong"]);
  assert.equal(typed("36.004").state, "wrong");
});

test("when a slip has many decimals then its rounded number is recognised too", () => {
  const slips = { slips: () => [slip("mean-not-sum", 164 / 9)] };
  assert.deepEqual(["18.22", "18.222222", "18.2"].map((text) => typed(text, slips).notes.length), [1, 1, 0]);
});

test("when a slip gives the right number then the answer is right", () => {
  assert.equal(typed("36", { slips: () => [slip("mean-not-sum", 36)] }).state, "right");
});

test("when outputs are known then the next unknown one is asked, from the start again after the last", () => {
  assert.deepEqual([[[], 0], [[1], 0], [[1, 3], 2], [[0, 2, 3], 3], [[0, 1, 2, 3], 1]].map(([known, at]) => nextAsked(known, at, 4)), [1, 2, 0, 1, null]);
});

test("when a prediction is off or the output is known then nothing is asked", () => {
  assert.deepEqual([[true, []], [true, [1]], [false, []]].map(([predict, known]) => asksFor({ predict, known }, 1)), [true, false, false]);
});

test("when the heading is read then it asks, or says what is known", () => {
  const said = (known, changes) => questionText({ known }, question(changes));
  assert.equal(said([], { given: "The draw is 0.5." }), "What is output 2? The draw is 0.5.");
  assert.equal(said([1]), "Output 2 is 36.");
  assert.equal(said([0, 1, 2, 3]), "All 4 outputs are found.");
});

test("when a change makes other outputs then all is forgotten, when it chooses one then only the answer", () => {
  const complete = askingAnew(["w"], ["row"], (changes) => changes);
  const traits = { w: [1], row: 0, known: [0], typed: "3", checked: true };
  assert.deepEqual(complete({ w: [2] }, traits), { w: [2], known: [], typed: "", checked: false });
  assert.deepEqual(complete({ w: [1] }, traits), { w: [1] });
  assert.deepEqual(complete({ row: 1 }, traits), { row: 1, typed: "", checked: false });
  assert.deepEqual(complete({ row: 1, known: [0, 1] }, traits).known, [0, 1]);
});

test("when a misconception has no sentence then it is refused, and where it gives no number then left out", () => {
  assert.throws(() => slip("no-such", 1), /name \(='no-such'\) must be one in misconceptions.json: add it there/);
  assert.deepEqual([null, undefined, NaN, Infinity].flatMap((value) => slipIf("mean-not-sum", () => value)), []);
});

test("when settings differ then they are remembered apart", () => {
  assert.equal(keyOf("roll", { w: [1, 2] }), keyOf("roll", { w: [1, 2] }));
  assert.notEqual(keyOf("roll", { w: [1, 2] }), keyOf("roll", { w: [2, 1] }));
});

test("when the browser keeps what is no list of outputs then it is left out", () => {
  const stored = { text: "" };
  globalThis.localStorage = { getItem: () => stored.text };
  const kept = (text) => ((stored.text = text), keptKnown("any", 4));
  assert.deepEqual(["[2,0,2]", "[4,-1,1.5,3]", "{}", "nonsense", "null"].map(kept), [[0, 2], [3], [], [], []]);
});
