import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, cssColor, divergingColor, scaleLimit, textColor } from "../../convbook/widgets/shared/palette.js";
import { golden } from "./golden.mjs";

const rgb = { "#000000": [0, 0, 0], "#ffffff": [255, 255, 255] };

test("when a value lies on the scale then its colour lies between the anchors", () => {
  for (const { value, limit, expected } of golden("palette")) {
    assert.deepEqual(divergingColor(value, limit), expected, String(value));
  }
});

test("when any value is coloured then its numeral has a contrast of at least 4.5", () => {
  for (let share = -1; share <= 1; share += 0.005) {
    const color = divergingColor(share, 1);
    assert.ok(contrast(color, rgb[textColor(color)]) >= 4.5, `${share}: ${cssColor(color)}`);
  }
});

test("when values grow then colours grow lighter, so that the sign survives without colour", () => {
  const black = [0, 0, 0];
  const lightness = [-1, -0.5, 0, 0.5, 1].map((share) => contrast(divergingColor(share, 1), black));
  assert.deepEqual(lightness, [...lightness].sort((a, b) => a - b));
});

test("when every number is zero then every cell is mid-grey", () => {
  assert.equal(scaleLimit([[0, 0]]), 0);
  const [red, green, blue] = divergingColor(0, 0);
  assert.ok(red === green && green === blue);
});

test("when black meets white then the contrast is 21", () => {
  assert.equal(Math.round(contrast(rgb["#000000"], rgb["#ffffff"])), 21);
});
