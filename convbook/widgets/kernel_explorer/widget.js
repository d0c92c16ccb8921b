/** KernelExplorer: step a kernel over an image and see each output computed. */

import { askingAnew } from "../predicting/asking.js";
import { createPanel } from "../predicting/panel.js";
import { courseWidget } from "../shared/binding.js";
import { outputShape } from "../shared/convolution.js";
import { element, pane, setText } from "../shared/dom.js";
import { fold } from "../shared/fold.js";
import { clamp, remembered } from "../shared/numbers.js";
import { createSettings, createSteps } from "./controls.js";
import { createImageView } from "./image.js";
import { createOutputView } from "./output.js";
import { createPhotoStage } from "./photo_stage.js";
import { isPhotograph, rowsOf } from "./photograph.js";
import { computeScene, correlateAll, describeScene, MAKERS, questionOf, TRAITS } from "./state.js";
import { createTools } from "./tools.js";
import { createWork } from "./work.js";

const PHOTO_HINT =
  "Point at a place, or go to a picture with Tab and press the arrow keys, with Shift for larger steps. " +
  "Drag a weight to the left or to the right, or type it.";
const HINT = "Drag the frame or press the arrow keys in the output. Double-click or press Enter to edit a number.";

export default courseWidget(
  TRAITS,
  (send, model, restart) => createExplorer(model.get("presets"), send, restart),
  askingAnew(MAKERS, ["row", "column"], (changes, traits) => ({ ...changes, ...keptInside({ ...traits, ...changes }) })),
);

// Python refuses a cell outside the output, so a smaller output brings the cell along.
function keptInside({ image, kernel, row, column, ...options }) {
  try {
    const [rows, columns] = outputShape(rowsOf(image), kernel, options);
    return { row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
  } catch {
    return { row: 0, column: 0 };
  }
}

function createExplorer(presets, send, restart) {
  const settings = createSettings({ presets, send });
  const steps = createSteps(send);
  const tools = createTools({ send, zoom: (factor, state) => zoomStage(stage, factor, state) });
  const image = createImageView({ send, editing: tools.isEditing });
  const output = createOutputView(send);
  const work = createWork(send);
  const panel = createPanel({ name: "kernel-explorer", makers: MAKERS, send });
  const sentence = element("p", { class: "cvb-sentence", role: "status", "aria-live": "polite" });
  const stage = element(
    "div", { class: "cvb-stage" }, pane("Image", image.root), pane("Output", output.board, output.size),
  );
  const photo = createPhotoStage({ send, onHover: hover });
  const hint = element("p", { class: "cvb-note" });
  steps.root.append(panel.toggle);
  const root = element(
    "section",
    { class: "cvb cvb-kernel-explorer", "aria-label": "Kernel explorer" },
    fold("Settings", settings.root), stage, photo.root, steps.root, sentence, panel.root, work.root,
    tools.root, hint,
  );
  const correlate = remembered(correlateAll);
  linkTerms(root);

  let shown;
  let hovered = null;

  // What the mouse points at is worked out for as long as it is there.
  function hover(place) {
    hovered = place;
    show(shown);
  }

  function show(newTraits) {
    shown = newTraits;
    const traits = { ...shown, image: rowsOf(shown.image) };
    const isPhoto = isPhotograph(traits.image);
    const scene = computeScene(isPhoto ? { ...traits, ...hovered } : traits, correlate);
    const boards = isPhoto ? [photo] : [image, output];
    for (const part of [settings, steps, tools, ...boards, work]) part.show(traits, scene);
    [stage.hidden, photo.root.hidden, steps.root.hidden] = [isPhoto, !isPhoto, isPhoto];
    // A photograph has no steps to stand beside.
    const row = isPhoto ? tools.root : steps.root;
    if (restart.parentNode !== row) row.insertBefore(restart, isPhoto ? null : panel.toggle);
    panel.show(traits, questionOf(traits, scene));
    // While a number is asked for, the panel speaks.
    sentence.hidden = scene.isAsked;
    setText(sentence, scene.isAsked ? "" : describeScene(scene));
    setText(hint, isPhoto ? PHOTO_HINT : HINT);
    sentence.classList.toggle("cvb-problem", scene.problem !== null);
    if (!isPhoto) sizeStage(stage, traits, scene);
  }
  return { root, show };
}

function zoomStage(stage, factor, state) {
  const shown = Number(stage.style.getPropertyValue("--cvb-zoom") || 1);
  stage.classList.toggle("cvb-zooming", state === "preview");
  // Not by a variable on the stage: every cell would inherit it.
  for (const grid of stage.querySelectorAll(".cvb-grid")) {
    grid.style.setProperty("scale", state === "preview" ? String(factor / shown) : "none");
  }
  if (state === "settled") stage.style.setProperty("--cvb-zoom", String(factor));
}

// Image and output share one cell size, so the style sheet needs both their widths.
function sizeStage(stage, traits, scene) {
  const imageColumns = traits.image[0].length + 2 * traits.padding;
  stage.style.setProperty("--cvb-image-columns", String(imageColumns));
  stage.style.setProperty("--cvb-output-columns", String(Math.max(scene.output[0]?.length ?? 0, 3)));
}

// Pointing at one factor shows it everywhere: in the image, the patch, the kernel, the products.
function linkTerms(root) {
  const mark = (event) => {
    const entered = event.type === "pointerover" || event.type === "focusin";
    const term = entered ? event.target.closest("[data-term]")?.dataset.term : "";
    for (const cell of root.querySelectorAll("[data-term]")) {
      cell.classList.toggle("cvb-linked", Boolean(term) && cell.dataset.term === term);
    }
  };
  for (const event of ["pointerover", "pointerleave", "focusin", "focusout"]) root.addEventListener(event, mark);
}
