/** Answers each line, a widget's traits as JSON, with a line: what the widget computes and says. */

import { createInterface } from "node:readline";

import * as table from "../../convbook/widgets/architecture_table/state.js";
import * as roll from "../../convbook/widgets/convolution_roll/state.js";
import { describeScene as describeRoll } from "../../convbook/widgets/convolution_roll/words.js";
import * as kernel from "../../convbook/widgets/kernel_explorer/state.js";
import { describeScene as describePool, describeShift } from "../../convbook/widgets/pooling_explorer/sentences.js";
import * as pool from "../../convbook/widgets/pooling_explorer/state.js";
import * as field from "../../convbook/widgets/receptive_field/state.js";
import * as fieldWords from "../../convbook/widgets/receptive_field/words.js";
import { countWords } from "../../convbook/widgets/shape_calculator/legend.js";
import * as shape from "../../convbook/widgets/shape_calculator/state.js";
import { describeScene as describeShape } from "../../convbook/widgets/shape_calculator/words.js";

const ANSWERS = {
  kernel_explorer(traits) {
    const scene = kernel.computeScene(traits);
    return { ...scene, said: kernel.describeScene(scene) };
  },
  convolution_roll(traits) {
    const scene = roll.computeScene(traits);
    return { ...scene, said: describeRoll(scene) };
  },
  shape_calculator(traits) {
    const scene = shape.computeScene(traits);
    const counts = scene.problem ? [] : countWords(traits, scene);
    return { ...scene, counts, said: describeShape(traits, scene) };
  },
  pooling_explorer(traits) {
    const { pooled, ...scene } = pool.computeScene(traits);
    return { ...scene, said: `${describePool(scene)} ${describeShift(traits, scene)}` };
  },
  receptive_field(traits) {
    const scene = field.computeScene(traits);
    const without = traits.compare ? field.sceneWithoutPooling(scene) : null;
    const said = [fieldWords.describeScene(scene, without), fieldWords.describeProblem(scene)];
    return { ...scene, said: said.filter(Boolean).join(" ") };
  },
  architecture_table(traits) {
    const scene = table.computeScene(traits);
    return { ...scene, totals: table.totals(scene.counted), said: table.describeScene(scene) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { widget, traits } = JSON.parse(line);
  console.log(JSON.stringify(ANSWERS[widget](traits)));
}
