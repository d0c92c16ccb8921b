import assert from "node:assert/strict";
import { test } from "node:test";

import { judgeChoice, judgeNumber, readNumber } from "../../convbook/widgets/quiz/judging.js";
import { forget, keep, kept, progressText, quizPage, refreshAll, restored } from "../../convbook/widgets/quiz/progress.js";
import { codeParts, plainText } from "../../convbook/widgets/quiz/text.js";
import { feedbackOf, listed } from "../../convbook/widgets/quiz/verdict.js";

const options = ["one", "two", "three", "four"].map((text, i) => ({ text, explanation: `about ${text}`, right: i % 2 === 0 }));
const several = (chosen, checked = true) => ({ kind: "several", options, chosen, typed: "", checked });
const one = (chosen) => ({ ...several(chosen), kind: "one", options: options.slice(0, 2) });
const number = (typed) => ({
  kind: "number", options: [], answer: -4, tolerance: 0.5, explanation: "four less", wrong: [{ value: 4, explanation: "sign" }],
  chosen: [], typed, checked: true,
});

test("when a choice is judged then all right options and no other are right", () => {
  const right = [true, false, true];
  assert.deepEqual([[], [0, 2], [2, 0], [0], [0, 1, 2]].map((chosen) => judgeChoice(chosen, right)), [
    "empty", "right", "right", "wrong", "wrong",
  ]);
});

test("when a number is typed in the ways people do then it is read", () => {
  const read = (text) => readNumber(text)[0];
  assert.deepEqual(["3.5", "3,5", " −3,5 ", "– 3", "93 322", "1,234,567", ".5", "8e9"].map(read), [
    3.5, 3.5, -3.5, -3, 93322, 1234567, 0.5, 8e9,
  ]);
  assert.deepEqual(readNumber("93,322"), [93322, 93.322]);
  assert.deepEqual(["nine", "1.2.3", "3 4", "1e999", "", "0x10", "--1"].map(readNumber), Array(7).fill([]));
});

test("when a number is close then rounding is forgiven and the nearest slip is named", () => {
  assert.equal(judgeNumber("0.3", 0.1, 0.2).verdict, "right");
  assert.equal(judgeNumber("0.31", 0.1, 0.2).verdict, "wrong");
  assert.deepEqual(judgeNumber("93,322", 93.322), { verdict: "right", value: 93.322, slip: null });
  assert.deepEqual(judgeNumber("7.9", 1, 1, [6, 8, 9]), { verdict: "wrong", value: 7.9, slip: 1 });
});

test("when nothing is checked then the task is said and no answer", () => {
  assert.deepEqual(feedbackOf(several([0], false)), {
    state: "open", sentence: "Choose every right answer, then press Check.", notes: [],
  });
});

test("when one choice is wrong then only it is explained, and when right then all are", () => {
  assert.deepEqual(feedbackOf(one([1])), {
    state: "wrong", sentence: "Not right. Try again.", notes: [{ title: "B is wrong:", text: "about two", right: false }],
  });
  const { sentence, notes } = feedbackOf(one([0]));
  assert.equal(sentence, "Right: A.");
  assert.deepEqual(notes.map((note) => note.title), ["A is right:", "B is wrong:"]);
});

test("when several are chosen then the sentence tells wrong from missing", () => {
  const said = (chosen) => feedbackOf(several(chosen)).sentence;
  assert.equal(said([]), "Nothing is chosen yet. Choose every right answer, then press Check.");
  assert.equal(said([0]), "Not complete. What you chose is right, but something is missing. Try again.");
  assert.equal(said([1]), "Not right. Your choice is wrong, and something is missing. Try again.");
  assert.equal(said([0, 1]), "Not right. 1 of your 2 choices is wrong, and something is missing. Try again.");
  assert.equal(said([0, 1, 2, 3]), "Not right. 2 of your 4 choices are wrong. Try again.");
  assert.equal(said([0, 2]), "Right: A and C.");
  assert.deepEqual(feedbackOf(several([0, 2])).notes.map((note) => note.title[0]), ["A", "C", "B", "D"]);
});

test("when a number is judged then it is read back and its slip explained", () => {
  const said = (typed) => feedbackOf(number(typed));
  assert.equal(said("").sentence, "Nothing is typed yet. Type a number, then press Check.");
  assert.equal(said("four").sentence, "“four” is not a number. Type digits, such as 12 or −3.5.");
  assert.deepEqual([said("−4,2").sentence, said("−4,2").notes[0].text], ["Right: −4.2.", "four less"]);
  assert.deepEqual([said("4").sentence, said("4").notes[0].text], ["Not right: 4. Try again.", "sign"]);
  assert.deepEqual(said("10").notes, []);
});

test("when words stand between backticks then they are code, and a lone backtick stays", () => {
  assert.deepEqual(codeParts("set `a` or `b`."), [
    { text: "set ", code: false }, { text: "a", code: true }, { text: " or ", code: false },
    { text: "b", code: true }, { text: ".", code: false },
  ]);
  assert.deepEqual(codeParts("`a` and ` stay"), [{ text: "a", code: true }, { text: " and ` stay", code: false }]);
  assert.equal(plainText("is `a < b`?"), "is a < b?");
});

test("when words are listed then the last comes after and", () => {
  assert.deepEqual([listed([]), listed(["A"]), listed(["A", "B", "D"])], ["", "A", "A, B and D"]);
});

test("when options were reordered then a kept answer finds its own, and one that is gone is dropped", () => {
  const text = JSON.stringify({ chosen: ["three", "one"], typed: "" });
  assert.deepEqual(restored(text, several([])), { chosen: [0, 2], typed: "", checked: true });
  assert.deepEqual(restored(text, { kind: "several", options: [...options].reverse() }).chosen, [1, 3]);
  assert.equal(restored(text, one([])), null);
  assert.equal(restored(JSON.stringify({ chosen: ["one", "five"] }), several([])), null);
});

test("when what was kept is damaged then it is as if nothing was", () => {
  for (const text of [null, "", "{", "null", "7", '{"chosen":"one"}', '{"chosen":[]}', '{"typed":3}']) {
    assert.equal(restored(text, several([])), null, text);
    assert.equal(restored(text, number("")), null, text);
  }
  assert.deepEqual(restored('{"typed":"4"}', number("")), { chosen: [], typed: "4", checked: true });
});

test("when storage is refused then nothing is kept and nothing fails", (t) => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true, get() { throw new Error("SecurityError"); },
  });
  t.after(() => delete globalThis.localStorage);
  keep("key", several([0]));
  assert.equal(kept("key"), null);
  forget("key");
});

test("when a page holds several quizzes then each key counts once, and removed ones do not", () => {
  const page = { verdicts: new Map([["a", "right"], ["b", "wrong"], ["gone", "right"]]), views: new Set() };
  const view = (key, parentNode = {}) => ({ key: () => key, root: { parentNode }, refresh() { this.said = progressText(page, this); } });
  const views = [view("a"), view("a"), view("b"), view("c"), view("gone", null)];
  for (const one of views) page.views.add(one);
  refreshAll(page);
  assert.equal(views[0].said, "2 of 3 answered on this page, 1 right");
  assert.equal(page.views.size, 4);
  views[3].place = "another notebook";
  assert.equal(progressText(page, views[3]), "");
});

test("when modules are loaded twice then their quizzes still meet", async () => {
  const again = await import("../../convbook/widgets/quiz/progress.js?again");
  assert.notEqual(again.quizPage, quizPage);
  assert.equal(again.quizPage(), quizPage());
});
