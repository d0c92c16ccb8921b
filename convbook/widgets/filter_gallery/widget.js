/** FilterGallery: browse learned filters, activations, and images made step by step. */

import { courseWidget } from "../shared/binding.js";
import { choice } from "../shared/controls.js";
import { element, setText } from "../shared/dom.js";
import { clamp } from "../shared/numbers.js";
import { createLarge } from "./large.js";
import { createLegend } from "./legend.js";
import { createSteps } from "./steps.js";
import { createWall } from "./wall.js";
import { imageSentence } from "./words.js";

const TRAITS = ["groups", "group", "image", "scale"];
const SCALES = { group: "of the group", image: "of each image" };
const MANY = { filters: "filters", activations: "maps", frames: "frames" };

export default courseWidget(TRAITS, createGallery, keptInside);

/**
 * Python refuses an image outside its group, so a smaller group brings the choice along.
 *
 * @param {object} changes
 * @param {object} traits
 * @returns {object} what to send
 */
export function keptInside(changes, traits) {
  if (!("group" in changes)) return changes;
  const { groups, group, image } = { ...traits, ...changes };
  return { ...changes, image: clamp(image, 0, groups[group].images.length - 1) };
}

function createGallery(send) {
  const settings = createSettings(send);
  const wall = createWall(send);
  const large = createLarge();
  const steps = createSteps(send);
  const legend = createLegend();
  const title = element("div", { class: "cvb-title" });
  const sentence = element("p", { class: "cvb-gallery-sentence", role: "status", "aria-live": "polite" });
  const chosen = element("div", { class: "cvb-gallery-chosen" }, large.board, steps.root, sentence, large.readout, legend.root);
  const stage = element("div", { class: "cvb-gallery-stage" }, element("div", { class: "cvb-gallery-side" }, title, wall.root), chosen);
  const root = element("section", { class: "cvb cvb-gallery", "aria-label": "Filter gallery" }, settings.root, stage);

  function show(traits) {
    const group = traits.groups[traits.group];
    const count = group.images.length;
    setText(title, `${group.title}: ${count} ${count === 1 ? MANY[group.kind].slice(0, -1) : MANY[group.kind]}`);
    setText(sentence, imageSentence(group, traits.image));
    for (const part of [settings, wall, large, steps, legend]) part.show(traits);
  }
  return { root, show };
}

function createSettings(send) {
  const group = choice("Group", {}, (value) => send({ group: Number(value) }));
  const scale = choice("Colour scale", SCALES, (value) => send({ scale: value }));
  const root = element("div", { class: "cvb-settings", role: "group", "aria-label": "Settings" }, group.root, scale.root);
  let shownTitles = "";

  function show(traits) {
    const titles = traits.groups.map((one) => one.title);
    if (JSON.stringify(titles) !== shownTitles) {
      shownTitles = JSON.stringify(titles);
      group.input.replaceChildren(...titles.map((title, value) => element("option", { value }, title)));
    }
    group.input.value = String(traits.group);
    scale.input.value = traits.scale;
    group.root.hidden = titles.length === 1;
    scale.root.hidden = traits.groups[traits.group].images.every((one) => one.channels === 3);
    root.hidden = group.root.hidden && scale.root.hidden;
  }
  return { root, show };
}
