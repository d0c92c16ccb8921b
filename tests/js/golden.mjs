import { readFileSync } from "node:fs";

/** The cases of one golden file. */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`./golden/${name}.json`, import.meta.url), "utf8"));
}

/** A matrix of the given shape, its numbers 0, 1, 2, … in reading order. */
export function counting([rows, columns]) {
  return Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => y * columns + x));
}
