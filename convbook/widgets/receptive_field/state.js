/** What the receptive field shows, computed from its traits. No document here. */

import { pools } from "../shared/layer_kinds.js";
import { ITSELF } from "../shared/layer_windows.js";
import { clamp, range } from "../shared/numbers.js";
import { fieldOf, misfit, receptiveField, samePlace, sizesThatFit } from "../shared/receptive.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const TRAITS = ["layers", "input_size", "level", "row", "column", "compare"];

/**
 * @typedef {object} Traits
 * @property {import("../shared/layer_kinds.js").Layer[]} layers
 * @property {number} input_size
 * @property {number} level
 * @property {number} row
 * @property {number} column
 * @property {boolean} compare
 */

/**
 * @typedef {object} Scene a stack and one neuron of it
 * @property {number[]} numbers of each level's layer among all layers, 0 for the input
 * @property {import("../shared/layer_kinds.js").Layer[]} layers
 * @property {import("../shared/layer_windows.js").Field[]} fields of each level that has a map
 * @property {number[]} sizes of each level that has a map, the input first
 * @property {string | null} problem why the next layer has no map
 * @property {number} level of the neuron, in this stack
 * @property {number} row
 * @property {number} column
 * @property {import("../shared/receptive.js").Span[]} rows what it depends on in each level, the
 *   input first; empty where its level has no map
 * @property {import("../shared/receptive.js").Span[]} columns
 */

/**
 * @param {Traits} traits
 * @returns {Scene}
 */
export function computeScene({ layers, input_size, level, row, column }) {
  const stack = stackScene(range(0, layers.length + 1), layers, input_size);
  // In JupyterLab a level may arrive a moment before the layers that it belongs to.
  const inside = Math.min(level, stack.sizes.length - 1);
  return withNeuron(stack, inside, row, column);
}

/**
 * The same stack without its pooling layers, and the neuron at the same place there.
 *
 * @param {Scene} scene
 * @returns {Scene}
 */
export function sceneWithoutPooling(scene) {
  const kept = scene.layers.map((layer, i) => ({ layer, number: i + 1 })).filter(({ layer }) => !pools(layer.kind));
  const numbers = [0, ...kept.map(({ number }) => number)];
  const stack = stackScene(numbers, kept.map(({ layer }) => layer), scene.sizes[0]);
  const level = numbers.filter((number) => number > 0 && number <= scene.level).length;
  if (level >= stack.sizes.length) return stack;
  const [row, column] = [scene.row, scene.column].map((index) =>
    samePlace(scene.fields[scene.level], index, stack.fields[level], stack.sizes[level]),
  );
  return withNeuron(stack, level, row, column);
}

/**
 * What a change brings along: Python refuses a neuron outside its map, and a neuron in the
 * middle stays there when its map changes.
 *
 * @param {Partial<Traits>} changes
 * @param {Traits} traits
 * @returns {Partial<Traits>}
 */
export function completed(changes, traits) {
  const after = { ...traits, ...changes };
  const before = mapSizes(traits);
  const sizes = mapSizes(after);
  const level = clamp(followed(changes, traits, before.length - 1, sizes.length - 1), 0, sizes.length - 1);
  const last = sizes[level] - 1;
  const oldMiddle = middleOf(before[Math.min(traits.level, before.length - 1)]);
  const place = (name) => {
    if (changes[name] !== undefined) return clamp(changes[name], 0, last);
    const stays = level === traits.level && traits[name] !== oldMiddle;
    return stays ? clamp(traits[name], 0, last) : middleOf(sizes[level]);
  };
  return { ...changes, level, row: place("row"), column: place("column") };
}

/**
 * @param {number} size of a map
 * @returns {number} its middle cell, the first of two
 */
export function middleOf(size) {
  return Math.floor((size - 1) / 2);
}

/**
 * @param {Scene} scene
 * @returns {{ rows: number, columns: number }} how many input rows and columns the neuron sees
 */
export function seenCells({ rows, columns }) {
  return { rows: rows[0].cells.length, columns: columns[0].cells.length };
}

// Whoever looks at the last level sees the new last level when layers come or go.
function followed(changes, traits, lastBefore, last) {
  if (changes.level !== undefined) return changes.level;
  const grown = changes.layers !== undefined && changes.layers.length !== traits.layers.length;
  return grown && traits.level === lastBefore ? last : traits.level;
}

function mapSizes({ layers, input_size }) {
  return [input_size, ...sizesThatFit(layers, input_size).sizes];
}

function stackScene(numbers, layers, n) {
  const { sizes, why } = sizesThatFit(layers, n);
  return {
    numbers,
    layers,
    fields: [ITSELF, ...receptiveField(layers.slice(0, sizes.length))],
    sizes: [n, ...sizes],
    problem: why === null ? null : misfit(numbers[sizes.length + 1], layers[sizes.length], why),
    level: sizes.length + 1,
    row: 0,
    column: 0,
    rows: [],
    columns: [],
  };
}

function withNeuron(stack, level, ...place) {
  const [row, column] = place.map((index) => clamp(index, 0, stack.sizes[level] - 1));
  const [rows, columns] = [row, column].map((index) => fieldOf(stack.layers, level, index, stack.sizes[0]));
  return { ...stack, level, row, column, rows, columns };
}
