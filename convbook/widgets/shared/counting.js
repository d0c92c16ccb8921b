/** Counting a network layer by layer. The same meaning as convbook/arithmetic/counting.py. */

import { CHANNELS, details, place, readLayer, said, SIDE } from "./layer_kinds.js";
import { operate, product } from "./layer_operations.js";
import { grown, ITSELF, windowsOf } from "./layer_windows.js";
import { thousands } from "./words.js";

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
 * @property {number} activations elements of its maps: of its output and, inside a block, of what its
 *   convolutions, normalisations and pooling make
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
// From here on floating-point numbers skip whole numbers.
const MOST_EXACT = 2 ** 53;

/** A layer that cannot be: the message says which and why. */
export class LayerError extends RangeError {
  /**
   * @param {number} number the layer's place, from 1
   * @param {Layer} layer
   * @param {string} reason the value, the rule and the fix
   * @param {NetworkCount} counted the layers before it
   */
  constructor(number, layer, reason, counted) {
    super(`${place(number, layer)}: ${reason}`);
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
  let fields = [ITSELF, ITSELF];
  for (const [index, layer] of layers.entries()) {
    try {
      const clean = readLayer(layer);
      const made = operate(counted.outputShape, clean);
      fields = made.seesAll ? null : after(fields, clean, counted.outputShape);
      const longer = network(inputShape, [...counted.rows, layerCount(index + 1, clean, made, fields)]);
      requireExact(longer);
      counted = longer;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new LayerError(index + 1, layer, error.message, counted);
    }
  }
  return counted;
}

function layerCount(number, layer, { shape, parameters, macs, inner }, fields) {
  const activations = product(shape) + inner;
  return {
    number,
    kind: layer.kind,
    details: details(layer),
    outputShape: shape,
    parameters,
    macs,
    activations,
    activationBytes: FLOAT32_BYTES * activations,
    receptiveField: fields && fields.map(({ size }) => size),
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

function after(fields, layer, shape) {
  if (!fields) return null;
  const windows = windowsOf(layer, shape.length === 3 ? [shape[1], shape[2]] : null);
  return windows.reduce((both, window) => both.map((field, at) => grown(field, window[at])), fields);
}

function requireInputShape(shape) {
  const rules = [CHANNELS, SIDE, SIDE];
  const isRight = (size, { least, most }) => Number.isInteger(size) && size >= least && size <= most;
  if (Array.isArray(shape) && shape.length === 3 && shape.every((size, at) => isRight(size, rules[at]))) return;
  throw new RangeError(
    `input_shape (=${said(shape)}) must be three whole numbers [C, H, W]: C from ${CHANNELS.least} to ` +
      `${thousands(CHANNELS.most)}, H and W from ${SIDE.least} to ${thousands(SIDE.most)}`,
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
