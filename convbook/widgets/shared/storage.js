/** What the browser keeps between two visits. */

/**
 * @template T
 * @param {(storage: Storage) => T} use
 * @returns {T | null} null where there is nothing, or nothing can be kept: a private window or a
 *   page opened from disk may refuse it
 */
export function withStorage(use) {
  try {
    return use(globalThis.localStorage) ?? null;
  } catch {
    return null;
  }
}
