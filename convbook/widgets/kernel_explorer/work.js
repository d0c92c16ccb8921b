/** One output cell worked out: the patch, times the kernel, the products, their sum. */

import { element, pane, setText } from "../shared/dom.js";
import { dragNumbers } from "../shared/drag_number.js";
import { colorCell, createGrid } from "../shared/grid.js";
import { createRule, restoreFields } from "../shared/judged.js";
import { scaleLimit } from "../shared/palette.js";
import { ANY_NUMBER, numberCell } from "../shared/number_field.js";
import { cellText, equalsSign, formatNumber } from "../shared/words.js";

/**
 * @param {(changes: object) => void} send
 */
export function createWork(send) {
  const patch = createGrid({ label: "Patch of the image" });
  const products = createGrid({ label: "Products" });
  const kernel = createKernelEditor(send);
  const sign = operator("=");
  const sum = element("div", { class: "cvb-sum" });
  const answer = [factor(operator("="), pane("Products", products.root)), factor(sign, pane("Sum", sum))];
  const root = element(
    "div",
    { class: "cvb-work" },
    pane("Patch", patch.root),
    factor(operator("×"), pane("Kernel", kernel.root, kernel.note, kernel.rule)),
    ...answer,
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    kernel.show(traits, scene);
    root.classList.toggle("cvb-no-output", scene.problem !== null);
    patch.show(patchCells(scene), scaleLimit(traits.image));
    for (const part of answer) part.hidden = scene.isAsked;
    if (scene.isAsked) return forgetSum();
    products.show(productCells(scene), scaleLimit(scene.products));
    setText(sign, equalsSign(scene.sum));
    setText(sum, scene.problem ? "–" : formatNumber(scene.sum));
    sum.dataset.value = scene.problem ? "" : String(scene.sum);
    colorCell(sum, scene.problem ? null : scene.sum, scaleLimit(scene.output));
  }

  // What is yet to be predicted stands nowhere on the page.
  function forgetSum() {
    products.show([], 0);
    setText(sum, "?");
    sum.dataset.value = "";
    colorCell(sum, null, 0);
  }
  return { root, show };
}

function operator(text) {
  return element("span", { class: "cvb-sign", "aria-hidden": "true" }, text);
}

// A sign never stays behind at the end of a line.
function factor(...content) {
  return element("div", { class: "cvb-factor" }, ...content);
}

function patchCells(scene) {
  return scene.patch.map((line, m) =>
    line.map(({ value, padded }, n) => ({
      text: cellText(value),
      label: `${formatNumber(value)}${padded ? ", padding" : ""}`,
      value,
      className: padded ? "cvb-padding" : "",
      data: { term: `${m},${n}` },
    })),
  );
}

function productCells(scene) {
  return scene.products.map((line, m) =>
    line.map((value, n) => ({
      text: cellText(value),
      label: `${formatNumber(scene.patch[m][n].value)} × ${formatNumber(scene.weights[m][n])} = ${formatNumber(value)}`,
      value,
      data: { term: `${m},${n}` },
    })),
  );
}

function createKernelEditor(send) {
  const root = element("div", { class: "cvb-grid cvb-kernel", role: "group" });
  const note = element("div", { class: "cvb-note" });
  const rule = createRule(ANY_NUMBER);
  /** @type {ReturnType<typeof numberCell>[][]} */
  let fields = [[]];
  let traits;
  let shownWeights = [[]];
  let isFlipped = false;

  function rebuild(weights) {
    restoreFields(root);
    fields = weights.map((line, m) => line.map((_, n) => createField(m, n)));
    root.replaceChildren(...fields.flat().map(({ input }) => input));
    root.style.setProperty("--cvb-columns", String(weights[0].length));
  }

  function createField(m, n) {
    const place = { "data-kernel-row": m, "data-kernel-column": n };
    return numberCell({ ...place, "aria-label": `Kernel row ${m + 1}, column ${n + 1}` }, rule, (value) => put(value, m, n));
  }

  dragNumbers(root, {
    valueOf: ({ dataset }) => shownWeights[dataset.kernelRow][dataset.kernelColumn],
    step: () => (scaleLimit(shownWeights) >= 1 ? 0.1 : 0.01),
    onValue: ({ dataset }, value) => put(value, Number(dataset.kernelRow), Number(dataset.kernelColumn)),
  });

  // The field shows the kernel as applied, so a flipped one is written back flipped.
  function put(value, m, n) {
    const { kernel } = traits;
    const [row, column] = isFlipped ? [kernel.length - 1 - m, kernel[0].length - 1 - n] : [m, n];
    send({ kernel: kernel.with(row, kernel[row].with(column, value)) });
  }

  // Who is asked for a convolution has to flip the kernel first.
  function show(newTraits, scene) {
    const weights = scene.isAsked ? newTraits.kernel : scene.weights;
    traits = newTraits;
    isFlipped = traits.flip && !scene.isAsked;
    shownWeights = weights;
    if (weights.length !== fields.length || weights[0].length !== fields[0].length) rebuild(weights);
    root.setAttribute("aria-label", isFlipped ? "Kernel, flipped" : "Kernel");
    setText(note, noteText(traits.flip, isFlipped));
    const limit = scaleLimit(weights);
    fields.forEach((line, m) => line.forEach((field, n) => paint(field, m, n, limit)));
  }

  function paint({ input, show: showNumber }, m, n, limit) {
    showNumber(shownWeights[m][n]);
    colorCell(input, shownWeights[m][n], limit);
    input.dataset.term = traits.flip && !isFlipped ? "" : `${m},${n}`;
  }
  return { root, note, rule: rule.root, show };
}

function noteText(isConvolution, isFlipped) {
  if (!isConvolution) return "cross-correlation";
  return isFlipped ? "flipped: convolution" : "as given";
}
