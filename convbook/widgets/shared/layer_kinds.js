/** What a layer of a counted network may be. The same rules as convbook/arithmetic/layer_kinds.py. */

/** @typedef {{ kind: string } & Record<string, any>} Layer */

/**
 * @typedef {object} Field
 * @property {"whole" | "flag" | "choice"} type
 * @property {number} [least] of a whole number
 * @property {number} [most]
 * @property {boolean} [pair] whether rows and columns may differ
 * @property {string} [like] the field whose value a layer without this one takes
 * @property {string[]} [values] of a choice
 * @property {any} [initial] what a layer without the field has; without it and `like` it must be given
 */

/** @type {(least: number, most: number, more?: Partial<Field>) => Field} */
const whole = (least, most, more = {}) => ({ type: "whole", least, most, ...more });

const CHANNELS = whole(1, 65536);
const KERNEL = whole(1, 1024, { pair: true });
const STRIDE = whole(1, 1024, { initial: 1, pair: true });
const PADDING = whole(0, 1024, { initial: 0, pair: true });
const BIAS = { type: "flag", initial: true };
const ACTIVATION = { type: "choice", values: ["none", "relu", "sigmoid", "tanh", "softmax"], initial: "none" };
const POOL = {
  kernel_size: KERNEL,
  stride: whole(1, 1024, { like: "kernel_size", pair: true }),
  padding: PADDING,
};

/** @type {Record<string, Record<string, Field>>} */
export const KINDS = {
  conv: {
    out_channels: CHANNELS,
    kernel_size: KERNEL,
    stride: STRIDE,
    padding: PADDING,
    dilation: STRIDE,
    groups: whole(1, 65536, { initial: 1 }),
    bias: BIAS,
    activation: ACTIVATION,
  },
  max_pool: POOL,
  avg_pool: POOL,
  global_avg_pool: {},
  relu: {},
  sigmoid: {},
  tanh: {},
  batch_norm: { activation: ACTIVATION },
  local_response_norm: {},
  dropout: {},
  flatten: {},
  dense: { out_features: whole(1, 1000000), bias: BIAS, activation: ACTIVATION },
  softmax: {},
  residual: { out_channels: CHANNELS, stride: whole(1, 1024, { initial: 1 }) },
  inception: {
    conv1x1: CHANNELS,
    reduce3x3: CHANNELS,
    conv3x3: CHANNELS,
    reduce5x5: CHANNELS,
    conv5x5: CHANNELS,
    pool_projection: CHANNELS,
  },
};

/**
 * The layer with only the fields it gives.
 *
 * @param {Layer} layer
 * @returns {Layer}
 * @throws {RangeError} the kind is unknown, or a field is missing, unknown or breaks its rule
 */
export function readLayer(layer) {
  const { kind } = layer;
  if (!isKind(kind)) throw new RangeError(`kind (=${said(kind)}) must be one of ${Object.keys(KINDS).join(", ")}`);
  const fields = KINDS[kind];
  for (const name of Object.keys(layer)) {
    if (name === "kind" || Object.hasOwn(fields, name)) continue;
    const known = Object.keys(fields).join(", ") || "none";
    throw new RangeError(`${name} is not a field of ${kind}: leave it out; its fields: ${known}`);
  }
  const given = Object.keys(fields).filter((name) => name in layer || mustBeGiven(fields[name]));
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
  const full = fields.map(([name, field]) => [name, name in layer ? layer[name] : initialValue(field, layer)]);
  return { kind: layer.kind, ...Object.fromEntries(full) };
}

/**
 * What a layer without a field has there.
 *
 * @param {Field} field
 * @param {Layer} layer
 * @returns {any}
 */
export function initialValue(field, layer) {
  return field.like ? layer[field.like] : field.initial;
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
    "out_channels" in full ? `${thousands(full.out_channels)} channels` : "",
    "out_features" in full ? `${thousands(full.out_features)} features` : "",
    ...unusual(full).map((name) => `${name} ${once(full[name])}`),
    full.groups > 1 ? `${thousands(full.groups)} groups` : "",
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
 * A whole number with a comma before every three digits.
 *
 * @param {number} value
 * @returns {string}
 * @example thousands(18496) // "18,496"
 */
export function thousands(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function mustBeGiven(field) {
  return field.initial === undefined && !field.like;
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
  return steps.filter((name) => once(full[name]) !== once(initialValue(fields[name], full)));
}

function once(value) {
  const [rows, columns] = pair(value);
  return rows === columns ? String(rows) : `${rows}×${columns}`;
}
