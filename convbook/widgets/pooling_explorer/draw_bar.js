/** Stochastic pooling's draw: a bar from 0 to 1, split by probability, and where the draw falls. */

import { element, setText } from "../shared/dom.js";
import { formatNumber } from "../shared/words.js";

export function createDrawBar() {
  const bar = element("div", { class: "cvb-pool-bar", role: "img" });
  const pointer = element("div", { class: "cvb-pool-pointer", "aria-hidden": "true" });
  const drawn = element("span", {});
  pointer.append(drawn);
  const ends = element(
    "div", { class: "cvb-pool-ends cvb-note", "aria-hidden": "true" }, element("span", {}, "0"), element("span", {}, "1"),
  );
  const root = element("div", { class: "cvb-pool-drawing" }, pointer, bar, ends);

  /** @param {import("./arithmetic.js").Work} work */
  function show(work) {
    root.hidden = work.draw === null;
    if (root.hidden) return;
    root.style.setProperty("--cvb-pool-draw", String(work.draw));
    root.classList.toggle("cvb-pool-late", work.draw > 0.5);
    setText(drawn, `draw ${formatNumber(work.draw)}`);
    bar.setAttribute("aria-label", barLabel(work));
    bar.replaceChildren(...parts(work));
  }
  return { root, show };
}

/**
 * @param {import("./arithmetic.js").Work} work
 * @returns {string}
 */
export function barLabel({ draw, hit, window, factors }) {
  if (hit < 0) return "A bar from 0 to 1: no cell is positive, none can be drawn";
  const before = factors.flat().slice(0, hit).reduce((sum, share) => sum + share, 0);
  const share = `from ${formatNumber(before)} to ${formatNumber(before + factors.flat()[hit])}`;
  return `A bar from 0 to 1, split by probability: the draw ${formatNumber(draw)} lies in the part of ${formatNumber(window.flat()[hit])}, ${share}`;
}

function parts({ window, factors, hit }) {
  const values = window.flat();
  return factors.flat().flatMap((share, i) => {
    if (share === 0) return [];
    const part = element("span", { class: i === hit ? "cvb-pool-part cvb-pool-hit" : "cvb-pool-part" });
    part.style.setProperty("--cvb-pool-share", String(share));
    // A number that its part cannot hold is left to the grids above.
    if (share >= 0.08) part.append(formatNumber(values[i]));
    return [part];
  });
}
