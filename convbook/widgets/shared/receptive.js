/** Receptive fields: what one neuron depends on. The same rules as convbook/arithmetic/receptive.py. */

import { clamp, range } from "./numbers.js";
import { kernelReach, outputSize, requireAtLeast } from "./shapes.js";

const LEAST = { kernel_size: 1, stride: 1, padding: 0, dilation: 1 };
const NAMES = ["kind", ...Object.keys(LEAST)];

/**
 * @typedef {object} Layer
 * @property {"conv" | "pool"} kind
 * @property {number} kernel_size
 * @property {number} [stride] 1, and for pooling its kernel size, unless given
 * @property {number} [padding] per side; 0 unless given
 * @property {number} [dilation] 1 unless given
 */

/**
 * @typedef {object} Field of a level's neurons, in input cells
 * @property {number} size from the first to the last cell
 * @property {number} jump from a neuron's field to its neighbour's
 * @property {number} start the middle of the first neuron's field
 */

/**
 * @typedef {object} Span what one neuron depends on in one level
 * @property {number} first of its field; below 0 where the field passes the border
 * @property {number} last included
 * @property {number[]} cells the real cells, ascending; there may be holes between them
 * @property {number[]} padding the cells past the border that the next layer pads here for it
 */

/**
 * The layers with every setting filled in.
 *
 * @param {Layer[]} layers
 * @returns {Required<Layer>[]}
 * @throws {RangeError} a setting is unknown, missing or out of its range
 */
export function checkedLayers(layers) {
  return layers.map((layer, i) => checked(i + 1, layer));
}

/**
 * Size, jump and start after each layer: r ← r + (k − 1)·d·j, start ← start + (d(k − 1)/2 − p)·j,
 * then j ← j·s (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural
 * Networks", Distill 2019).
 *
 * @param {Layer[]} layers
 * @returns {Field[]}
 */
export function receptiveField(layers) {
  let field = { size: 1, jump: 1, start: 0 };
  return checkedLayers(layers).map(({ kernel_size, stride, padding, dilation }) => {
    const { size, jump, start } = field;
    const reach = dilation * (kernel_size - 1);
    field = { size: size + reach * jump, jump: jump * stride, start: start + (reach / 2 - padding) * jump };
    return field;
  });
}

/**
 * The map size after each layer, up to the first that does not fit, and why not.
 *
 * @param {Layer[]} layers
 * @param {number} n input size
 * @returns {{ sizes: number[], why: string | null }}
 */
export function sizesThatFit(layers, n) {
  requireAtLeast("n", n, 1);
  const sizes = [];
  for (const { kernel_size, ...options } of checkedLayers(layers)) {
    try {
      sizes.push(outputSize(sizes.at(-1) ?? n, kernel_size, options));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { sizes, why: error.message };
    }
  }
  return { sizes, why: null };
}

/**
 * The map size after each layer.
 *
 * @param {Layer[]} layers
 * @param {number} n
 * @returns {number[]}
 * @throws {RangeError} a layer does not fit; the message names it
 */
export function layerSizes(layers, n) {
  const { sizes, why } = sizesThatFit(layers, n);
  if (why !== null) throw new RangeError(misfit(sizes.length + 1, layers[sizes.length], why));
  return sizes;
}

/**
 * @param {number} number
 * @param {Layer} layer
 * @param {string} why
 * @returns {string}
 */
export function misfit(number, layer, why) {
  return `layer ${number} (${layer.kind}) does not fit: ${why}`;
}

/**
 * What one neuron depends on in its own level and in every level below, the input first.
 *
 * @param {Layer[]} layers
 * @param {number} level 0 for the input
 * @param {number} index from 0
 * @param {number} n input size
 * @returns {Span[]}
 * @throws {RangeError} there is no such level or neuron, or a layer below does not fit
 */
export function fieldOf(layers, level, index, n) {
  if (level < 0 || level > layers.length) {
    throw new RangeError(`level (=${level}) must be from 0, the input, to ${layers.length}`);
  }
  const stack = checkedLayers(layers).slice(0, level);
  const sizes = [n, ...layerSizes(layers.slice(0, level), n)];
  if (index < 0 || index >= sizes[level]) {
    throw new RangeError(`index (=${index}) must be from 0 to ${sizes[level] - 1}, the last of level ${level}`);
  }
  const spans = [{ first: index, last: index, cells: [index], padding: [] }];
  for (let at = level - 1; at >= 0; at -= 1) spans.unshift(below(spans[0], stack[at], sizes[at]));
  return spans;
}

/**
 * The share of an n×n input inside the field of one neuron of the last level.
 *
 * @param {Layer[]} layers
 * @param {number} n
 * @returns {number}
 */
export function coverage(layers, n) {
  layerSizes(layers, n);
  const side = Math.min(receptiveField(layers).at(-1)?.size ?? 1, n);
  return (side * side) / (n * n);
}

/**
 * @param {Layer[]} layers
 * @returns {Layer[]} less those that pool
 */
export function withoutPooling(layers) {
  return layers.filter((layer) => layer.kind !== "pool");
}

/**
 * The neuron of another stack whose field's middle is nearest to that of `index`.
 *
 * @param {Field} field of the neuron's level
 * @param {number} index
 * @param {Field} other of the other stack's level
 * @param {number} size how many neurons that level has
 * @returns {number}
 */
export function samePlace(field, index, other, size) {
  const middle = field.start + index * field.jump;
  return clamp(Math.floor((middle - other.start) / other.jump + 0.5), 0, size - 1);
}

function below(span, { kernel_size, stride, padding, dilation }, size) {
  const offsets = range(0, kernel_size).map((m) => m * dilation - padding);
  const read = new Set(span.cells.flatMap((cell) => offsets.map((offset) => cell * stride + offset)));
  const isReal = (cell) => cell >= 0 && cell < size;
  const ordered = [...read].sort((a, b) => a - b);
  return {
    first: span.first * stride - padding,
    last: span.last * stride - padding + kernelReach(kernel_size, dilation) - 1,
    cells: ordered.filter(isReal),
    padding: ordered.filter((cell) => !isReal(cell)),
  };
}

function checked(number, layer) {
  const unknown = Object.keys(layer).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`layer ${number}: ${unknown} is not a setting: use ${NAMES.join(", ")}`);
  }
  const { kind } = layer;
  if (kind !== "conv" && kind !== "pool") {
    throw new RangeError(`layer ${number}: kind (=${spelled(kind)}) must be 'conv' or 'pool'`);
  }
  const filled = { stride: kind === "pool" ? layer.kernel_size : 1, padding: 0, dilation: 1, ...layer };
  for (const [name, least] of Object.entries(LEAST)) {
    const value = filled[name];
    if (Number.isInteger(value) && value >= least) continue;
    const rule = `must be a whole number of at least ${least}`;
    throw new RangeError(`layer ${number} (${kind}): ${name} (=${spelled(value)}) ${rule}`);
  }
  return filled;
}

// As Python writes it.
function spelled(value) {
  if (value === undefined || value === null) return "None";
  return typeof value === "string" ? `'${value}'` : String(value);
}
