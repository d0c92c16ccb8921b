/** Numbers and sums as people read them. */

// From here on a number is written with a power of ten, as 1e15.
const LONG = 1e15;

/**
 * A number in at most `digits` decimals, with a real minus sign.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {string}
 * @example formatNumber(-1 / 9) // "−0.11"
 * @example formatNumber(1e308) // "1e308"
 */
export function formatNumber(value, digits = 2) {
  const text = Math.abs(value) < LONG ? String(roundTo(value, digits)) : withPower(value, digits);
  return text.replaceAll("-", "−").replace("Infinity", "∞");
}

/**
 * A number as a cell holds it: the digits that do not fit are left out.
 *
 * @param {number} value
 * @param {number} [most] characters
 * @returns {string}
 * @example cellText(-12345.678) // "−12346"
 */
export function cellText(value, most = 6) {
  const rounded = [2, 1, 0].map((digits) => formatNumber(value, digits));
  const powers = [2, 1, 0].map((digits) => withPower(value, digits).replaceAll("-", "−"));
  return [...rounded, ...powers].find((text) => text.length <= most) ?? powers.at(-1);
}

/**
 * A number as a field shows it: with its own sign, in at most eight characters.
 *
 * @param {number} value
 * @returns {string}
 * @example fieldText(-1 / 3) // "-0.333"
 * @example fieldText(1e-308) // "1e-308"
 */
export function fieldText(value) {
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 0.0005 && size < LONG);
  const plain = isPlain ? [3, 2, 1, 0].map((digits) => String(roundTo(value, digits))) : [];
  const powers = [3, 2, 1, 0].map((digits) => withPower(value, digits));
  return [...plain, ...powers].find((text) => text.length <= 8) ?? powers.at(-1);
}

/**
 * The equals sign that is true of the number shown after it.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {"=" | "≈"}
 */
export function equalsSign(value, digits = 2) {
  const isLong = Math.abs(value) >= LONG;
  const isShown = isLong ? Number.isFinite(value) && Number(withPower(value, digits)) === value : Math.abs(roundTo(value, digits) - value) < 1e-9;
  return isShown ? "=" : "≈";
}

/**
 * One product, a negative factor in parentheses: `9×(−1)`.
 *
 * @param {number} value
 * @param {number} weight
 * @returns {string}
 */
export function productText(value, weight) {
  return [value, weight].map(factorText).join("×");
}

/**
 * A number among others, in parentheses where it has a sign.
 *
 * @param {number} value
 * @returns {string}
 */
export function factorText(value) {
  const text = formatNumber(value);
  return text.startsWith("−") ? `(${text})` : text;
}

/**
 * `0×10 + 1×9 + … = 15`. Above `most` products only the first and the last are said.
 *
 * @param {number[]} values
 * @param {number[]} weights
 * @param {number} sum
 * @param {number} [most]
 * @returns {string}
 */
export function sumSentence(values, weights, sum, most = 9) {
  const terms = values.map((value, i) => productText(value, weights[i]));
  const shown = terms.length > most ? [terms[0], `… (${terms.length} products)`, terms.at(-1)] : terms;
  return `${shown.join(" + ")} ${equalsSign(sum)} ${formatNumber(sum)}`;
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

/**
 * A number of things, in the singular for one.
 *
 * @param {number} number
 * @param {string} thing
 * @returns {string}
 * @example amount(1, "row") // "1 row"
 */
export function amount(number, thing) {
  return `${thousands(number)} ${thing}${number === 1 ? "" : "s"}`;
}

function withPower(value, digits) {
  if (!Number.isFinite(value)) return String(value);
  const [number, power] = value.toExponential(digits).split("e");
  return `${Number(number)}e${Number(power)}`;
}

function roundTo(value, digits) {
  const scale = 10 ** digits;
  // Adding zero turns −0 into 0.
  return Math.round(value * scale) / scale + 0;
}
