/** A photograph beside its response. Pointing at either works out the output cell there. */

import { element, pane, setText } from "../shared/dom.js";
import { padRows } from "../shared/convolution.js";
import { clamp, remembered } from "../shared/numbers.js";
import { paintPhotograph, paintSigned } from "../shared/painting.js";
import { scaleLimit } from "../shared/palette.js";
import { kernelReach } from "../shared/shapes.js";
import { formatNumber } from "../shared/words.js";
import { createCanvas } from "./canvas.js";
import { cellUnder } from "./state.js";

/**
 * @param {object} options
 * @param {(place: { row: number, column: number } | null) => void} options.onHover
 * @param {(changes: object) => void} options.send
 */
export function createPhotoStage({ onHover, send }) {
  const padded = remembered((rows, padding, mode) => padRows(rows, padding, mode));
  const limit = remembered(scaleLimit);
  const photo = createCanvas({ paint: paintPhotograph, onHover, onPick: send });
  const response = createCanvas({ paint: (canvas, rows) => paintSigned(canvas, rows, limit(rows)), onHover, onPick: send });
  const legend = element("div", { class: "cvb-note" });
  const output = pane("Output", response.root, legend);
  const root = element("div", { class: "cvb-photo-stage" }, pane("Image", photo.root), output);

  /**
   * @param {import("./state.js").Traits} traits whose image are the photograph's rows
   * @param {import("./state.js").Scene} scene
   */
  function show(traits, scene) {
    const { image, padding, mode, stride, dilation, kernel } = traits;
    const { row, column, problem } = scene;
    output.hidden = problem !== null;
    const chosen = { row, column, rows: scene.output.length, columns: scene.output[0]?.length ?? 0 };
    const [high, wide] = [kernel.length, kernel[0].length].map((size) => kernelReach(size, dilation));
    photo.show({
      rows: padded(image, problem ? 0 : padding, mode),
      box: { row: stride * row, column: stride * column, rows: high, columns: wide },
      label: `Image, ${image.length} × ${image[0].length} pixels`,
      cellAt: (y, x) => (problem ? { row, column } : cellUnder(traits, scene, y, x)),
      output: chosen,
    });
    root.style.setProperty("--cvb-image-columns", String(image[0].length + 2 * padding));
    root.style.setProperty("--cvb-output-columns", String(Math.max(chosen.columns, 1)));
    if (problem) return;
    response.show({
      rows: scene.output,
      box: { row, column, rows: 1, columns: 1 },
      label: `Output, ${chosen.rows} × ${chosen.columns} numbers: chosen are row ${row + 1}, column ${column + 1}`,
      cellAt: (y, x) => insideOf(chosen, y, x),
      output: chosen,
    });
    setText(legend, legendText(limit(scene.output)));
  }
  return { root, show };
}

function insideOf({ rows, columns }, row, column) {
  return { row: clamp(Math.round(row), 0, rows - 1), column: clamp(Math.round(column), 0, columns - 1) };
}

function legendText(limit) {
  return `Blue is ${formatNumber(-limit)}, grey is 0, orange is ${formatNumber(limit)}.`;
}
