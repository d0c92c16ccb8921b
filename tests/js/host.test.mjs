import assert from "node:assert/strict";
import { test } from "node:test";

import { createModel, oncePerKey, readStates } from "../../convbook/widgets/shared/host_model.js";

test("when a value changes then its listeners and those of any change hear it", () => {
  const model = createModel({ row: 0 });
  const heard = [];
  model.on("change:row", (_model, value) => heard.push(value));
  model.on("change", () => heard.push("any"));
  model.set("row", 2);
  assert.deepEqual([model.get("row"), heard], [2, [2, "any"]]);
});

test("when an equal value is set then nobody hears it", () => {
  const model = createModel({ kernel: [[1, 2]] });
  model.on("change:kernel", () => assert.fail("nothing changed"));
  model.set("kernel", [[1, 2]]);
});

test("when several values are set at once then each listener sees them all", () => {
  const model = createModel({ row: 0, column: 0 });
  model.on("change:row", () => assert.equal(model.get("column"), 5));
  model.set({ row: 1, column: 5 });
});

test("when a listener is taken off then only it falls silent", () => {
  const model = createModel({ row: 0 });
  const heard = [];
  const [first, second] = ["first", "second"].map((name) => () => heard.push(name));
  model.on("change:row", first);
  model.on("change:row", second);
  model.off("change:row", first);
  model.set("row", 1);
  model.off();
  model.set("row", 2);
  assert.deepEqual(heard, ["second"]);
});

test("when a model is made then the page's own state is not changed", () => {
  const state = { row: 0 };
  createModel(state).set("row", 4);
  assert.equal(state.row, 0);
});

test("when a page holds several state scripts then all their models are found", () => {
  const text = (id) => JSON.stringify({ version_major: 2, state: { [id]: { state: { id } } } });
  const states = readStates([text("a"), text("b"), "{}"]);
  assert.deepEqual([...states.entries()], [["a", { id: "a" }], ["b", { id: "b" }]]);
});

test("when a key comes again then nothing is made again", () => {
  let made = 0;
  const once = oncePerKey(() => (made += 1));
  assert.deepEqual([once("a"), once("a"), once("b")], [1, 1, 2]);
});
