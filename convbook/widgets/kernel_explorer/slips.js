/** What misconceptions would make of one output cell. No document here. */

import { slipIf } from "../predicting/slips.js";
import { flip, patch, weightedSum } from "../shared/convolution.js";
import { kernelReach } from "../shared/shapes.js";

// What the padding may be taken for, by what it holds.
const BORDERS = {
  constant: "border-filled-with-zeros",
  nearest: "border-repeats-edge",
  mirror: "border-mirrored",
  wrap: "border-wrapped",
};
const NEIGHBOURS = [[0, 1], [0, -1], [1, 0], [-1, 0]];

/**
 * The likelier first.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {import("../predicting/slips.js").Slip[]}
 */
export function slipsOf(traits, { row, column, weights, products, sum }) {
  const { flip: flipped, stride, padding, dilation, mode, kernel } = traits;
  const at = windowSums(traits, weights);
  const [top, left] = [stride * row - padding, stride * column - padding];
  const borders = Object.keys(BORDERS).filter((other) => other !== mode);
  const flat = products.flat();
  return [
    ...slipIf(flipped ? "kernel-not-flipped" : "kernel-flipped", () => at(top, left, { weights: flip(weights) })),
    ...slipIf("padding-forgotten", () => (padding > 0 ? at(stride * row, stride * column, { padding: 0 }) : null)),
    ...borders.flatMap((other) => slipIf(BORDERS[other], () => at(top, left, { mode: other }))),
    ...slipIf("stride-ignored", () => (stride > 1 ? at(row - padding, column - padding) : null)),
    ...slipIf("dilation-ignored", () => (dilation > 1 ? at(top, left, { dilation: 1 }) : null)),
    ...slipIf("mean-not-sum", () => sum / flat.length),
    ...NEIGHBOURS.flatMap(([down, right]) => slipIf("place-off-by-one", () => at(top + down, left + right))),
    ...slipIf("place-transposed", () => at(stride * column - padding, stride * row - padding)),
    ...slipIf("kernel-transposed", () => (isSquare(kernel) ? at(top, left, { weights: transposed(weights) }) : null)),
    // Whoever types 0 has hardly multiplied the products.
    ...slipIf("product-not-sum", () => flat.reduce((product, value) => product * value, 1) || null),
  ];
}

// The sum at a window's corner, counted from the image's own; null where it leaves the padding.
function windowSums({ image, padding: given, dilation: step, mode: border }, as) {
  return (top, left, { weights = as, padding = given, dilation = step, mode = border } = {}) => {
    const fits = (first, n, size) => first >= -padding && first + kernelReach(size, dilation) <= n + padding;
    if (!fits(top, image.length, weights.length) || !fits(left, image[0].length, weights[0].length)) return null;
    try {
      return weightedSum(patch(image, weights, top, left, { dilation, mode }), weights);
    } catch {
      return null; // an image too small to be mirrored or wrapped so far
    }
  };
}

function isSquare(kernel) {
  return kernel.length === kernel[0].length;
}

function transposed(kernel) {
  return kernel[0].map((_, n) => kernel.map((line) => line[n]));
}
