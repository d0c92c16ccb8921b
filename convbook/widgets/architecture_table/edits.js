/** What a person can do to a stack of layers. Each edit is a pure function; none needs the page. */

import { defaultValue, KINDS, mustBeGiven } from "../shared/layer_kinds.js";
import { clamp } from "../shared/numbers.js";
import LIMITS from "./limits.json" with { type: "json" };

/** @typedef {import("../shared/layer_kinds.js").Layer} Layer */
/** @typedef {{ layers: Layer[], selected: number }} Stack */

/** More would not be a table any more. */
export const MOST_LAYERS = LIMITS.layers.most;

// What a new layer has where its kind has no default.
const START = {
  out_channels: 32,
  kernel_size: 3,
  out_features: 64,
  conv1x1: 64,
  reduce3x3: 96,
  conv3x3: 128,
  reduce5x5: 16,
  conv5x5: 32,
  pool_projection: 32,
};

/**
 * A layer of a kind, with what it can keep of another layer's fields.
 *
 * @param {string} kind
 * @param {Record<string, any>} [from]
 * @returns {Layer}
 * @example newLayer("max_pool") // { kind: "max_pool", kernel_size: 2 }
 */
export function newLayer(kind, from = {}) {
  const start = kind.endsWith("_pool") ? { ...START, kernel_size: 2 } : START;
  const fields = Object.entries(KINDS[kind]).filter(([name, field]) => name in from || mustBeGiven(field));
  const value = ([name, field]) => [name, name in from ? fitting(field, from[name]) : start[name]];
  return { kind, ...Object.fromEntries(fields.map(value)) };
}

/**
 * A new layer below the selected one.
 *
 * @param {Stack} stack
 * @param {string} kind
 * @returns {Stack | null} null where no more fit
 */
export function addLayer({ layers, selected }, kind) {
  if (layers.length >= MOST_LAYERS) return null;
  return { layers: layers.toSpliced(selected + 1, 0, newLayer(kind)), selected: selected + 1 };
}

/**
 * Without the selected layer; the one that takes its place is selected.
 *
 * @param {Stack} stack
 * @returns {Stack | null} null for the only layer
 */
export function removeLayer({ layers, selected }) {
  if (layers.length === 1) return null;
  const left = layers.toSpliced(selected, 1);
  return { layers: left, selected: clamp(selected, 0, left.length - 1) };
}

/**
 * The selected layer, moved.
 *
 * @param {Stack} stack
 * @param {-1 | 1} by up or down
 * @returns {Stack | null} null at the end
 */
export function moveLayer({ layers, selected }, by) {
  const place = selected + by;
  if (place < 0 || place >= layers.length) return null;
  return { layers: layers.toSpliced(selected, 1).toSpliced(place, 0, layers[selected]), selected: place };
}

/**
 * The selected layer as another kind.
 *
 * @param {Stack} stack
 * @param {string} kind
 * @returns {Stack}
 */
export function changeKind({ layers, selected }, kind) {
  return { layers: layers.with(selected, newLayer(kind, layers[selected])), selected };
}

/**
 * One field of the selected layer. What is at its default is left out, as in a preset.
 *
 * @param {Stack} stack
 * @param {string} name
 * @param {any} value
 * @returns {Stack}
 */
export function changeField({ layers, selected }, name, value) {
  const layer = { ...layers[selected], [name]: value };
  const field = KINDS[layer.kind][name];
  if (!mustBeGiven(field) && JSON.stringify(value) === JSON.stringify(defaultValue(field, layer))) delete layer[name];
  return { layers: layers.with(selected, layer), selected };
}

// Where one number stands for rows and columns, the rows' is kept.
function fitting(field, value) {
  return Array.isArray(value) && !field.pair ? value[0] : value;
}
