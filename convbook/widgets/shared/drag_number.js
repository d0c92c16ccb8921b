/** A number field whose value also follows a drag to the left or to the right. */

const PIXELS_A_STEP = 2;
const STARTS_AT = 4; // pixels: less is a click

/**
 * The value that a drag leads to.
 *
 * @param {number} start
 * @param {number} pixels to the right
 * @param {number} step
 * @returns {number}
 * @example draggedValue(1, 20, 0.1) // 2
 */
export function draggedValue(start, pixels, step) {
  const value = start + Math.round(pixels / PIXELS_A_STEP) * step;
  return Number(value.toFixed(6));
}

/**
 * Lets the fields inside `root` be dragged. A swipe up or down stays the page's.
 *
 * @param {HTMLElement} root
 * @param {{ valueOf: (field: HTMLInputElement) => number, step: () => number,
 *   onValue: (field: HTMLInputElement, value: number) => void }} options `step` is asked once a drag
 */
export function dragNumbers(root, { valueOf, step, onValue }) {
  let drag = null;
  root.classList.add("cvb-draggable");
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.target.matches("input")) return;
    drag = { field: event.target, x: event.clientX, start: valueOf(event.target), step: step(), moved: false, frame: 0 };
  });
  root.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const pixels = event.clientX - drag.x;
    if (!drag.moved && Math.abs(pixels) < STARTS_AT) return;
    if (!drag.moved) root.setPointerCapture(event.pointerId);
    drag.moved = true;
    drag.value = draggedValue(drag.start, pixels, drag.step);
    // One change a frame, however often a pointer reports.
    drag.frame ||= requestAnimationFrame(settle);
  });
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, finish);
  // Marking the text of a field would fight with the drag.
  root.addEventListener("mousedown", (event) => event.target.matches("input") && event.preventDefault());
  root.addEventListener("click", (event) => {
    if (!event.target.matches("input")) return;
    event.target.focus();
    event.target.select();
  });

  function settle() {
    if (!drag) return;
    drag.frame = 0;
    onValue(drag.field, drag.value);
  }

  function finish() {
    if (drag?.frame) {
      cancelAnimationFrame(drag.frame);
      settle();
    }
    drag = null;
  }
}
