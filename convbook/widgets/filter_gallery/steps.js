/** Frames over time: a slider and two buttons. Nothing plays by itself. */

import { button, setUnavailable } from "../shared/controls.js";
import { element, labelled } from "../shared/dom.js";

/** @param {(changes: object) => void} send */
export function createSteps(send) {
  let at = 0, count = 1;
  const step = (by) => () => {
    if (at + by >= 0 && at + by < count) send({ image: at + by });
  };
  const [back, next] = [button("← Back", step(-1)), button("Step →", step(1))];
  next.classList.add("cvb-primary");
  const slider = element("input", { type: "range", min: 1, step: 1 });
  slider.addEventListener("input", () => send({ image: Number(slider.value) - 1 }));
  const root = element(
    "div", { class: "cvb-gallery-steps", role: "group", "aria-label": "Frames" }, labelled("Frame", slider), back, next,
  );

  /** @param {{ groups: import("./packing.js").Group[], group: number, image: number }} traits */
  function show({ groups, group, image }) {
    const { kind, images } = groups[group];
    [at, count] = [image, images.length];
    root.hidden = kind !== "frames";
    slider.max = String(count);
    slider.value = String(at + 1);
    slider.setAttribute("aria-valuetext", images[at].label);
    setUnavailable(back, at === 0);
    setUnavailable(next, at === count - 1);
  }
  return { root, show };
}
