/** The shape calculator's settings, and the padding that keeps the size. */

import { button, setUnavailable } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { wholeNumber } from "../shared/number_field.js";
import { sameSize } from "./words.js";
import LIMITS from "./limits.json" with { type: "json" };

const LABELS = {
  height: "Height",
  width: "Width",
  kernel_size: "Kernel size k",
  stride: "Stride s",
  padding: "Padding p",
  dilation: "Dilation d",
};

/**
 * @param {{ send: (changes: object) => void, say: (sentence: string) => void }} options
 */
export function createSettings({ send, say }) {
  const fields = Object.entries(LABELS).map(([name, label]) => [
    name,
    wholeNumber(label, LIMITS[name], (value) => send({ [name]: value })),
  ]);
  const same = createSame({ send, say });
  const root = element(
    "div",
    { class: "cvb-settings cvb-shape-settings", role: "group", "aria-label": "Settings" },
    ...fields.map(([, field]) => field.root),
    same.root,
  );

  /** @param {import("./state.js").Traits} traits */
  function show(traits) {
    for (const [name, field] of fields) field.show(traits[name]);
    same.show(traits);
  }
  return { root, show };
}

function createSame({ send, say }) {
  let traits;
  const press = button("Same size", () => {
    const { padding, problem } = sameSize(traits);
    if (problem) say(`Padding stays ${traits.padding}. ${problem}.`);
    else if (padding === traits.padding) say(`Padding ${padding} keeps the size already.`);
    else send({ padding });
  });
  const note = element("span", { class: "cvb-note" });
  const root = element("div", { class: "cvb-shape-same" }, press, note);

  function show(newTraits) {
    traits = newTraits;
    const { padding, problem } = sameSize(traits);
    setUnavailable(press, problem !== undefined);
    setText(note, problem ? `${problem}.` : `Sets padding d(k − 1)/2 = ${padding}.`);
  }
  return { root, show };
}
