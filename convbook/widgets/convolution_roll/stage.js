/** The stage: x stands still, w rolls over it, the products and the output stand below. */

import { element, setText, showColumns } from "../shared/dom.js";
import { createGrid } from "../shared/grid.js";
import { cellText, equalsSign, fieldText, formatNumber } from "../shared/words.js";
import { createBars } from "./bars.js";
import { copiesOf, MOST_DIGITS, productCells, productValues, weightCells } from "./cells.js";
import { createCopies } from "./copies.js";
import { createEditor } from "./editor.js";
import { createOutput } from "./output.js";
import { limitOf } from "./state.js";
import { describeSize, longest } from "./words.js";
import LIMITS from "./limits.json" with { type: "json" };

/**
 * @param {(changes: object) => void} send
 */
export function createStage(send) {
  const x = createSignal(send);
  const [weights, products, output] = [createLane("w over x"), createLane("Products"), createOutput(send)];
  const [weightsTitle, productsTitle, outputTitle] = [title(), title(), title()];
  const frame = element("div", { class: "cvb-roll-frame" });
  const over = element(
    "div",
    { class: "cvb-roll-over" },
    x.bars, x.fields, weightsTitle, weights.root, productsTitle, products.root, frame,
  );
  const inner = element("div", { class: "cvb-roll-inner" }, x.title, over, outputTitle, output.root);
  const board = element("div", { class: "cvb-roll-board" }, inner);
  let follow = () => {};
  // A board has a width only once it is on the page.
  new ResizeObserver(() => follow()).observe(board);

  /**
   * @param {import("./state.js").Traits} traits
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    const { scales, laid, left } = scene;
    x.show(traits, scene);
    weights.show(weightCells(laid, traits.flip), laid, scales.w);
    products.root.hidden = productsTitle.hidden = scene.isAsked;
    if (scene.isAsked) products.show([], [], scales.products);
    else products.show(productCells(scene), productValues(scene), scales.products);
    output.show(traits, scene);
    setText(weightsTitle, traits.flip ? "w rolls, flipped" : "w rolls as it is");
    setText(productsTitle, scene.isAsked ? "" : `Products, their sum ${equalsSign(scene.sum)} ${formatNumber(scene.sum)}`);
    setText(outputTitle, `Output, ${describeSize(traits, scene.output.length)}`);
    size(inner, traits, scene);
    // Not on what holds them: a changed property would style every cell again.
    for (const part of [weights.root, products.root, frame]) part.style.setProperty("--cvb-roll-column", String(scene.first - left));
    follow = () => showColumns(board, scene.first - left, scene.first - left + laid.length, scene.columns);
    follow();
  }
  return { root: board, show };
}

function createSignal(send) {
  const editor = createEditor({ name: "x", most: LIMITS.x.most, onValues: (x) => send({ x }) });
  const [bars, before, after] = [createBars(), createCopies(), createCopies()];
  const fields = element("div", { class: "cvb-roll-x" }, before.root, editor.root, after.root);

  function show(traits, { scales, left, columns }) {
    const beforeX = copiesOf(traits, left, 0);
    const afterX = copiesOf(traits, traits.x.length, left + columns);
    before.show(beforeX);
    after.show(afterX);
    editor.show(traits.x, limitOf(scales.x));
    bars.show([...beforeX, ...traits.x, ...afterX], scales.x);
  }
  return { title: title("x stands still", editor.size, editor.rule), bars: bars.root, fields, show };
}

function createLane(label) {
  const bars = createBars();
  const grid = createGrid({ label });
  const root = element("div", { class: "cvb-roll-lane" }, bars.root, grid.root);
  const show = (cells, values, scale) => {
    bars.show(values, scale);
    grid.show([cells], limitOf(scale));
  };
  return { root, show };
}

function title(...content) {
  return element("div", { class: "cvb-roll-title" }, ...content);
}

// The style sheet needs to know how many cells stand in a row, and how wide each must be.
function size(inner, traits, scene) {
  const ends = Object.values(scene.scales).flatMap(({ low, high }) => [low, high]);
  const texts = [...[...traits.x, ...traits.w].map(fieldText), ...[...scene.output, ...ends].map((value) => cellText(value, MOST_DIGITS))];
  const sizes = {
    columns: scene.columns,
    reach: scene.laid.length,
    output: scene.outputColumn - scene.left,
    digits: longest(texts),
  };
  for (const [name, value] of Object.entries(sizes)) inner.style.setProperty(`--cvb-roll-${name}`, String(value));
}
