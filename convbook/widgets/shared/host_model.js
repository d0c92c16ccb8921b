/** What the static page's host does without a document: one model per widget, and its state. */

/**
 * @typedef {object} Model the part of anywidget's front-end interface that needs no kernel
 * @property {(name: string) => any} get
 * @property {(name: string | object, value?: any) => void} set
 * @property {(event: string, callback: Function) => void} on
 * @property {(event?: string, callback?: Function) => void} off
 * @property {() => void} save_changes
 * @property {() => void} send
 */

/**
 * A model that lives in the page. Views that share it stay in step.
 *
 * @param {Record<string, any>} initial the widget's traits
 * @returns {Model}
 */
export function createModel(initial) {
  const state = { ...initial };
  /** @type {{ event: string, callback: Function }[]} */
  let listeners = [];
  const emit = (event, ...details) => {
    for (const listener of [...listeners]) if (listener.event === event) listener.callback(...details);
  };
  const model = {
    get: (name) => state[name],
    set(name, value) {
      const changes = typeof name === "string" ? { [name]: value } : name;
      const changed = Object.keys(changes).filter((key) => !sameJson(state[key], changes[key]));
      for (const key of changed) state[key] = changes[key];
      for (const key of changed) emit(`change:${key}`, model, state[key]);
      if (changed.length > 0) emit("change", model);
    },
    on(event, callback) {
      listeners.push(...event.split(" ").map((name) => ({ event: name, callback })));
    },
    off(event, callback) {
      const names = event?.split(" ");
      listeners = listeners.filter(
        (one) => (names && !names.includes(one.event)) || (callback && one.callback !== callback),
      );
    },
    save_changes() {},
    send() {},
  };
  return model;
}

/**
 * The widget states of a page, by model id.
 *
 * @param {string[]} texts the page's `widget-state+json` scripts
 * @returns {Map<string, Record<string, any>>}
 */
export function readStates(texts) {
  const bundles = texts.map((text) => JSON.parse(text).state ?? {});
  return new Map(
    bundles.flatMap((bundle) => Object.entries(bundle).map(([id, { state }]) => [id, state])),
  );
}

/**
 * Remembers what `make` returned for each key, so that it runs once a key.
 *
 * @template T
 * @param {(key: string) => T} make
 * @returns {(key: string) => T}
 */
export function oncePerKey(make) {
  /** @type {Map<string, T>} */
  const made = new Map();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return /** @type {T} */ (made.get(key));
  };
}

function sameJson(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}
