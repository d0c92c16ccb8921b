/** What just happened in the pooling explorer, as sentences. Rows and columns are said from 1. */

/**
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 */
export function describeScene(scene) {
  if (scene.problem) return `No output: ${scene.problem}.`;
  const { top, left, work } = scene;
  const width = work.window[0].length;
  const inImage = (index) => placeText(top + Math.floor(index / width), left + (index % width));
  return `Output ${placeText(scene.row, scene.column)}: ${work.tell(inImage)}.`;
}

/**
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 */
export function describeShift({ shift }, scene) {
  if (shift === 0) return "Not shifted.";
  const count = Math.abs(shift);
  const move = `${count} ${count === 1 ? "cell" : "cells"} to the ${shift > 0 ? "right" : "left"}`;
  const inputs = `${changedText(scene.image, scene.shifted)} input values changed`;
  const pooled = scene.problem ? "" : `, ${changedText(scene.before, scene.output)} pooled values did`;
  return `Shifted ${move}: ${inputs}${pooled}.`;
}

/**
 * @param {number} row
 * @param {number} column
 * @returns {string}
 */
export function placeText(row, column) {
  return `row ${row + 1}, column ${column + 1}`;
}

/**
 * What the marks in the boards mean, and the rule of the output's size with its numbers filled in.
 *
 * @param {import("./state.js").Traits} traits
 * @param {import("./state.js").Scene} scene
 * @returns {string}
 */
export function legendText(traits, scene) {
  const parts = [
    !scene.problem && `Output size: ${sizeText(traits, scene)}.`,
    traits.shift !== 0 && "Dashed edge: the shift changed the value.",
    scene.unused.flat().includes(true) && "Round cell: in no window.",
  ];
  return parts.filter(Boolean).join(" ");
}

function sizeText({ stride }, { shifted, output, windowShape: [rows, columns] }) {
  const rule = (n, length, count) => `⌊(${n} − ${length}) / ${stride}⌋ + 1 = ${count}`;
  const down = rule(shifted.length, rows, output.length);
  const right = rule(shifted[0].length, columns, output[0].length);
  return down === right ? `rows and columns ${down}` : `rows ${down}, columns ${right}`;
}

function changedText(before, after) {
  const cells = after.flat();
  return `${before.flat().filter((value, i) => value !== cells[i]).length} of ${cells.length}`;
}
