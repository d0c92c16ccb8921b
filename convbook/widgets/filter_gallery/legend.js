/** The colour scale in numbers: blue, grey at zero, orange. */

import { element, setText } from "../shared/dom.js";
import { divergingColor } from "../shared/palette.js";
import { scaleLimit } from "./packing.js";
import { decimals, numberText } from "./words.js";

const STEPS = 127;

export function createLegend() {
  const bar = element("canvas", { class: "cvb-gallery-bar", role: "img", width: 2 * STEPS + 1, height: 1 });
  const [low, zero, high] = ["blue", "grey", "orange"].map((name) => element("span", { "data-name": name }));
  const numbers = element("div", { class: "cvb-gallery-ends" }, low, zero, high);
  const colours = element("p", { class: "cvb-note" }, "Colours as they are: red, green and blue from 0 to 1.");
  const root = element("div", { class: "cvb-gallery-legend" }, bar, numbers, colours);
  paintBar(bar);

  /** @param {{ groups: import("./packing.js").Group[], group: number, image: number, scale: "group" | "image" }} traits */
  function show({ groups, group, image, scale }) {
    const signed = groups[group].images[image].channels === 1;
    [bar.hidden, numbers.hidden, colours.hidden] = [!signed, !signed, signed];
    const limit = scaleLimit(groups[group], image, scale);
    const texts = [-limit, limit].map((end) => numberText(end, decimals(limit)));
    setText(low, `blue ${texts[0]}`);
    setText(zero, "grey 0");
    setText(high, `orange ${texts[1]}`);
    bar.setAttribute("aria-label", `Colour scale from blue, ${texts[0]}, over grey, 0, to orange, ${texts[1]}`);
  }
  return { root, show };
}

function paintBar(bar) {
  const context = bar.getContext("2d");
  const data = context.createImageData(bar.width, 1);
  for (let x = 0; x < bar.width; x += 1) data.data.set([...divergingColor(x - STEPS, STEPS), 255], 4 * x);
  context.putImageData(data, 0, 0);
}
