/** One output cell worked out: the patch, times the kernel, the products, their sum. */

import { element, pane, setText } from "../shared/dom.js";
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
  const root = element(
    "div",
    { class: "cvb-work" },
    pane("Patch", patch.root),
    factor(operator("×"), pane("Kernel", kernel.root, kernel.rule, kernel.note)),
    factor(operator("="), pane("Products", products.root)),
    factor(sign, pane("Sum", sum)),
  );

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    kernel.show(traits, scene.weights);
    root.classList.toggle("cvb-no-output", scene.problem !== null);
    patch.show(patchCells(scene), scaleLimit(traits.image));
    products.show(productCells(scene), scaleLimit(scene.products));
    setText(sign, equalsSign(scene.sum));
    setText(sum, scene.problem ? "–" : formatNumber(scene.sum));
    sum.dataset.value = scene.problem ? "" : String(scene.sum);
    colorCell(sum, scene.problem ? null : scene.sum, scaleLimit(scene.output));
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

  function rebuild(weights) {
    restoreFields(root);
    fields = weights.map((line, m) => line.map((_, n) => createField(m, n)));
    root.replaceChildren(...fields.flat().map(({ input }) => input));
    root.style.setProperty("--cvb-columns", String(weights[0].length));
  }

  function createField(m, n) {
    const place = { "data-term": `${m},${n}`, "data-kernel-row": m, "data-kernel-column": n };
    return numberCell({ ...place, "aria-label": `Kernel row ${m + 1}, column ${n + 1}` }, rule, (value) => change(m, n, value));
  }

  // The field shows the kernel as applied, so a flipped one is written back flipped.
  function change(m, n, value) {
    const { kernel, flip } = traits;
    const [row, column] = flip ? [kernel.length - 1 - m, kernel[0].length - 1 - n] : [m, n];
    send({ kernel: kernel.with(row, kernel[row].with(column, value)) });
  }

  function show(newTraits, weights) {
    traits = newTraits;
    if (weights.length !== fields.length || weights[0].length !== fields[0].length) rebuild(weights);
    root.setAttribute("aria-label", traits.flip ? "Kernel, flipped" : "Kernel");
    setText(note, traits.flip ? "flipped: convolution" : "cross-correlation");
    const limit = scaleLimit(weights);
    fields.flat().forEach((field, i) => {
      const value = weights.flat()[i];
      field.show(value);
      colorCell(field.input, value, limit);
    });
  }
  return { root, note, rule: rule.root, show };
}
