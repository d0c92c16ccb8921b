/** Counting a network layer by layer. The same meaning as convbook/arithmetic/counting.py. */

import { details, isKind, readLayer, said, thousands } from "./layer_kinds.js";
import { operate, product } from "./layer_operations.js";

/** @typedef {import("./layer_kinds.js").Layer} Layer */
/** @typedef {import("./layer_operations.js").Shape} Shape */

/**
 * @typedef {object} LayerCount what one layer makes and costs, for one input
 * @property {number} number its place, from 1
 * @property {string} kind
 * @property {string} details its numbers in words
 * @property {Shape} outputShape
 * @property {number} parameters learned numbers, biases included
 * @property {number} macs multiply-accumulates of convolutions and dense layers
 * @property {number} activations elements of the output
 * @property {number} activationBytes in float32
 * @property {[number, number] | null} receptiveField rows and columns of the input, padding
 *   included, that one output depends on; null where it depends on every output of the layer before
 */

/**
 * @typedef {object} NetworkCount
 * @property {Shape} inputShape
 * @property {LayerCount[]} rows one count per layer
 * @property {Shape} outputShape
 * @property {number} parameters
 * @property {number} macs
 * @property {number} activations
 * @property {number} activationBytes
 */

export const FLOAT32_BYTES = 4;
export const MOST_CHANNELS = 65536;
export const MOST_SIDE = 4096;
// From here on floating-point numbers skip whole numbers.
const MOST_EXACT = 2 ** 53;

/** A layer that cannot be: the message says which and why. */
export class LayerError extends RangeError {
  /**
   * @param {number} number the layer's place, from 1
   * @param {string} kind empty where it is unknown
   * @param {string} reason the value, the rule and the fix
   * @param {NetworkCount} counted the layers before it
   */
  constructor(number, kind, reason, counted) {
    super(`layer ${number}${kind ? ` (${kind})` : ""}: ${reason}`);
    this.name = "LayerError";
    this.number = number;
    this.counted = counted;
  }
}

/**
 * Counts every layer of a network for one input.
 *
 * @param {Layer[]} layers
 * @param {Shape} inputShape (C, H, W)
 * @returns {NetworkCount}
 * @throws {RangeError} the input shape is not three whole numbers in range
 * @throws {LayerError} a layer's fields are wrong, or it cannot follow the ones before it
 * @example count([{ kind: "conv", out_channels: 32, kernel_size: 3 }], [1, 28, 28]).parameters // 320
 */
export function count(layers, inputShape) {
  requireInputShape(inputShape);
  let counted = network(inputShape, []);
  let reach = { size: [1, 1], jump: [1, 1] };
  for (const [index, layer] of layers.entries()) {
    try {
      const clean = readLayer(layer);
      const made = operate(counted.outputShape, clean);
      reach = after(reach, made);
      const longer = network(inputShape, [...counted.rows, layerCount(index + 1, clean, made, reach)]);
      requireExact(longer);
      counted = longer;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LayerError(index + 1, isKind(layer.kind) ? layer.kind : "", error.message, counted);
    }
  }
  return counted;
}

function layerCount(number, layer, { shape, parameters, macs }, reach) {
  const activations = product(shape);
  return {
    number,
    kind: layer.kind,
    details: details(layer),
    outputShape: shape,
    parameters,
    macs,
    activations,
    activationBytes: FLOAT32_BYTES * activations,
    receptiveField: reach && reach.size,
  };
}

function network(inputShape, rows) {
  const names = ["parameters", "macs", "activations", "activationBytes"];
  const totals = Object.fromEntries(names.map((name) => [name, total(rows, name)]));
  return { inputShape, rows, outputShape: rows.at(-1)?.outputShape ?? inputShape, ...totals };
}

function total(rows, name) {
  return rows.reduce((sum, row) => sum + row[name], 0);
}

// Follows the receptive field (Araujo, Norris and Sim, 2019).
function after(reach, { windows, seesAll }) {
  if (!reach || seesAll) return null;
  return windows.reduce(
    ({ size, jump }, [window, stride]) => ({
      size: size.map((cells, at) => cells + (window[at] - 1) * jump[at]),
      jump: jump.map((cells, at) => cells * stride[at]),
    }),
    reach,
  );
}

function requireInputShape(shape) {
  const whole = Array.isArray(shape) && shape.length === 3 && shape.every((size) => Number.isInteger(size) && size >= 1);
  if (whole && shape[0] <= MOST_CHANNELS && shape[1] <= MOST_SIDE && shape[2] <= MOST_SIDE) return;
  throw new RangeError(
    `input_shape (=${said(shape)}) must be three whole numbers [C, H, W]: C from 1 to ` +
      `${thousands(MOST_CHANNELS)}, H and W from 1 to ${thousands(MOST_SIDE)}`,
  );
}

function requireExact({ rows, macs, activationBytes }) {
  const reach = Math.max(...(rows.at(-1).receptiveField ?? [0]));
  const numbers = { "multiply-accumulates": macs, "bytes of activations": activationBytes, "cells of receptive field": reach };
  for (const [what, number] of Object.entries(numbers)) {
    if (number < MOST_EXACT) continue;
    throw new RangeError(
      `${thousands(MOST_EXACT)} ${what} or more are past what is counted exactly: ` +
        "use fewer channels, a smaller input or less stride",
    );
  }
}
