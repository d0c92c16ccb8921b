/** Receptive fields: what one neuron depends on. The same rules as convbook/arithmetic/receptive.py. */

import { endsMap, place, pools, readLayer, refusal } from "./layer_kinds.js";
import { grown, ITSELF, placesOf, windowsOf } from "./layer_windows.js";
import { clamp, range } from "./numbers.js";
import { kernelReach, requireAtLeast } from "./shapes.js";

/** @typedef {import("./layer_kinds.js").Layer} Layer */
/** @typedef {import("./layer_windows.js").Field} Field */

/**
 * @typedef {object} Span what one neuron depends on in one level
 * @property {number} first of its field; below 0 where the field passes the border
 * @property {number} last included
 * @property {number[]} cells the real cells, ascending; there may be holes between them
 * @property {number[]} padding the cells past the border that the next layer pads here for it
 */

/**
 * The layers that make maps: those before flatten.
 *
 * @param {Layer[]} layers
 * @returns {Layer[]} as `readLayer` returns them
 * @throws {RangeError} a field is unknown, missing or out of its range, or a layer cannot follow
 */
export function mapLayers(layers) {
  const found = [];
  let isMap = true;
  layers.forEach((layer, i) => {
    const read = named(i + 1, layer, () => checked(layer, isMap));
    isMap &&= !endsMap(read.kind);
    if (isMap) found.push(read);
  });
  return found;
}

/**
 * Size, jump and start after each layer that makes maps; the rule is that of `grown`.
 *
 * @param {Layer[]} layers
 * @param {number | null} n input size; only what sees the whole map needs it
 * @returns {Field[]}
 */
export function receptiveField(layers, n = null) {
  const sizes = n === null ? [] : [n, ...layerSizes(layers, n)];
  let field = ITSELF;
  return mapLayers(layers).map((layer, i) => {
    field = named(i + 1, layer, () => squareWindows(layer, sizes[i] ?? null).reduce(grown, field));
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
  for (const layer of mapLayers(layers)) {
    try {
      sizes.push(sizesInside(layer, sizes.at(-1) ?? n).at(-1));
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
  return `${place(number, layer)} does not fit: ${why}`;
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
  const stack = mapLayers(layers);
  if (level < 0 || level > stack.length) {
    throw new RangeError(`level (=${level}) must be from 0, the input, to ${stack.length}`);
  }
  const sizes = [n, ...layerSizes(stack.slice(0, level), n)];
  if (index < 0 || index >= sizes[level]) {
    throw new RangeError(`index (=${index}) must be from 0 to ${sizes[level] - 1}, the last of level ${level}`);
  }
  const spans = [{ first: index, last: index, cells: [index], padding: [] }];
  for (let at = level - 1; at >= 0; at -= 1) spans.unshift(below(spans[0], stack[at], sizes[at]));
  return spans;
}

/**
 * The share of an n×n input inside the field of one neuron of the last map.
 *
 * @param {Layer[]} layers
 * @param {number} n
 * @returns {number}
 */
export function coverage(layers, n) {
  layerSizes(layers, n);
  const side = Math.min((receptiveField(layers, n).at(-1) ?? ITSELF).size, n);
  return (side * side) / (n * n);
}

/**
 * @param {Layer[]} layers
 * @returns {Layer[]} less those that pool
 */
export function withoutPooling(layers) {
  return layers.filter((layer) => !pools(layer.kind));
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

// Names the layer in what goes wrong with it.
function named(number, layer, make) {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(`${place(number, layer)}: ${error.message}`);
  }
}

function checked(layer, isMap) {
  const read = readLayer(layer, { counted: false });
  const why = refusal(read.kind, isMap);
  if (why) throw new RangeError(`its input is ${isMap ? "a map" : "a vector"}, but ${why}`);
  return read;
}

// The layer's windows over a map of so many cells, where rows and columns are alike.
function squareWindows(layer, size) {
  return windowsOf(layer, size === null ? null : [size, size]).map(([rows, columns]) => {
    for (const [name, row] of Object.entries(rows)) {
      if (row === columns[name]) continue;
      throw new RangeError(
        `${name} (=[${row}, ${columns[name]}]) must be the same for rows and columns here: ` +
          "`convbook.arithmetic.counting.count` follows both",
      );
    }
    return rows;
  });
}

// The sizes of the map that a layer reads and of what each of its windows makes.
function sizesInside(layer, n) {
  const sizes = [n];
  for (const window of squareWindows(layer, n)) sizes.push(placesOf(window, sizes.at(-1)));
  return sizes;
}

function below(span, layer, size) {
  const sizes = sizesInside(layer, size);
  const start = { ...span, padding: [] };
  return squareWindows(layer, size).reduceRight((above, window, at) => readBy(above, window, sizes[at]), start);
}

function readBy(span, { kernel_size, stride, padding, dilation }, size) {
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
