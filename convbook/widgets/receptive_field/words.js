/** The sentences of the receptive field; words.py says the same. */

import { kindText, pools } from "../shared/layer_kinds.js";
import { amount, thousands } from "../shared/words.js";
import { seenCells } from "./state.js";

/** @typedef {import("./state.js").Scene} Scene */

/**
 * What the chosen neuron sees.
 *
 * @param {Scene} scene
 * @param {Scene | null} without the stack without its pooling layers, where it is compared
 * @returns {string}
 */
export function describeScene(scene, without) {
  const compared = without ? describeWithout(scene, without) : "";
  return [describeNeuron(scene), describeBorder(scene), compared].filter(Boolean).join(" ");
}

/**
 * Why a layer has no map, or nothing.
 *
 * @param {Scene} scene
 * @returns {string}
 */
export function describeProblem({ problem, layers, sizes, numbers }) {
  if (problem === null) return "";
  const above = layers.length > sizes.length ? " and the layers above it have" : " has";
  const leftOut = `Layer ${numbers[sizes.length]}${above} no map.`;
  return `${problem[0].toUpperCase()}${problem.slice(1)}. ${leftOut}`;
}

/**
 * @param {Scene} scene
 * @returns {string}
 */
export function describeNeuron(scene) {
  const what = scene.level > 0 ? "Neuron" : "Cell";
  if (seesNothing(scene)) return `${what} ${place(scene)} sees no input cell, only padding.`;
  const of = `of ${thousands(scene.sizes[0] ** 2)} input cells (${percent(scene)})`;
  return `${what} ${place(scene)} sees ${seen(scene)} ${of}${spread(scene)}.`;
}

/**
 * How far the neuron's field passes the input's border, or nothing.
 *
 * @param {Scene} scene
 * @returns {string}
 */
export function describeBorder({ sizes, rows: [rows], columns: [columns], fields, level }) {
  const parts = [
    ["above", -rows.first, "row"],
    ["below", rows.last - sizes[0] + 1, "row"],
    ["to the left of", -columns.first, "column"],
    ["to the right of", columns.last - sizes[0] + 1, "column"],
  ].filter(([, by]) => by > 0).map(([where, by, what]) => `${amount(by, what)} ${where}`);
  if (parts.length === 0) return "";
  const { size } = fields[level];
  return `Its ${size} × ${size} field reaches ${joined(parts)} the input: padding, not image.`;
}

/**
 * What the neuron at the same place sees once pooling is left out.
 *
 * @param {Scene} scene
 * @param {Scene} without
 * @returns {string}
 */
export function describeWithout(scene, without) {
  if (scene.layers.slice(0, scene.level).every((layer) => !pools(layer.kind))) {
    return "Up to this level nothing pools: without pooling it sees the same.";
  }
  if (without.rows.length === 0) return `Without pooling, ${without.problem}.`;
  if (seesNothing(without)) return `Without pooling, ${place(without)} sees no input cell, only padding.`;
  return `Without pooling, ${place(without)} sees ${seen(without)} (${percent(without)}).`;
}

/**
 * @param {Scene} scene
 * @returns {string} the seen rows and columns and their product
 * @example "18 × 18 = 324"
 */
export function seen(scene) {
  const { rows, columns } = seenCells(scene);
  return `${rows} × ${columns} = ${rows * columns}`;
}

/**
 * @param {Scene} scene
 * @returns {string} the seen share of the input
 */
export function percent(scene) {
  const { rows, columns } = seenCells(scene);
  return formatPercent(rows * columns, scene.sizes[0] ** 2);
}

/**
 * A share in percent, with one decimal from 10 % on and two below, and a space that never breaks.
 *
 * @param {number} count
 * @param {number} total
 * @returns {string}
 * @example formatPercent(324, 784) // "41.3\u00a0%"
 */
export function formatPercent(count, total) {
  const share = (100 * count) / total;
  const scale = share >= 10 ? 10 : 100;
  if (count > 0 && share < 0.005) return "< 0.01\u00a0%";
  return `${Math.floor(share * scale + 0.5) / scale}\u00a0%`;
}

/**
 * @param {import("../shared/layer_kinds.js").Layer} layer
 * @returns {string}
 * @example "max pool 2×2"
 */
export function layerName({ kind, kernel_size }) {
  return `${kindText(kind)} ${kernel_size}×${kernel_size}`;
}

/**
 * @param {Scene} scene
 * @param {number} level
 * @returns {string} "Input", or "Layer 2"
 */
export function levelName(scene, level) {
  return level === 0 ? "Input" : `Layer ${scene.numbers[level]}`;
}

/**
 * What a map shows, for those who do not see it.
 *
 * @param {Scene} scene
 * @param {number} level
 * @returns {string}
 */
export function describeMap(scene, level) {
  const cells = scene.sizes[level] === 1 ? "cell" : "cells";
  const size = `${levelName(scene, level)}, ${scene.sizes[level]} × ${scene.sizes[level]} ${cells}`;
  if (level >= scene.rows.length) return `${size}: above the chosen neuron`;
  if (level === scene.level) return `${size}: chosen are row ${scene.row + 1}, column ${scene.column + 1}`;
  const [rows, columns] = [scene.rows[level].cells, scene.columns[level].cells];
  if (rows.length === 0 || columns.length === 0) return `${size}: only padding is read`;
  return `${size}: lit are ${ends("row", rows)}, ${ends("column", columns)}`;
}

/**
 * What stands under a map: how many rows and columns are lit, and over how many they spread.
 *
 * @param {Scene} scene
 * @param {number} level
 * @returns {string}
 */
export function litNote(scene, level) {
  if (level >= scene.rows.length) return "–";
  if (level === scene.level) return `row ${scene.row + 1}, col. ${scene.column + 1}`;
  const [rows, columns] = [scene.rows[level].cells, scene.columns[level].cells];
  const gaps = hasGaps(rows) || hasGaps(columns) ? ` in ${spanOf(rows)} × ${spanOf(columns)}` : "";
  return `lit ${rows.length} × ${columns.length}${gaps}`;
}

function ends(what, lit) {
  const [first, last] = [lit[0] + 1, lit.at(-1) + 1];
  return first === last ? `${what} ${first}` : `${what}s ${first} to ${last}`;
}

function seesNothing(scene) {
  const { rows, columns } = seenCells(scene);
  return rows === 0 || columns === 0;
}

function place(scene) {
  const of = scene.level > 0 ? `layer ${scene.numbers[scene.level]}` : "the input";
  return `row ${scene.row + 1}, column ${scene.column + 1} of ${of}`;
}

function spread(scene) {
  const [rows, columns] = [scene.rows[0].cells, scene.columns[0].cells];
  if (!hasGaps(rows) && !hasGaps(columns)) return "";
  return `, spread with gaps over ${spanOf(rows)} × ${spanOf(columns)}`;
}

function spanOf(cells) {
  return cells.length > 0 ? cells.at(-1) - cells[0] + 1 : 0;
}

function hasGaps(cells) {
  return spanOf(cells) > cells.length;
}

function joined(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts[0];
}
