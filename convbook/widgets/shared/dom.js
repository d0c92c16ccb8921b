/** The few lines of document handling that every widget shares. */

const FIELDS = ["input", "select", "textarea"];

/**
 * An element with its attributes, listeners (`onclick` and the like) and children.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes] false and null leave an attribute out
 * @param {...(Node | string)} children
 * @returns {any} the element
 * @example element("button", { type: "button", onclick: step }, "Step")
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  // After Back or a reload a browser fills fields in again, but not the drawing that goes with them.
  if (FIELDS.includes(tag)) made.autocomplete = "off";
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/**
 * An element of a drawing.
 *
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 * @returns {any}
 */
export function svgElement(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/**
 * A form control under its visible label.
 *
 * @param {string} label
 * @param {HTMLElement} control
 * @returns {HTMLLabelElement}
 */
export function labelled(label, control) {
  return element("label", { class: "cvb-field" }, element("span", {}, label), control);
}

/**
 * Runs `work` once after any number of calls in the same turn.
 *
 * @param {() => void} work
 * @returns {() => void}
 */
export function coalesced(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      work();
    });
  };
}

/**
 * Scrolls a wide board sideways, never the page, until some of its columns are seen.
 *
 * @param {HTMLElement} board
 * @param {number} first
 * @param {number} last not included
 * @param {number} columns on the whole board
 */
export function showColumns(board, first, last, columns) {
  const pitch = board.scrollWidth / columns;
  if (first * pitch < board.scrollLeft) board.scrollLeft = first * pitch;
  const hidden = last * pitch - (board.scrollLeft + board.clientWidth);
  if (hidden > 0) board.scrollLeft += hidden;
}

/**
 * Puts text into an element only where it differs, so that a live region speaks once.
 *
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent === text) return;
  // A text that stays in place is laid out again by itself.
  if (target.childNodes.length === 1 && target.firstChild instanceof Text) target.firstChild.data = text;
  else target.textContent = text;
}

/**
 * A figure with its heading above it.
 *
 * @param {string} title
 * @param {...Node} content
 */
export function pane(title, ...content) {
  return element("div", { class: "cvb-pane" }, element("div", { class: "cvb-title" }, title), ...content);
}
