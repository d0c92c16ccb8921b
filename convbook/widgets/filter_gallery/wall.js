/** The wall: every image of the group, small. One tab stop, arrow keys inside. */

import { element } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { paint, scaleLimit } from "./packing.js";

/** @param {(changes: object) => void} send */
export function createWall(send) {
  const root = element("div", { class: "cvb-gallery-wall", role: "listbox" });
  let thumbnails = [];
  let shown = { group: null, scale: "", image: -1 };
  root.addEventListener("keydown", (event) => {
    const next = indexAfterKey(event.key, shown.image, thumbnails.length, columnsOf(thumbnails));
    if (next === null || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    send({ image: next });
  });

  /** @param {{ groups: import("./packing.js").Group[], group: number, image: number, scale: "group" | "image" }} traits */
  function show({ groups, group, image, scale }) {
    const hadFocus = root.contains(root.getRootNode().activeElement);
    if (groups[group] !== shown.group) rebuild(groups[group]);
    if (groups[group] !== shown.group || scale !== shown.scale) repaint(groups[group], scale);
    thumbnails.forEach((one, i) => mark(one, i === image));
    shown = { group: groups[group], scale, image };
    keepInSight(root, thumbnails[image]);
    if (hadFocus) thumbnails[image].focus({ preventScroll: true });
  }

  function rebuild({ title, images }) {
    thumbnails = images.map((image, i) => createThumbnail(image, () => send({ image: i })));
    root.setAttribute("aria-label", title);
    root.replaceChildren(...thumbnails);
  }

  function repaint(group, scale) {
    thumbnails.forEach((one, i) => paint(one.firstChild, group.images[i], scaleLimit(group, i, scale)));
  }
  return { root, show };
}

/**
 * Where a key leads among images in rows of `columns`, or null if it does not move.
 *
 * @param {string} key
 * @param {number} from
 * @param {number} count
 * @param {number} columns
 * @returns {number | null}
 */
export function indexAfterKey(key, from, count, columns) {
  const below = from + columns < count ? from + columns : from;
  const places = {
    ArrowLeft: from - 1, ArrowRight: from + 1, ArrowUp: from >= columns ? from - columns : from,
    ArrowDown: below, Home: 0, End: count - 1,
  };
  return Object.hasOwn(places, key) ? clamp(places[key], 0, count - 1) : null;
}

function createThumbnail({ label, note }, choose) {
  const name = note ? `${label}, ${note}` : label;
  const thumbnail = element(
    "button", { type: "button", class: "cvb-gallery-thumbnail", role: "option", "aria-label": name, tabindex: -1 },
    element("canvas", { class: "cvb-gallery-canvas" }), element("span", { class: "cvb-gallery-label" }, label),
  );
  thumbnail.addEventListener("click", () => {
    thumbnail.focus();
    choose();
  });
  return thumbnail;
}

function mark(thumbnail, chosen) {
  if (thumbnail.getAttribute("aria-selected") === String(chosen)) return;
  thumbnail.setAttribute("aria-selected", String(chosen));
  thumbnail.tabIndex = chosen ? 0 : -1;
}

// The width of the page decides how many thumbnails stand in a row.
function columnsOf(thumbnails) {
  const second = thumbnails.findIndex((one) => one.offsetTop > thumbnails[0].offsetTop);
  return second === -1 ? thumbnails.length : second;
}

// Scrolls the wall, never the page.
function keepInSight(wall, thumbnail) {
  const [top, bottom] = [thumbnail.offsetTop, thumbnail.offsetTop + thumbnail.offsetHeight];
  if (top < wall.scrollTop) wall.scrollTop = top;
  else if (bottom > wall.scrollTop + wall.clientHeight) wall.scrollTop = bottom - wall.clientHeight;
}
