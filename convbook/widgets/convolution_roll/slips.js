/** What misconceptions would make of one output of the roll. No document here. */

import { slip, slipIf } from "../predicting/slips.js";
import { convolve1d, correlate1d, overlap } from "../shared/convolution1d.js";

/**
 * The likelier first.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("../predicting/slips.js").Slip[]}
 */
export function slipsOf({ x, w, mode, flip }, { laid, terms, sum, output, position, first }) {
  const products = terms.map(({ value, weight }) => value * weight);
  const cell = first + laid.length - 1;
  const turned = overlap(x, [...laid].reverse(), cell, mode === "periodic");
  const full = (flip ? convolve1d : correlate1d)(x, w, "full");
  const beside = [position + 1, position - 1].flatMap((at) => slipIf("place-off-by-one", () => output[at]));
  return [
    slip(flip ? "kernel-not-flipped" : "kernel-flipped", added(turned)),
    ...slipIf("copies-forgotten", () => (mode === "periodic" ? added(overlap(x, laid, cell)) : null)),
    ...slipIf("start-of-full", () => (mode === "same" || mode === "valid" ? full[position] : null)),
    slip("mean-not-sum", sum / products.length),
    ...beside,
    // Whoever types 0 has hardly multiplied the products.
    ...slipIf("product-not-sum", () => products.reduce((product, value) => product * value, 1) || null),
  ];
}

function added(terms) {
  return terms.reduce((sum, { value, weight }) => sum + value * weight, 0);
}
