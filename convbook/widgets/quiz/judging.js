/** What an answer is worth. The same rules as convbook/widgets/quiz/judging.py. */

/** @typedef {"empty" | "unreadable" | "wrong" | "right"} Verdict */
/** @typedef {{ verdict: Verdict, value: number | null, slip: number | null }} Judged `value` is how
 *  the text was read, `slip` the position of the usual slip that was met */

const GAP = /([0-9])[ \t\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))/g;
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const GROUPED = /^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?$/;

/**
 * @param {number[]} chosen positions of the chosen options
 * @param {boolean[]} right whether each option is right
 * @returns {Verdict} right means all right options and no other
 * @example judgeChoice([0, 2], [true, false, true]) // "right"
 */
export function judgeChoice(chosen, right) {
  if (chosen.length === 0) return "empty";
  return right.every((isRight, i) => isRight === chosen.includes(i)) ? "right" : "wrong";
}

/**
 * @param {string} typed any of the forms that `readNumber` takes
 * @param {number} answer
 * @param {number} [tolerance] how far from the answer is still right
 * @param {number[]} [slips] values that usual mistakes lead to
 * @returns {Judged}
 * @example judgeNumber("−3,5", -3.5) // { verdict: "right", value: -3.5, slip: null }
 */
export function judgeNumber(typed, answer, tolerance = 0, slips = []) {
  if (typed.trim() === "") return { verdict: "empty", value: null, slip: null };
  const values = readNumber(typed);
  if (values.length === 0) return { verdict: "unreadable", value: null, slip: null };
  for (const value of values) {
    if (isClose(value, answer, tolerance)) return { verdict: "right", value, slip: null };
  }
  for (const value of values) {
    const slip = nearest(slips, value);
    if (slip !== null && isClose(value, slips[slip], tolerance)) return { verdict: "wrong", value, slip };
  }
  return { verdict: "wrong", value: values[0], slip: null };
}

/**
 * The numbers that a text can mean, the likelier first; none if it is no number. A comma groups
 * thousands as in 93,322 or marks decimals as in 3,5; where it could do both, both are returned.
 *
 * @param {string} text
 * @returns {number[]}
 * @example readNumber("93,322") // [93322, 93.322]
 */
export function readNumber(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(GAP, "$1").replace(/^([+-])[ \t]+/, "$1");
  const forms = GROUPED.test(plain) ? [plain.replaceAll(",", "")] : [];
  const decimal = plain.replaceAll(",", ".");
  if (NUMBER.test(decimal)) forms.push(decimal);
  return forms.map(Number).filter(Number.isFinite);
}

/**
 * @param {number} value
 * @param {number} target
 * @param {number} tolerance
 * @returns {boolean} whether the value lies within the tolerance, rounding forgiven
 */
export function isClose(value, target, tolerance) {
  return Math.abs(value - target) <= tolerance + 1e-9 * Math.max(Math.abs(target), tolerance);
}

function nearest(slips, value) {
  let found = null;
  slips.forEach((slip, i) => {
    if (found === null || Math.abs(slip - value) < Math.abs(slips[found] - value)) found = i;
  });
  return found;
}
