/** The course's one language of layers, from the table that convbook/arithmetic/layer_kinds.py reads too. */

import TABLE from "../../arithmetic/layer_kinds.json" with { type: "json" };
import { amount, thousands } from "./words.js";

/** @typedef {{ kind: string } & Record<string, any>} Layer */

/**
 * @typedef {object} Field
 * @property {"whole" | "flag" | "choice"} type
 * @property {number} [least] of a whole number
 * @property {number} [most]
 * @property {boolean} [pair] whether rows and columns may differ
 * @property {string} [like] the field whose value a layer without this one takes
 * @property {string[]} [values] of a choice
 * @property {any} [default] what a layer without the field has; without it and `like` it must be given
 * @property {boolean} counts whether it is a number of channels or features
 */

/** @type {Record<string, Record<string, Field>>} */
export const KINDS = mapped(TABLE.kinds, ({ fields }) => mapped(fields, fieldOf));

/** What the sizes of an input must be: its channels, and each of its sides. */
export const CHANNELS = fieldOf({ rule: TABLE.input_shape.channels });
export const SIDE = fieldOf({ rule: TABLE.input_shape.side });

/** @param {string} kind @returns {boolean} whether it makes a vector of maps */
export function endsMap(kind) {
  return TABLE.kinds[kind].ends_map ?? false;
}

/** @param {string} kind @returns {boolean} */
export function pools(kind) {
  return TABLE.kinds[kind].pools ?? false;
}

/**
 * Why a kind cannot follow maps, or a vector; nothing where it can.
 *
 * @param {string} kind
 * @param {boolean} isMap
 * @returns {string}
 */
export function refusal(kind, isMap) {
  const { takes } = TABLE.kinds[kind];
  if (takes === "maps" && !isMap) return `${kind} takes maps of shape (C, H, W): put it before flatten`;
  if (takes === "vector" && isMap) return `${kind} takes a vector: put flatten before it`;
  return "";
}

/**
 * The layer with only the fields it gives.
 *
 * @param {Layer} layer
 * @param {{ counted?: boolean }} [options] whether its channels or features must be given
 * @returns {Layer}
 * @throws {RangeError} the kind is unknown, or a field is missing, unknown or breaks its rule
 */
export function readLayer(layer, { counted = true } = {}) {
  const { kind } = layer;
  if (!isKind(kind)) throw new RangeError(`kind (=${said(kind)}) must be one of ${Object.keys(KINDS).join(", ")}`);
  const fields = KINDS[kind];
  for (const name of Object.keys(layer)) {
    if (name === "kind" || Object.hasOwn(fields, name)) continue;
    const known = Object.keys(fields).join(", ") || "none";
    throw new RangeError(`${name} is not a field of ${kind}: leave it out; its fields: ${known}`);
  }
  const isNeeded = (field) => mustBeGiven(field) && (counted || !field.counts);
  const given = Object.keys(fields).filter((name) => name in layer || isNeeded(fields[name]));
  for (const name of given) requireRight(name, fields[name], layer[name]);
  return { kind, ...Object.fromEntries(given.map((name) => [name, layer[name]])) };
}

/**
 * A layer with every field of its kind, defaults included.
 *
 * @param {Layer} layer as `readLayer` returns it
 * @returns {Layer}
 * @example filled({ kind: "max_pool", kernel_size: 2 }) // { …, stride: 2, padding: 0 }
 */
export function filled(layer) {
  const fields = Object.entries(KINDS[layer.kind]);
  const full = fields.map(([name, field]) => [name, name in layer ? layer[name] : defaultValue(field, layer)]);
  return { kind: layer.kind, ...Object.fromEntries(full) };
}

/**
 * What a layer without a field has there.
 *
 * @param {Field} field
 * @param {Layer} layer
 * @returns {any}
 */
export function defaultValue(field, layer) {
  return field.like ? layer[field.like] : field.default;
}

/**
 * A layer's numbers in words, without what is at its default.
 *
 * @param {Layer} layer as `readLayer` returns it
 * @returns {string}
 * @example details({ kind: "conv", out_channels: 96, kernel_size: 11, stride: 4 })
 *   // "11×11, 96 channels, stride 4"
 */
export function details(layer) {
  const full = filled(layer);
  if (layer.kind === "inception") {
    const [one, three, wide, five, wider, pool] = Object.keys(KINDS.inception).map((name) => full[name]);
    return `${one} + ${three}→${wide} + ${five}→${wider} + ${pool}`;
  }
  const words = [
    "kernel_size" in full ? pair(full.kernel_size).join("×") : "",
    "out_channels" in full ? amount(full.out_channels, "channel") : "",
    "out_features" in full ? amount(full.out_features, "feature") : "",
    ...unusual(full).map((name) => `${name} ${once(full[name])}`),
    full.groups > 1 ? amount(full.groups, "group") : "",
    full.bias === false ? "no bias" : "",
    (full.activation ?? "none") === "none" ? "" : full.activation,
  ];
  return words.filter(Boolean).join(", ");
}

/**
 * Rows and columns of a field that may be one number for both.
 *
 * @param {number | number[]} value
 * @returns {[number, number]}
 */
export function pair(value) {
  return Array.isArray(value) ? [value[0], value[1]] : [value, value];
}

/**
 * @param {number} number from 1
 * @param {any} layer
 * @returns {string} how a message names it, its kind where it has one
 */
export function place(number, layer) {
  return `layer ${number}${isKind(layer?.kind) ? ` (${layer.kind})` : ""}`;
}

/**
 * @param {string} kind
 * @returns {string} as a person says it
 * @example kindText("max_pool") // "max pool"
 */
export function kindText(kind) {
  return kind.replaceAll("_", " ");
}

/** @param {any} kind */
export function isKind(kind) {
  return typeof kind === "string" && Object.hasOwn(KINDS, kind);
}

/**
 * A value as Python writes it.
 *
 * @param {any} value
 * @returns {string}
 */
export function said(value) {
  if (Array.isArray(value)) return `[${value.map(said).join(", ")}]`;
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value ?? "None");
}

/**
 * @param {Field} field
 * @returns {boolean} whether it has no default
 */
export function mustBeGiven(field) {
  return field.default === undefined && !field.like;
}

function fieldOf({ rule, ...more }) {
  return { ...TABLE.rules[rule], ...more, counts: rule === "channels" || rule === "features" };
}

function mapped(record, make) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
}

function requireRight(name, field, value) {
  if (value === undefined) throw new RangeError(`${name} is missing: give ${rule(field)}`);
  if (!isRight(field, value)) throw new RangeError(`${name} (=${said(value)}) must be ${rule(field)}`);
}

function isRight(field, value) {
  if (field.type === "flag") return typeof value === "boolean";
  if (field.type === "choice") return field.values.includes(value);
  const numbers = field.pair && Array.isArray(value) && value.length === 2 ? value : [value];
  return numbers.every((one) => Number.isInteger(one) && one >= field.least && one <= field.most);
}

function rule(field) {
  if (field.type === "flag") return "True or False";
  if (field.type === "choice") return `one of ${field.values.join(", ")}`;
  const one = `a whole number from ${thousands(field.least)} to ${thousands(field.most)}`;
  return field.pair ? `${one}, or two of them as [rows, columns]` : one;
}

// The steps that are not what a layer without the field has.
function unusual(full) {
  const fields = KINDS[full.kind];
  const steps = ["stride", "padding", "dilation"].filter((name) => name in fields);
  return steps.filter((name) => once(full[name]) !== once(defaultValue(fields[name], full)));
}

function once(value) {
  const [rows, columns] = pair(value);
  return rows === columns ? String(rows) : `${rows}×${columns}`;
}
