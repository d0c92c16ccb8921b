/** The output size rule with the numbers filled in, at once and step by step. No document here. */

import { equalsSign, formatNumber } from "../shared/words.js";

export const RULE = "⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1";

/**
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Axis} axis
 * @returns {string}
 * @example "⌊(7 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3"
 */
export function filledIn({ kernel_size, stride, padding, dilation }, { n, outputs }) {
  const inside = `${n} + 2·${padding} − ${dilation}·(${kernel_size} − 1) − 1`;
  return `⌊(${inside}) / ${stride}⌋ + 1${outputs > 0 ? ` = ${outputs}` : ": does not fit"}`;
}

/** @typedef {(traits: import("./state.js").Traits, axis: import("./state.js").Axis) => string} Numbers */

/**
 * One line a step: what it is, in symbols, and with the numbers of an axis.
 *
 * @type {{ name: string, symbols: string, numbers: Numbers }[]}
 */
export const STEPS = [
  {
    name: "Padded size",
    symbols: "n + 2p",
    numbers: ({ padding }, { n, padded }) => `${n} + 2·${padding} = ${padded}`,
  },
  {
    name: "Kernel reach",
    symbols: "d(k − 1) + 1",
    numbers: ({ dilation, kernel_size }, { reach }) => `${dilation}·(${kernel_size} − 1) + 1 = ${reach}`,
  },
  {
    name: "Room to move",
    symbols: "padded − reach",
    numbers: (_, { padded, reach, room }) => `${padded} − ${reach} = ${formatNumber(room)}`,
  },
  {
    name: "In strides",
    symbols: "room / s",
    numbers: whereItFits(({ stride }, { room }) => `${room} / ${stride} ${quotient(room / stride)}`),
  },
  {
    name: "Whole strides",
    symbols: "⌊room / s⌋",
    numbers: whereItFits(({ stride }, { room, outputs }) => `⌊${formatNumber(room / stride, 3)}⌋ = ${outputs - 1}`),
  },
  {
    name: "Left over",
    symbols: "room − s·strides",
    numbers: whereItFits(({ stride }, { room, outputs, left }) => `${room} − ${stride}·${outputs - 1} = ${left}`),
  },
  {
    name: "Output size",
    symbols: "strides + 1",
    numbers: (_, { outputs }) => (outputs > 0 ? `${outputs - 1} + 1 = ${outputs}` : "does not fit"),
  },
];

function whereItFits(numbers) {
  return (traits, axis) => (axis.outputs > 0 ? numbers(traits, axis) : "–");
}

function quotient(value) {
  return `${equalsSign(value, 3)} ${formatNumber(value, 3)}`;
}
