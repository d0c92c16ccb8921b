/** What each kind of layer does to a shape, and what it costs: as convbook/arithmetic/layer_operations.py. */

import { filled, pair, refusal } from "./layer_kinds.js";
import { placesOf, windowsOf } from "./layer_windows.js";

/** @typedef {import("./layer_kinds.js").Layer} Layer */
/** @typedef {number[]} Shape (C, H, W), or (features) from flatten on */

/**
 * @typedef {object} Made what a layer makes of its input, and at what cost
 * @property {Shape} shape of the output
 * @property {number} parameters
 * @property {number} macs multiply-accumulates
 * @property {boolean} seesAll whether each output depends on the whole input
 * @property {number} inner elements of the maps inside a block, less its output: what its convolutions,
 *   normalisations and pooling make; activations, the sum of a shortcut and the joining of paths work in place
 */

/**
 * What a layer makes of an input of this shape.
 *
 * @param {Shape} shape
 * @param {Layer} layer as `readLayer` returns it
 * @returns {Made}
 * @throws {RangeError} the layer cannot follow an input of this shape
 * @example operate([3, 32, 32], { kind: "max_pool", kernel_size: 2 }).shape // [3, 16, 16]
 */
export function operate(shape, layer) {
  requireInput(shape, layer.kind);
  return OPERATIONS[layer.kind](shape, filled(layer));
}

/**
 * @param {number[]} values
 * @returns {number}
 */
export function product(values) {
  return values.reduce((all, value) => all * value, 1);
}

/** @param {Shape} shape @returns {string} as Python writes a tuple */
function tuple(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** @type {(shape: Shape, more?: Partial<Made>) => Made} */
function made(shape, more = {}) {
  return { shape, parameters: 0, macs: 0, seesAll: false, inner: 0, ...more };
}

function requireInput(shape, kind) {
  const why = refusal(kind, shape.length === 3);
  if (why) throw new RangeError(`its input has shape ${tuple(shape)}, but ${why}`);
}

// How many rows and columns of places the layer's windows have.
function positionsOf(shape, full) {
  return windowsOf(full).reduce((sides, windows) => windows.map((window, at) => placesOf(window, sides[at])), shape.slice(1));
}

function conv(shape, full) {
  const [channels] = shape;
  const { out_channels: filters, groups } = full;
  if (channels % groups || filters % groups) {
    throw new RangeError(
      `groups (=${groups}) must divide in_channels (=${channels}) and out_channels (=${filters}): ` +
        "use 1, or change the channels",
    );
  }
  const positions = positionsOf(shape, full);
  const weights = (channels / groups) * product(pair(full.kernel_size)) * filters;
  const parameters = weights + (full.bias ? filters : 0);
  return made([filters, ...positions], { parameters, macs: weights * product(positions) });
}

function pool(shape, full) {
  return made([shape[0], ...positionsOf(shape, full)]);
}

function globalAvgPool([channels]) {
  return made([channels, 1, 1]);
}

function elementwise(shape) {
  return made(shape);
}

function batchNorm(shape) {
  return made(shape, { parameters: 2 * shape[0] });
}

function flatten(shape) {
  return made([product(shape)]);
}

function dense(shape, { out_features: features, bias }) {
  const weights = shape[0] * features;
  return made([features], { parameters: weights + (bias ? features : 0), macs: weights, seesAll: true });
}

function softmax(shape) {
  return made(shape, { seesAll: shape.length === 1 });
}

// A convolution that keeps the size at stride 1: a part of a block.
function plain(shape, channels, size, { stride = 1, bias = true } = {}) {
  const layer = { kind: "conv", out_channels: channels, kernel_size: size, stride, bias };
  return conv(shape, filled({ ...layer, padding: Math.floor(size / 2) }));
}

// Two 3×3 convolutions and a shortcut (He et al., 2016, fig. 2, option B).
function residual(shape, full) {
  const { out_channels: channels, stride } = full;
  const first = plain(shape, channels, 3, { stride, bias: false });
  const second = plain(first.shape, channels, 3, { bias: false });
  const convolutions = [first, second];
  if (stride > 1 || channels !== shape[0]) {
    convolutions.push(plain(shape, channels, 1, { stride, bias: false }));
  }
  return made(second.shape, {
    parameters: total(convolutions, "parameters") + convolutions.length * 2 * channels,
    macs: total(convolutions, "macs"),
    // A convolution and its normalisation make a map each; the last of them is the output.
    inner: (2 * convolutions.length - 1) * product(second.shape),
  });
}

// Four paths, joined by channels (Szegedy et al., 2015, fig. 2b).
function inception(shape, full) {
  const reduce3x3 = plain(shape, full.reduce3x3, 1);
  const reduce5x5 = plain(shape, full.reduce5x5, 1);
  const ends = [
    plain(shape, full.conv1x1, 1),
    plain(reduce3x3.shape, full.conv3x3, 3),
    plain(reduce5x5.shape, full.conv5x5, 5),
    plain(shape, full.pool_projection, 1),
  ];
  const parts = [reduce3x3, reduce5x5, ...ends];
  const channels = ends.reduce((sum, end) => sum + end.shape[0], 0);
  return made([channels, ...shape.slice(1)], {
    parameters: total(parts, "parameters"),
    macs: total(parts, "macs"),
    // The pooling keeps its input's shape.
    inner: product(reduce3x3.shape) + product(reduce5x5.shape) + product(shape),
  });
}

function total(parts, name) {
  return parts.reduce((sum, part) => sum + part[name], 0);
}

const OPERATIONS = {
  conv,
  max_pool: pool,
  avg_pool: pool,
  global_avg_pool: globalAvgPool,
  relu: elementwise,
  sigmoid: elementwise,
  tanh: elementwise,
  batch_norm: batchNorm,
  local_response_norm: elementwise,
  dropout: elementwise,
  flatten,
  dense,
  softmax,
  residual,
  inception,
};
