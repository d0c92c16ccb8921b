/** Numbers and sums as people read them. */

/**
 * A number in at most `digits` decimals, with a real minus sign.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {string}
 * @example formatNumber(-1 / 9) // "−0.11"
 */
export function formatNumber(value, digits = 2) {
  const text = String(roundTo(value, digits));
  return text.replace("-", "−");
}

/**
 * The equals sign that is true of the number shown after it.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {"=" | "≈"}
 */
export function equalsSign(value, digits = 2) {
  return Math.abs(roundTo(value, digits) - value) < 1e-9 ? "=" : "≈";
}

/**
 * One product, a negative factor in parentheses: `9×(−1)`.
 *
 * @param {number} value
 * @param {number} weight
 * @returns {string}
 */
export function productText(value, weight) {
  return [value, weight]
    .map((factor) => (factor < 0 ? `(${formatNumber(factor)})` : formatNumber(factor)))
    .join("×");
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

function roundTo(value, digits) {
  const scale = 10 ** digits;
  // Adding zero turns −0 into 0.
  return Math.round(value * scale) / scale + 0;
}
