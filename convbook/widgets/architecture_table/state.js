/** What the architecture table shows, computed from its traits. No document here. */

import { count, LayerError } from "../shared/counting.js";
import { details, filled, kindText, readLayer } from "../shared/layer_kinds.js";
import { clamp } from "../shared/numbers.js";
import { thousands } from "../shared/words.js";
import { bytesText, inMillions, shapeText, shareText } from "./words.js";

/** The traits that decide what is shown, by the names that Python gives them. */
export const TRAITS = ["layers", "input_shape", "selected", "share"];

/** @typedef {import("../shared/layer_kinds.js").Layer} Layer */
/** @typedef {import("../shared/counting.js").LayerCount} LayerCount */
/** @typedef {import("../shared/counting.js").NetworkCount} NetworkCount */
/** @typedef {"parameters" | "macs" | "memory"} Share */

/**
 * @typedef {object} Traits
 * @property {Layer[]} layers
 * @property {number[]} input_shape
 * @property {number} selected
 * @property {Share} share
 */

/**
 * @typedef {object} Row one layer as the table shows it
 * @property {string} kind as a person says it
 * @property {string} details
 * @property {LayerCount | null} count null from the impossible layer on
 */

/**
 * @typedef {object} Scene
 * @property {Row[]} rows
 * @property {NetworkCount} counted the layers before an impossible one, or all
 * @property {{ number: number, message: string } | null} problem
 * @property {number} selected kept inside the layers
 * @property {Measure} measure what the bars stand for
 */

/**
 * @typedef {object} Measure
 * @property {string} name
 * @property {(count: LayerCount | NetworkCount) => number} of
 * @property {(value: number) => string} text
 */

/** @type {Record<Share, Measure>} */
export const MEASURES = {
  parameters: { name: "parameters", of: (one) => one.parameters, text: thousands },
  macs: { name: "MACs", of: (one) => one.macs, text: thousands },
  memory: { name: "memory", of: (one) => one.activationBytes, text: bytesText },
};

/**
 * @param {Traits} traits
 * @returns {Scene}
 */
export function computeScene(traits) {
  const { counted, problem } = countPossible(traits);
  const rows = traits.layers.map((layer, index) => ({
    kind: kindText(layer.kind),
    details: details(layer),
    count: counted.rows[index] ?? null,
  }));
  const selected = clamp(traits.selected, 0, rows.length - 1);
  return { rows, counted, problem, selected, measure: MEASURES[traits.share] };
}

/**
 * @param {Scene} scene
 * @param {LayerCount} row
 * @returns {string} the row's part of what is measured, in per cent
 */
export function shareOf({ counted, measure }, row) {
  return shareText(measure.of(row), measure.of(counted));
}

/**
 * What the selected layer costs, or why the network cannot be, as a sentence. Layers count from 1.
 *
 * @param {Scene} scene
 * @returns {string}
 */
export function describeScene(scene) {
  const { rows, counted, problem, selected, measure } = scene;
  if (problem) return `Not possible: ${problem.message}. Counted: ${layersText(problem.number - 1)}.`;
  const { kind, details: words, count: row } = rows[selected];
  const name = `Layer ${selected + 1} of ${rows.length}, ${kind}${words && ` (${words})`}`;
  const [part, whole] = [row, counted].map((one) => measure.text(measure.of(one)));
  const share = `${part} of ${whole} ${unitText(measure)}, ${shareOf(scene, row)}`;
  return `${name}: output ${shapeText(row.outputShape)}; ${share}.`;
}

/**
 * The totals below the table, as texts.
 *
 * @param {NetworkCount} counted
 */
export function totals({ parameters, macs, activationBytes, outputShape }) {
  return {
    output: shapeText(outputShape),
    parameters: thousands(parameters),
    macs: thousands(macs),
    millions: inMillions(macs),
    memory: bytesText(activationBytes),
  };
}

/**
 * The layers before an impossible one.
 *
 * @param {number} number
 * @returns {string}
 */
export function layersText(number) {
  if (number < 2) return number === 0 ? "no layer" : "layer 1";
  return `layers 1 to ${number}`;
}

/**
 * The name of the preset that is exactly this network, if there is one.
 *
 * @param {Record<string, { layers: Layer[], input_shape: number[] }>} presets
 * @param {Traits} traits
 * @returns {string | undefined}
 */
export function presetOf(presets, { layers, input_shape }) {
  const text = asText(layers, input_shape);
  return Object.keys(presets).find((name) => asText(presets[name].layers, presets[name].input_shape) === text);
}

function countPossible({ layers, input_shape }) {
  try {
    return { counted: count(layers, input_shape), problem: null };
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    return { counted: error.counted, problem: { number: error.number, message: error.message } };
  }
}

function unitText({ name }) {
  return name === "memory" ? "of outputs" : name;
}

function asText(layers, shape) {
  return JSON.stringify([layers.map((layer) => filled(readLayer(layer))), shape]);
}
